// The background side of an import: the file waits in the queue, the progress stands in its `imports` record.
import type { Jobs, RunningJob } from '../jobs/queue.ts';
import type { Registry, RegistryHolder } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import { Problem, problem } from '../problem.ts';
import type { Actor } from '../repository/actor.ts';
import { type Context, systemContext } from '../repository/context.ts';
import { newerRegistry } from '../repository/outdated.ts';
import type { Repository } from '../repository/repository.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { sliced } from './csv-rows.ts';
import { type ImportTotals, importFile, noRows } from './import-file.ts';
import type { Reject } from './rejects.ts';

export const importQueue = 'imports';
/** The record that a client follows; an entity of the platform. */
export const importsEntity = 'imports';

/** With a record come at most this many rejects; the counts are complete. */
const keptRejects = 1_000;

interface ImportJob {
  readonly importId: string;
  readonly actorId: string;
  readonly entity: string;
  readonly mapping: ImportMappingMetadata;
  readonly csv: string;
}

export interface ImportServices {
  readonly repository: Repository;
  readonly jobs: Jobs;
  readonly registry: RegistryHolder;
  /** Loads the newest publication of the metadata; true: a newer registry is served now. */
  readonly refresh?: () => Promise<boolean>;
  /** The user of an id with today's rights; undefined when there is none (any more). */
  readonly actorById: (registry: Registry, id: string) => Promise<Actor | undefined>;
  readonly onError: (message: string, error: unknown) => void;
}

/** Records and queues an import in the caller's transaction. @returns id of the `imports` record */
export async function queueImport(
  services: Pick<ImportServices, 'repository' | 'jobs'>,
  context: TransactionContext,
  given: Pick<ImportJob, 'entity' | 'mapping' | 'csv'> & { readonly fileName: string },
): Promise<string> {
  const { fileName, ...file } = given;
  const { id } = await services.repository.create(asEngine(context), importsEntity, {
    file_name: fileName,
    entity: file.entity,
    status: 'queued',
    mapping: file.mapping,
    owner_id: context.actor.roles.length > 0 ? context.actor.id : null,
  });
  const job: ImportJob = { importId: id, actorId: context.actor.id, ...file };
  await services.jobs.send(importQueue, job, { transaction: context.transaction });
  return id;
}

/** Imports are no one's to write but the engine's. */
const asEngine = <C extends Context>(context: C): C => ({ ...context, ...engineRights(context.registry) });
function engineRights(registry: Registry): Pick<Context, 'actor' | 'source'> {
  const { actor, source } = systemContext(registry);
  return { actor, source };
}

/** The queue has to be there before a job can be sent; its jobs hold whole files, which are not kept for long. */
export const prepareImports = (jobs: Jobs): Promise<void> =>
  jobs.queue(importQueue, { deleteAfterSeconds: 3_600, expireInSeconds: 6 * 3_600 });

/** Starts taking import jobs. A job whose process died goes on after the last chunk that was committed. */
export async function startImports(services: ImportServices): Promise<void> {
  await prepareImports(services.jobs);
  await services.jobs.work<ImportJob>(importQueue, (job) => runImport(services, job));
}

async function runImport(services: ImportServices, job: RunningJob<ImportJob>): Promise<void> {
  const { repository, registry } = services;
  const { importId, actorId, entity, mapping, csv } = job.data;
  const engine = (): Context => systemContext(registry.current());
  const { totals: from, rejects: kept, finished } = await progressOf(repository, engine(), importId);
  if (finished) return;
  const set = (context: Context, values: object) => repository.update(asEngine(context), importsEntity, importId, { ...values });
  try {
    const context = await importerContext(services, registry.current(), actorId);
    await set(engine(), { status: 'running', ...(from.read === 0 ? { started_at: new Date().toISOString() } : {}) });
    let rejects = kept;
    const totals = await importFile({
      repository,
      context,
      entity,
      mapping,
      source: sliced(csv),
      from,
      signal: job.signal,
      renew: async (used, error) => {
        const newer = await newerThan(services, used, error);
        return newer && importerContext(services, newer, actorId);
      },
      checkpoint: async (inner, next, found) => {
        await set(inner, {
          ...countsOf(next),
          ...(found.length > 0 ? { rejects: [...rejects, ...found].slice(0, keptRejects) } : {}),
        });
      },
      onRejects: (found) => {
        rejects = [...rejects, ...found].slice(0, keptRejects);
      },
    });
    const clean = totals.rejected === 0 && totals.fieldsRejected === 0;
    await set(engine(), { status: clean ? 'completed' : 'completed_with_rejects', finished_at: new Date().toISOString() });
  } catch (error) {
    // A fault may pass, so the queue tries again; a refusal of the file or the rights will not.
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    services.onError(`import ${importId} failed`, error);
    const reasons = error.errors.map((issue) => issue.detail).join(' ');
    const message = [error.detail ?? error.title, reasons].filter(Boolean).join(' ').slice(0, 2_000);
    await set(engine(), { status: 'failed', error: message, finished_at: new Date().toISOString() });
  }
}

/** The user who started the import, with today's rights. */
async function importerContext({ actorById }: ImportServices, registry: Registry, actorId: string): Promise<Context> {
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

const countsOf = (totals: ImportTotals) => ({
  rows_read: totals.read,
  rows_accepted: totals.accepted,
  rows_rejected: totals.rejected,
  rows_created: totals.created,
  rows_updated: totals.updated,
  rows_unchanged: totals.unchanged,
  fields_rejected: totals.fieldsRejected,
});

/** Where an earlier attempt of this job stood. */
async function progressOf(repository: Repository, context: Context, id: string) {
  const record = JSON.parse(await repository.read(context, importsEntity, id)) as Readonly<Record<string, unknown>>;
  const count = (name: string): number => Number(record[name] ?? 0);
  const totals: ImportTotals = {
    ...noRows,
    read: count('rows_read'),
    accepted: count('rows_accepted'),
    rejected: count('rows_rejected'),
    created: count('rows_created'),
    updated: count('rows_updated'),
    unchanged: count('rows_unchanged'),
    fieldsRejected: count('fields_rejected'),
  };
  const finished = !['queued', 'running'].includes(String(record['status']));
  return { totals, rejects: (record['rejects'] ?? []) as readonly Reject[], finished };
}
