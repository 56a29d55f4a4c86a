// The background side of an import: the file waits in the database, the progress stands in its `imports` record.
import type { Knex } from 'knex';
import type { Jobs, RunningJob } from '../jobs/queue.ts';
import type { Registry } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { Problem, problem } from '../problem.ts';
import { entityFor } from '../repository/access.ts';
import { type Context, systemContext } from '../repository/context.ts';
import { newerRegistry } from '../repository/outdated.ts';
import type { Repository } from '../repository/repository.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { openRows } from './formats/open-rows.ts';
import { importFile } from './import-file.ts';
import {
  type ActorServices,
  asEngine,
  first,
  type ImportRecord,
  importRecord,
  importsEntity,
  progressOf,
} from './import-record.ts';
import { keepJournal } from './journal.ts';
import { heldFile, holdFile, readFile, type StoredFile } from './stored-files.ts';
import { undoImport } from './undo.ts';

export const importQueue = 'imports';

export interface ImportJob {
  readonly importId: string;
  /** Whose rights it has. */
  readonly actorId: string;
  readonly act: 'import' | 'undo';
}

export interface ImportServices extends ActorServices {
  readonly repository: Repository;
  readonly knex: Knex;
  readonly jobs: Jobs;
  /** Loads the newest publication of the metadata; true: a newer registry is served now. */
  readonly refresh?: () => Promise<boolean>;
  readonly onError: (message: string, error: unknown) => void;
}

/** Records and queues an import in the caller's transaction. @returns id of the `imports` record */
export async function queueImport(
  services: Pick<ImportServices, 'repository' | 'jobs'>,
  context: TransactionContext,
  given: {
    readonly entity: string;
    readonly mapping: ImportMappingMetadata;
    readonly file: Pick<StoredFile, 'id' | 'name' | 'rows'>;
  },
): Promise<string> {
  const { entity, mapping, file } = given;
  const { id } = await services.repository.create(asEngine(context), importsEntity, {
    file_name: file.name,
    entity,
    status: 'queued',
    mapping,
    rows_total: file.rows,
    owner_id: context.actor.roles.length > 0 ? context.actor.id : null,
  });
  await holdFile(context, file.id, id);
  await sendJob(services.jobs, context, { importId: id, actorId: context.actor.id, act: 'import' });
  return id;
}

export const sendJob = (jobs: Jobs, { transaction }: TransactionContext, job: ImportJob): Promise<void> =>
  jobs.send(importQueue, job, { transaction });

/** The queue has to be there before a job can be sent. A worker that is killed costs a try, so there are many. */
export const prepareImports = (jobs: Jobs): Promise<void> =>
  jobs.queue(importQueue, { retryLimit: 20, expireInSeconds: 6 * 3_600 });

/** Starts taking import jobs. A job whose process died goes on after the last chunk that was committed. */
export async function startImports(services: ImportServices): Promise<void> {
  await prepareImports(services.jobs);
  await services.jobs.work<ImportJob>(importQueue, (job) => runJob(services, job));
}

async function runJob(services: ImportServices, job: RunningJob<ImportJob>): Promise<void> {
  const { repository, registry, onError } = services;
  const { importId, act } = job.data;
  const engine = (): Context => systemContext(registry.current());
  const record = await importRecord(repository, engine(), importId).catch(unlessDeleted);
  const due = act === 'undo' ? ['undoing'] : ['queued', 'running'];
  if (record === undefined || !due.includes(record.status)) return;
  try {
    await (act === 'undo' ? runUndo(services, job, record) : runImport(services, job, record));
  } catch (error) {
    // Somebody has written the record meanwhile: it is cancelled or deleted, or another worker has it.
    if (error instanceof Problem && error.code === 'stale_version') return;
    // A fault may pass, so the queue tries again; a refusal of the file or the rights will not.
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    onError(`import ${importId} failed`, error);
    const reasons = error.errors.map((issue) => issue.detail).join(' ');
    const message = [error.detail ?? error.title, reasons].filter(Boolean).join(' ').slice(0, 2_000);
    const failed = { status: 'failed', error: message, finished_at: new Date().toISOString() };
    await repository.update(engine(), importsEntity, importId, failed).catch(unlessDeleted);
  }
}

