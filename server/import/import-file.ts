// Imports one file: rows in small transactions, each row by itself, so that a bad one costs only itself.
import type { Entity, Registry } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { requireOperation, seenBy, seenEntity } from '../repository/access.ts';
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import type { FileRow, RowFile } from './formats/row-file.ts';
import { added, type ImportTotals, noRows } from './import-totals.ts';
import { compileMapping } from './mapping.ts';
import { referenceFinder } from './references.ts';
import { type RowInput, rowInput } from './row-input.ts';
import { type RowServices, type WrittenRows, writeRows } from './write-rows.ts';

export interface ImportOptions {
  readonly repository: Repository;
  /** Who imports, with which registry; `source` should be `import`. */
  readonly context: Context;
  /** Plural name. */
  readonly entity: string;
  readonly mapping: ImportMappingMetadata;
  readonly file: RowFile;
  /** After each chunk is committed. */
  readonly onProgress?: (totals: ImportTotals, chunk: WrittenChunk) => Promise<void> | void;
  /** Inside each chunk's transaction: what is written here is as durable as the rows. */
  readonly checkpoint?: (context: TransactionContext, totals: ImportTotals, chunk: WrittenChunk) => Promise<void>;
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

export interface WrittenChunk extends WrittenRows {
  readonly rows: readonly RowInput[];
}

/**
 * Rows of one transaction. Each row is a savepoint, and PostgreSQL keeps up to 64 of them in shared memory before every
 * other session's snapshots become slower (PGPROC_MAX_CACHED_SUBXIDS).
 */
const chunkRows = 50;

/**
 * Importing the same file again changes nothing where rows are matched on a field.
 * @throws problem `validation_failed` for a mapping or a file that cannot be read; what was committed before stays
 * @throws problem `forbidden`, `method_not_allowed` when the actor or the entity does not import
 */
export async function importFile(options: ImportOptions): Promise<ImportTotals> {
  allowedEntity(options, options.context);
  const { file } = options;
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
    const { next, chunk } = await writeChunk(options, session, totals, rows).catch(async (error: unknown) => {
      if (!(await renewed(error))) throw error;
      return writeChunk(options, session, totals, rows);
    });
    totals = next;
    await options.onProgress?.(totals, chunk);
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
async function writeChunk(options: ImportOptions, session: Session, before: ImportTotals, rows: readonly FileRow[]) {
  const { context, services } = session;
  const inputs = rows.map((row) => rowInput(services.mapping, row));
  const references = inputs.flatMap((input) => input.references);
  let attempts = 0;
  return options.repository.transaction(context, async (inner) => {
    if (attempts++ > 0) services.finder.forget();
    await services.finder.load(inner, references);
    const chunk = { rows: inputs, ...(await writeRows(inner, services, inputs)) };
    const next = added(before, chunk.counts);
    await options.checkpoint?.(inner, next, chunk);
    return { next, chunk };
  });
}

async function* chunks(rows: AsyncIterable<FileRow>, skip: number): AsyncGenerator<readonly FileRow[], void> {
  let chunk: FileRow[] = [];
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
