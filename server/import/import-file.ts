// Imports one file: rows in small transactions, each row by itself, so that a bad one costs only itself.
import type { Entity, Registry } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { requireOperation, seenBy, seenEntity } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { type CsvRow, readCsv } from './csv-rows.ts';
import { compileMapping } from './mapping.ts';
import { referenceFinder } from './references.ts';
import type { Reject } from './rejects.ts';
import { rowInput } from './row-input.ts';
import { type RowServices, writeRows } from './write-rows.ts';

/** accepted + rejected = read, and created + updated + unchanged = accepted. */
export interface ImportTotals {
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Values left out of rows that were kept. */
  readonly fieldsRejected: number;
}

export const noRows: ImportTotals = {
  read: 0,
  accepted: 0,
  rejected: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  fieldsRejected: 0,
};

export interface ImportOptions {
  readonly repository: Repository;
  /** Who imports, with which registry; `source` should be `import`. */
  readonly context: Context;
  /** Plural name. */
  readonly entity: string;
  readonly mapping: ImportMappingMetadata;
  /** UTF-8 CSV with a header. */
  readonly source: AsyncIterable<Buffer | string>;
  /** After each chunk is committed. */
  readonly onProgress?: (totals: ImportTotals) => void;
  /** After each chunk is committed, when it has any. */
  readonly onRejects?: (rejects: readonly Reject[]) => Promise<void> | void;
  /** Inside each chunk's transaction: what is written here is as durable as the rows. */
  readonly checkpoint?: (context: TransactionContext, totals: ImportTotals, rejects: readonly Reject[]) => Promise<void>;
  /** Go on where an earlier run's last checkpoint stood. */
  readonly from?: ImportTotals;
  /** Stops before the next chunk. */
  readonly signal?: AbortSignal;
  /**
   * The importer's context with a newer registry than the one used; undefined: there is none, or (with an error) the
   * failure has nothing to do with it. Asked before each chunk, and after one that failed.
   */
  readonly renew?: (used: Registry, error?: unknown) => Promise<Context | undefined>;
}

/**
 * Rows of one transaction. Each row is a savepoint, and PostgreSQL keeps up to 64 of them in shared memory before every
 * other session's snapshots become slower (PGPROC_MAX_CACHED_SUBXIDS).
 */
const chunkRows = 50;

/**
 * Importing the same file again changes nothing: rows are matched on `upsertOn`.
 * @throws problem `validation_failed` for a mapping or a file that cannot be read; what was committed before stays
 * @throws problem `forbidden`, `method_not_allowed` when the actor or the entity does not import
 */
export async function importFile(options: ImportOptions): Promise<ImportTotals> {
  allowedEntity(options, options.context);
  const file = await readCsv(options.source, options.mapping.format?.delimiter);
  let session = sessionOf(options, options.context, file.header);
  const renewed = async (error?: unknown): Promise<boolean> => {
    const context = await options.renew?.(session.context.registry, error);
    if (context !== undefined) session = sessionOf(options, context, file.header);
    return context !== undefined;
  };
  let totals = options.from ?? noRows;
  for await (const rows of chunks(file.rows, totals.read)) {
    options.signal?.throwIfAborted();
    await renewed();
    const { next, rejects } = await writeChunk(options, session, totals, rows).catch(async (error: unknown) => {
      if (!(await renewed(error))) throw error;
      return writeChunk(options, session, totals, rows);
    });
    totals = next;
    if (rejects.length > 0) await options.onRejects?.(rejects);
    options.onProgress?.(totals);
  }
  return totals;
}

/** What a chunk is written with: one registry, and everything made of it. */
interface Session {
  readonly context: Context;
  readonly services: RowServices;
}

function allowedEntity(options: ImportOptions, context: Context): Entity {
  const entity = seenEntity(context, options.entity);
  requireOperation(context, entity, 'import');
  return entity;
}

function sessionOf(options: ImportOptions, context: Context, header: readonly string[]): Session {
  const { repository } = options;
  const mapping = compileMapping(seenBy(context), allowedEntity(options, context), options.mapping, header);
  return { context, services: { repository, mapping, finder: referenceFinder(repository) } };
}

/** The transaction may be run again after a conflict, so it adds up its own numbers from the same start. */
async function writeChunk(options: ImportOptions, session: Session, before: ImportTotals, rows: readonly CsvRow[]) {
  const { context, services } = session;
  const inputs = rows.map((row) => rowInput(services.mapping, row));
  await services.finder.load(
    context,
    inputs.flatMap((input) => input.references),
  );
  return options.repository.transaction(context, async (inner) => {
    const { counts, rejects } = await writeRows(inner, services, inputs);
    const next = added(before, counts);
    await options.checkpoint?.(inner, next, rejects);
    return { next, rejects };
  });
}

const added = (left: ImportTotals, right: ImportTotals): ImportTotals => ({
  read: left.read + right.read,
  accepted: left.accepted + right.accepted,
  rejected: left.rejected + right.rejected,
  created: left.created + right.created,
  updated: left.updated + right.updated,
  unchanged: left.unchanged + right.unchanged,
  fieldsRejected: left.fieldsRejected + right.fieldsRejected,
});

async function* chunks(rows: AsyncIterable<CsvRow>, skip: number): AsyncGenerator<readonly CsvRow[], void> {
  let chunk: CsvRow[] = [];
  let left = skip;
  for await (const row of rows) {
    if (left > 0) {
      left -= 1;
      continue;
    }
    chunk.push(row);
    if (chunk.length < chunkRows) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** The mapping of an id (`imp_people`) or of the id without its prefix, as its file is called (`people`). */
export const mappingNamed = (registry: Registry, given: string): ImportMappingMetadata | undefined =>
  registry.importMappings.get(given) ?? registry.importMappings.get(`imp_${given}`);