/** Whoever deletes the record of an import stops it. */
function unlessDeleted(error: unknown): undefined {
  if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
}

/** Writes the record of a job under way, each time over the version that it has written before. */
function recordWriter({ repository }: ImportServices, record: ImportRecord) {
  let { version } = record;
  return async (context: Context, values: object): Promise<(() => void) | undefined> => {
    const written = await repository.update(asEngine(context), importsEntity, record.id, { ...values }, { ifVersion: version });
    // Inside of a transaction it counts once that has committed: a chunk may be run again.
    const commit = (): void => {
      version = written.version;
    };
    if (context.transaction !== undefined) return commit;
    commit();
    return undefined;
  };
}

async function runImport(services: ImportServices, job: RunningJob<ImportJob>, record: ImportRecord): Promise<void> {
  const { repository, registry, knex } = services;
  const { app } = registry.current();
  const file = await heldFile(knex, app, record.id);
  if (file === undefined) throw problem('validation_failed', { detail: 'The file is not there any more.' });
  const engine = (): Context => systemContext(registry.current());
  const write = recordWriter(services, record);
  const { totals: from, mapping } = record;
  const context = await actingContext(services, registry.current(), job.data.actorId);
  await write(engine(), { status: 'running', ...(from.read === 0 ? { started_at: new Date().toISOString() } : {}) });
  const rows = await openRows({ ...file, delimiter: mapping.format?.delimiter ?? file.delimiter }, readFile(knex, app, file.id));
  let { rejects, warnings } = record;
  let committed: (() => void) | undefined;
  const totals = await importFile({
    repository,
    context,
    entity: record.entity,
    mapping,
    file: rows,
    from,
    signal: job.signal,
    renew: async (used, error) => {
      const newer = await newerThan(services, used, error);
      return newer && actingContext(services, newer, job.data.actorId);
    },
    checkpoint: async (inner, next, chunk) => {
      await keepJournal(inner, record.id, entityFor(inner, record.entity), chunk);
      committed = await write(inner, progressOf({ rejects, warnings }, next, chunk));
    },
    onProgress: (_totals, chunk) => {
      committed?.();
      rejects = first(rejects, chunk.rejects);
      warnings = first(warnings, chunk.warnings);
    },
  });
  const clean = totals.rejected === 0 && totals.fieldsRejected === 0;
  await write(engine(), { status: clean ? 'completed' : 'completed_with_rejects', finished_at: new Date().toISOString() });
}

async function runUndo(services: ImportServices, job: RunningJob<ImportJob>, record: ImportRecord): Promise<void> {
  const { repository, registry } = services;
  const write = recordWriter(services, record);
  const context = await actingContext(services, registry.current(), job.data.actorId);
  let committed: (() => void) | undefined;
  await undoImport({
    repository,
    context,
    record,
    signal: job.signal,
    checkpoint: async (inner, { removed, reverted, kept, reasons }) => {
      committed = await write(inner, { records_removed: removed, records_reverted: reverted, records_kept: kept, kept: reasons });
    },
    onProgress: () => committed?.(),
  });
  await write(systemContext(registry.current()), { status: 'undone', undone_at: new Date().toISOString() });
}

/** The user who asked for it, with today's rights. */
async function actingContext({ actorById }: ImportServices, registry: Registry, actorId: string): Promise<Context> {
  const actor = await actorById(registry, actorId);
  if (actor === undefined) throw problem('forbidden', { detail: 'The user who started the import no longer has access.' });
  return { ...systemContext(registry), actor, source: 'import', language: actor.language };
}

/** The registry that is served now when it is another one; after a failure, the one that may succeed where it failed. */
async function newerThan(services: ImportServices, used: Registry, error: unknown): Promise<Registry | undefined> {
  const { registry, refresh } = services;
  if (error !== undefined) return newerRegistry({ current: registry.current, ...(refresh && { refresh }) }, used, error);
  return registry.current() === used ? undefined : registry.current();
}
