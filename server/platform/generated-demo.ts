// Loads the demo records that a plugin makes up: thousands at once, in bounded memory, as if they had been made in the past.
import { Problem } from '../problem.ts';
import type { Context } from '../repository/context.ts';
import type { PastRecord } from '../repository/insert-many.ts';
import type { Repository } from '../repository/repository.ts';

export interface GeneratedRecord extends PastRecord {
  /** Plural name. */
  readonly entity: string;
}

/** Records that refer to each other, in any order; to those of other bundles only when they came before. */
export type Bundle = readonly GeneratedRecord[];

export interface LoadOptions {
  /** After each transaction: how many records there are by now. */
  readonly onProgress?: (count: number) => void;
  /** Stops before the next transaction; a later call with the same bundles goes on. */
  readonly signal?: AbortSignal;
}

const perTransaction = 2000;

/**
 * Writes the bundles, some thousand records a transaction. Records that are there already stay as they are.
 * @returns how many are new
 * @throws Error that names the entity whose records do not pass the rules, and why; what was written before stays
 */
export async function loadBundles(
  repository: Repository,
  context: Context,
  bundles: Iterable<Bundle>,
  { onProgress, signal }: LoadOptions = {},
): Promise<number> {
  let waiting: GeneratedRecord[] = [];
  let created = 0;
  let seen = 0;
  const flush = async (): Promise<void> => {
    const records = waiting;
    waiting = [];
    created += await write(repository, context, records);
    seen += records.length;
    onProgress?.(seen);
  };
  for (const bundle of bundles) {
    if (signal?.aborted === true) return created;
    waiting.push(...bundle);
    if (waiting.length >= perTransaction) await flush();
  }
  if (waiting.length > 0 && signal?.aborted !== true) await flush();
  return created;
}

/** What an application has no entity for is left out. */
function write(repository: Repository, context: Context, records: readonly GeneratedRecord[]): Promise<number> {
  const names = [...new Set(records.map(({ entity }) => entity))].filter((name) => context.registry.entities.has(name));
  return repository.transaction(context, async (inner) => {
    let created = 0;
    for (const name of names) {
      try {
        created += await repository.insertMany(
          inner,
          name,
          records.filter(({ entity }) => entity === name),
        );
      } catch (error) {
        throw new Error(`The generated ${name} do not pass: ${sentence(error)}`, { cause: error });
      }
    }
    return created;
  });
}

function sentence(error: unknown): string {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  const issues = error.errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
  return issues.length > 0 ? issues.join('; ') : (error.detail ?? error.title);
}
