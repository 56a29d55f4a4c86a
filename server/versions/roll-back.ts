// Goes back to an earlier version by versions that take others back, or to nothing at all.
import type { Knex } from 'knex';
import { buildRegistry } from '../metadata/build.ts';
import type { Registry } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { qualified } from '../tables/ddl.ts';
import { systemTable } from '../tables/names.ts';
import { tellFailure } from './attempts.ts';
import { goOn, openRevert, stillToRevert, type Way } from './chain.ts';
import { readDocuments } from './documents.ts';
import { continueVersion, type Run, undoVersion } from './execute.ts';
import { type InForce, readInForce, withDocuments } from './in-force.ts';
import { finishInterrupted } from './interrupted.ts';
import { type HeldLock, holdMigrationLock, type LockOptions, withMigrationLock } from './lock.ts';
import { changeUnderWay, refuseStale } from './plan-version.ts';
import type { AppliedVersion, Applying, RollbackRequest } from './request.ts';
import { madeBefore } from './request-key.ts';
import { servicesOf, type VersionServices } from './services.ts';
import { inTransaction } from './session.ts';
import { appliedMigrations } from './system-migrations.ts';

/**
 * Leads back to the metadata of an earlier version, data included: what was set aside returns, what was added and holds
 * values is set aside. Each version on the way is taken back by a version of its own, which can itself be taken back.
 * @throws not_found for a version that is not in the journal; else as `applyVersion`
 */
export async function rollbackVersion(services: VersionServices, request: RollbackRequest): Promise<Applying> {
  const known = await madeBefore(services, request.requestKey);
  if (known !== undefined) return known;
  const held = await holdMigrationLock(services.knex, services.app);
  if (held === undefined) throw changeUnderWay();
  const run = { session: held.session, services };
  const { to: goal, author, reason, requestKey } = request;
  try {
    await finishInterrupted(run);
    const inForce = await readInForce(held.session, services.app);
    refuseStale(inForce, request.baseVersion);
    refuseUnknown(inForce, goal);
    const [first] = stillToRevert(inForce.versions, goal);
    await refuseUnservable(run, inForce, goal);
    if (first === undefined) {
      await held.release();
      return { number: inForce.number, done: Promise.resolve(appliedOf(inForce)) };
    }
    const way = { goal, author, reason };
    const number = await openRevert(run, first, { ...way, ...(requestKey === undefined ? {} : { requestKey }) });
    const done = carried(run, held, number, way);
    done.catch(tellFailure(services, 'Going back failed', { version: number }));
    return { number, done };
  } catch (error) {
    await held.release();
    throw error;
  }
}

async function carried(run: Run, held: HeldLock, number: number, way: Way): Promise<AppliedVersion> {
  try {
    await continueVersion(run, number);
    await goOn(run, way);
    return appliedOf(await readInForce(run.session, run.services.app));
  } finally {
    await held.release();
  }
}

const appliedOf = ({ number, version }: InForce): AppliedVersion => ({
  number,
  registryVersion: version?.registryVersion ?? '',
});

function refuseUnknown({ versions }: InForce, to: number): void {
  if (versions.some((version) => version.number === to)) return;
  throw problem('not_found', { detail: `There is no version ${to} to go back to.` });
}

/** @throws conflict where this process could not serve what would be in force then */
async function refuseUnservable({ session, services }: Run, { versions }: InForce, to: number): Promise<void> {
  const stored = withDocuments(versions.find((version) => version.number === to));
  if (stored === undefined || services.check === undefined) return;
  try {
    const documents = await readDocuments(session, services.app, stored);
    services.check(await buildRegistry(documents, { fieldTypes: services.fieldTypes, checked: true }));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw problem('conflict', { detail: `The metadata of version ${to} cannot be served any more. ${why}`, cause });
  }
}

export interface RolledBack {
  /** Version now in force; 0: no tables. */
  readonly version: number;
  /** The version whose metadata and tables these are. */
  readonly to: number;
  /** Numbers of the versions taken back, newest first. */
  readonly undone: readonly number[];
}

/**
 * The same for people at the terminal: waits for the lock and until all is done.
 * @param options.to the one before the newest when not given; 0: no entity tables at all, with all records gone
 * @throws not_found for a version that is not in the journal; conflict for one behind a purge
 */
export async function rollback(
  db: Knex,
  registry: Pick<Registry, 'app' | 'fieldTypes'>,
  options: LockOptions & { readonly to?: number; readonly author?: string; readonly reason?: string } = {},
): Promise<RolledBack> {
  const services = servicesOf(db, registry);
  const { app } = registry;
  return withMigrationLock(db, app, options, async (session) => {
    if ((await appliedMigrations(session, app)).length === 0) return { version: 0, to: 0, undone: [] };
    const run = { session, services };
    const halves = await undoInterrupted(run);
    if (options.to === 0) return removeTables(run);
    const inForce = await readInForce(session, app);
    const to = options.to ?? (halves.length > 0 ? inForce.number : oneBack(inForce));
    refuseUnknown(inForce, to);
    const undone = stillToRevert(inForce.versions, to).map((version) => version.number);
    await goOn(run, { goal: to, author: options.author ?? null, reason: options.reason ?? `back to version ${to}` });
    const { number } = await readInForce(session, app);
    return { version: number, to, undone: [...halves, ...undone] };
  });
}

/** Whoever wants to go back does not want what was interrupted on the way forth. */
async function undoInterrupted(run: Run): Promise<readonly number[]> {
  const { versions } = await readInForce(run.session, run.services.app);
  const open = versions.filter((version) => version.status !== 'applied').reverse();
  for (const version of open) await undoVersion(run, version.number);
  return open.map((version) => version.number);
}

function oneBack({ versions }: InForce): number {
  const [last] = stillToRevert(versions, 0);
  const before = versions.findLast((version) => last !== undefined && version.number < last.number);
  if (before !== undefined) return before.number;
  throw problem('conflict', { detail: 'There is no earlier version; only "--to 0" goes further and drops all tables.' });
}

async function removeTables({ session, services }: Run): Promise<RolledBack> {
  const { app } = services;
  const { model, versions } = await readInForce(session, app);
  const tables = (model?.tables ?? []).map((table) => qualified(app.schema, table.name));
  await inTransaction(session, async () => {
    if (tables.length > 0) await session.query(`DROP TABLE ${tables.join(', ')}`);
    await session.query(`DELETE FROM ${systemTable(app, 'meta_publications')}`);
    await session.query(
      `UPDATE ${systemTable(app, 'meta_versions')} SET status = 'undone', undone_at = clock_timestamp() WHERE status <> 'undone'`,
    );
  });
  return { version: 0, to: 0, undone: versions.map((version) => version.number).reverse() };
}
