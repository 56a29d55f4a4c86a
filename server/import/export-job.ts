// The background side of an export: the file grows in the database, the progress stands in its `exports` record.
import type { Knex } from 'knex';
import type { Jobs, RunningJob } from '../jobs/queue.ts';
import { Problem, problem } from '../problem.ts';
import { parseListQuery } from '../query/parse.ts';
import { requireOperation, seenBy, seenEntity } from '../repository/access.ts';
import { type Context, systemContext } from '../repository/context.ts';
import { newerRegistry } from '../repository/outdated.ts';
import type { Repository } from '../repository/repository.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { type Asked, exportFile } from './export-file.ts';
import type { FileFormat } from './formats/row-file.ts';
import { type ActorServices, asEngine } from './import-record.ts';
import { addPart, dropHeldFiles, holdFile, insertFile, resizeFile } from './stored-files.ts';

export const exportQueue = 'exports';
/** An entity of the platform. */
export const exportsEntity = 'exports';

export interface ExportServices extends ActorServices {
  readonly repository: Repository;
  readonly knex: Knex;
  readonly jobs: Jobs;
  /** Loads the newest publication of the metadata; true: a newer registry is served now. */
  readonly refresh?: () => Promise<boolean>;
  readonly onError: (message: string, error: unknown) => void;
}

interface ExportJob {
  readonly exportId: string;
  /** Whose rights it has. */
  readonly actorId: string;
}

interface ExportRecord {
  readonly version: number;
  readonly status: string;
  readonly entity: string;
  readonly format: FileFormat;
  readonly query: string | null;
  readonly file_name: string;
}

/** Records and queues an export in the caller's transaction. @returns id of the `exports` record */
export async function queueExport(
  { repository, jobs }: Pick<ExportServices, 'repository' | 'jobs'>,
  context: TransactionContext,
  given: { readonly entity: string; readonly format: FileFormat; readonly query: string },
): Promise<string> {
  const { id } = await repository.create(asEngine(context), exportsEntity, {
    ...given,
    file_name: `${given.entity}.${given.format}`,
    status: 'queued',
    owner_id: context.actor.roles.length > 0 ? context.actor.id : null,
  });
  const job: ExportJob = { exportId: id, actorId: context.actor.id };
  await jobs.send(exportQueue, job, { transaction: context.transaction });
  return id;
}

export const prepareExports = (jobs: Jobs): Promise<void> =>
  jobs.queue(exportQueue, { retryLimit: 5, expireInSeconds: 6 * 3_600 });

/** Starts taking export jobs. One whose process died begins again: of its half file nothing stays. */
export async function startExports(services: ExportServices): Promise<void> {
  await prepareExports(services.jobs);
  await services.jobs.work<ExportJob>(exportQueue, (job) => runExport(services, job));
}

async function runExport(services: ExportServices, job: RunningJob<ExportJob>): Promise<void> {
  const { repository, registry, onError } = services;
  const { exportId } = job.data;
  const engine = (): Context => systemContext(registry.current());
  const record = await recordOf(repository, engine(), exportId).catch(unlessDeleted);
  if (record === undefined || !['queued', 'running'].includes(record.status)) return;
  try {
    await writeFile(services, job, record);
  } catch (error) {
    // Somebody has written the record meanwhile: it is cancelled or deleted, or another worker has it.
    if (error instanceof Problem && error.code === 'stale_version') return;
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    onError(`export ${exportId} failed`, error);
    const failed = { status: 'failed', error: (error.detail ?? error.title).slice(0, 2_000), finished_at: now() };
    await repository.update(engine(), exportsEntity, exportId, failed).catch(unlessDeleted);
  }
}

const now = (): string => new Date().toISOString();

const recordOf = async (repository: Repository, context: Context, id: string): Promise<ExportRecord> =>
  JSON.parse(await repository.read(context, exportsEntity, id)) as ExportRecord;

/** Whoever deletes the record of an export stops it. */
function unlessDeleted(error: unknown): undefined {
  if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
}

async function writeFile(services: ExportServices, { data, signal }: RunningJob<ExportJob>, record: ExportRecord): Promise<void> {
  const { repository, registry } = services;
  let { version } = record;
  let asked = await askedBy(services, data, record);
  const inOne = async (
    values: object,
    work: (inner: TransactionContext) => Promise<void> = async () => undefined,
  ): Promise<void> => {
    const written = await repository.transaction(systemContext(registry.current()), async (inner) => {
      await work(inner);
      return repository.update(inner, exportsEntity, data.exportId, { ...values }, { ifVersion: version });
    });
    version = written.version;
  };
  let file = '';
  await inOne(
    { status: 'running', started_at: now(), rows_written: 0, rows_total: await countOf(repository, asked) },
    async (inner) => {
      await dropHeldFiles(inner, data.exportId);
      file = await insertFile(
        { ...inner, actor: asked.context.actor },
        { name: record.file_name, format: record.format, header: [], rows: 0, size: 0, digest: null },
      );
      await holdFile(inner, file, data.exportId);
    },
  );
  let rows = 0;
  let size = 0;
  let parts = 0;
  const chunks = exportFile(repository, asked, record.format, {
    again: async (error) => {
      const source = { current: registry.current, ...(services.refresh && { refresh: services.refresh }) };
      if ((await newerRegistry(source, asked.context.registry, error)) === undefined) return undefined;
      asked = await askedBy(services, data, record);
      return asked;
    },
    onPage: (count) => {
      rows = count;
    },
  });
  for await (const bytes of portions(chunks)) {
    signal.throwIfAborted();
    size += bytes.length;
    await inOne({ rows_written: rows, size_bytes: String(size) }, (inner) => addPart(inner, file, parts++, bytes));
  }
  await inOne({ status: 'completed', rows_written: rows, size_bytes: String(size), finished_at: now() }, (inner) =>
    resizeFile(inner, file, size, rows),
  );
}

/** The question, with the rights that the user has today. */
async function askedBy({ registry, actorById }: ExportServices, { actorId }: ExportJob, record: ExportRecord): Promise<Asked> {
  const served = registry.current();
  const actor = await actorById(served, actorId);
  if (actor === undefined) throw problem('forbidden', { detail: 'The user who started the export no longer has access.' });
  const context: Context = { ...systemContext(served, 'api'), actor, language: actor.language };
  const entity = seenEntity(context, record.entity);
  requireOperation(context, entity, 'export');
  const query = parseListQuery(seenBy(context), entity, new URLSearchParams(record.query ?? ''));
  return { context, entity, query: { ...query, right: 'export' as const } };
}

/** How many records there are, so that the progress has an end. */
async function countOf(repository: Repository, { context, query }: Asked): Promise<number> {
  const { offset: _offset, before: _before, after: _after, ...plain } = query;
  const selection = { fields: ['id'], include: [] };
  const { page } = await repository.list(context, { ...plain, selection, limit: 1, count: 'exact' });
  return page.total ?? 0;
}

const portionBytes = 256 * 1024;

/** Of a size that is worth a row of a table. */
async function* portions(chunks: AsyncIterable<string | Buffer>): AsyncGenerator<Buffer, void> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    waiting.push(bytes);
    size += bytes.length;
    if (size < portionBytes) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting);
}
