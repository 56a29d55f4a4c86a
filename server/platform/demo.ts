// Loads the demo records of an application: metadata/demo/*.json, through the repository like anybody else's records.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { Problem } from '../problem.ts';
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { run } from '../repository/statement.ts';

interface DemoFile {
  readonly name: string;
  /** Plural name. */
  readonly entity: string;
  /** Each with an external_id; `{ "ref": "<external_id>" }` stands for the id of a record of this or an earlier file. */
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

export interface DemoResult {
  readonly created: number;
  /** There already, also when somebody has deleted them since: demo records do not come back. */
  readonly skipped: number;
  /** Every record of the files that is there, by external id: its id and what the file says. */
  readonly base: ReadonlyMap<string, BaseRecord>;
}

export interface BaseRecord {
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Creates the records that are not there yet, files in the order of their names, one transaction a file. Processes that do
 * this at once wait for each other.
 * @param context the system, with source `demo`
 * @param signal stops before the next file
 * @returns zeros when the application has no demo folder
 * @throws Error that names the file and the record that cannot be loaded; earlier files stay
 */
export async function loadDemo(
  repository: Repository,
  context: Context,
  metadataDir: string,
  signal?: AbortSignal,
): Promise<DemoResult> {
  const ids = new Map<string, string>();
  const base = new Map<string, BaseRecord>();
  let created = 0;
  let skipped = 0;
  for (const file of await demoFiles(join(metadataDir, 'demo'))) {
    if (signal?.aborted === true) break;
    const { present, made } = await repository.transaction(context, async (inner) => {
      await run(inner.transaction, {
        text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
        values: [`demo records ${context.registry.app.schema}`],
      });
      const there = await presentRecords(repository, inner, file);
      const missing = file.records.filter((record) => !there.has(String(record['external_id'])));
      return { present: there, made: await createRecords(repository, inner, file, missing, new Map([...ids, ...there])) };
    });
    for (const [externalId, id] of [...present, ...made]) ids.set(externalId, id);
    for (const values of file.records) {
      const externalId = String(values['external_id']);
      const id = ids.get(externalId);
      if (id !== undefined) base.set(externalId, { id, values });
    }
    created += made.size;
    skipped += present.size;
  }
  return { created, skipped, base };
}

async function demoFiles(folder: string): Promise<readonly DemoFile[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (name) => ({ ...(JSON.parse(await readFile(join(folder, name), 'utf8')) as Omit<DemoFile, 'name'>), name })),
  );
}

async function presentRecords(repository: Repository, context: Context, file: DemoFile): Promise<ReadonlyMap<string, string>> {
  if (context.registry.entities.get(file.entity)?.fields.has('external_id') !== true) {
    throw new Error(`The demo file ${file.name} is for ${file.entity}, which has no external_id (features.import)`);
  }
  const page = await repository.list(context, {
    entity: file.entity,
    selection: { fields: ['id', 'external_id'], include: [] },
    filter: { fact: 'external_id', operator: 'in', value: file.records.map((record) => String(record['external_id'])) },
    sort: [],
    // One deleted and one living record may have the same external id.
    limit: Math.max(1, file.records.length * 2),
    count: 'none',
    deleted: 'with',
  });
  return new Map(
    page.rows.map((row) => {
      const { id, external_id } = JSON.parse(row) as { id: string; external_id: string };
      return [external_id, id];
    }),
  );
}

async function createRecords(
  repository: Repository,
  context: Context,
  file: DemoFile,
  records: DemoFile['records'],
  known: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  for (const record of records) {
    const externalId = String(record['external_id']);
    try {
      const input = withIds(record, (reference) => made.get(reference) ?? known.get(reference));
      made.set(externalId, (await repository.create(context, file.entity, input)).id);
    } catch (error) {
      throw new Error(`The demo file ${file.name} cannot be loaded: ${externalId}: ${sentence(error)}`, { cause: error });
    }
  }
  return made;
}

function withIds(
  record: Readonly<Record<string, unknown>>,
  idOf: (reference: string) => string | undefined,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      if (typeof value !== 'object' || value === null || !('ref' in value)) return [name, value];
      const id = idOf(String(value.ref));
      if (id === undefined) throw new Error(`${name} refers to "${String(value.ref)}", which no earlier record has`);
      return [name, id];
    }),
  );
}

function sentence(error: unknown): string {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  const issues = error.errors.map((issue) => `${issue.pointer} ${issue.detail}`);
  return issues.length > 0 ? issues.join('; ') : (error.detail ?? error.title);
}
