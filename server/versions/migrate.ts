// Brings the database to what the registry asks for, tells what that would take, and goes back.
import type { Knex } from 'knex';
import type { Registry } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { additiveTarget } from '../tables/additive.ts';
import { appliedModel, planChanges } from '../tables/plan.ts';
import { schemaModel } from '../tables/schema-model.ts';
import type { Naming, SchemaModel, Step } from '../tables/schema-types.ts';
import { applyVersion, continueVersion, undoVersion } from './apply.ts';
import { type Blocker, findBlockers, rowCounts } from './blockers.ts';
import { findDrift } from './drift.ts';
import { readModel, readVersions, type Version } from './journal.ts';
import { type LockOptions, withMigrationLock } from './lock.ts';
import { makePartitions } from './partitions.ts';
import { refusePurged } from './purge-retired.ts';
import { type Session, setSearchPath, withSession } from './session.ts';
import { appliedMigrations, applySystemMigrations } from './system-migrations.ts';

export interface Plan {
  /** Version that the plan starts from; 0: nothing applied yet. */
  readonly baseVersion: number;
  readonly steps: readonly (Step & { readonly rows: number })[];
  readonly blockers: readonly Blocker[];
}

export interface MigrateOptions extends LockOptions {
  /** Only what disturbs nobody who still runs the older metadata; the rest is counted in `pending`. */
  readonly additiveOnly?: boolean;
  readonly author?: string;
  readonly reason?: string;
}

export interface Migrated {
  /** Version now in force; unchanged when there was nothing to do. */
  readonly version: number;
  readonly applied: readonly Step[];
  /** Steps that only `migrate` without `additiveOnly` applies. */
  readonly pending: readonly Step[];
}

export interface RolledBack {
  readonly version: number;
  /** Numbers of the versions taken back, newest first. */
  readonly undone: readonly number[];
}

interface Applied {
  readonly version: number;
  readonly model: SchemaModel | null;
}

/** What is in force: the newest version that is complete. */
async function applied(session: Session, app: Naming): Promise<Applied> {
  if ((await appliedMigrations(session, app)).length === 0) return { version: 0, model: null };
  const current = (await readVersions(session, app)).findLast((version) => version.status === 'applied');
  return current === undefined
    ? { version: 0, model: null }
    : { version: current.number, model: await readModel(session, app, current.number) };
}

/** The steps from what is applied to the registry, with rows and blockers queried now. Changes nothing. */
export async function plan(db: Knex, registry: Registry): Promise<Plan> {
  return withSession(db, async (session) => {
    const { version, model } = await applied(session, registry.app);
    const steps = planChanges(model, schemaModel(registry));
    const counts = await rowCounts(session, model, new Set(steps.map((step) => step.entity)));
    const blockers = await findBlockers(session, steps);
    return { baseVersion: version, steps: steps.map((step) => ({ ...step, rows: counts.get(step.entity) ?? 0 })), blockers };
  });
}

/**
 * Applies the system migrations, finishes what a killed process left, then applies the plan as one version.
 * @throws conflict with the blockers when the data speak against a step; unavailable when another process keeps the lock
 */
export async function migrate(db: Knex, registry: Registry, options: MigrateOptions = {}): Promise<Migrated> {
  const { app } = registry;
  return withMigrationLock(db, app, options, async (session) => {
    await applySystemMigrations(session, app);
    await setSearchPath(session, app);
    await finishInterrupted(session, app);
    const { version, model } = await applied(session, app);
    const wanted = schemaModel(registry);
    const target = options.additiveOnly === true && model !== null ? additiveTarget(model, wanted) : wanted;
    const steps = planChanges(model, target);
    const result = appliedModel(model, target);
    const number = steps.length === 0 ? version : await applySteps(session, registry, { version, model }, steps, result, options);
    await makePartitions(session, app, registry);
    return { version: number, applied: steps, pending: planChanges(result, wanted) };
  });
}

async function applySteps(
  session: Session,
  registry: Registry,
  from: Applied,
  steps: readonly Step[],
  model: SchemaModel,
  options: MigrateOptions,
): Promise<number> {
  const blockers = await findBlockers(session, steps);
  if (blockers.length > 0) {
    throw problem('conflict', { detail: 'The data do not allow these changes.', errors: blockers, extra: { blockers } });
  }
  const { author = null, reason = null } = options;
  const version = { registryVersion: registry.version, model, steps, author, reason };
  const number = await applyVersion(session, registry.app, version, from.model === null);
  await session.query('SELECT pg_notify($1, $2)', [`${registry.app.prefix}meta`, String(number)]);
  return number;
}

/** A version that a killed process left half way goes on to where it was going. */
async function finishInterrupted(session: Session, app: Naming): Promise<void> {
  for (const version of [...(await readVersions(session, app))].reverse()) {
    if (version.status === 'undoing') await undoVersion(session, app, version.number);
    if (version.status === 'applying') await continueVersion(session, app, version.number);
  }
}

/**
 * Takes versions back by their recorded inverses, newest first.
 * @param options.to the version to go back to; the one before the current when not given; 0: no entity tables at all
 * @throws not_found for a version that is not in force; conflict for one behind a purge
 */
export async function rollback(db: Knex, app: Naming, options: LockOptions & { readonly to?: number } = {}): Promise<RolledBack> {
  return withMigrationLock(db, app, options, async (session) => {
    if ((await appliedMigrations(session, app)).length === 0) return { version: 0, undone: [] };
    const versions = await readVersions(session, app);
    const numbers = [0, ...versions.map((version) => version.number)];
    const to = options.to ?? numbers.at(-2) ?? 0;
    if (!numbers.includes(to)) throw problem('not_found', { detail: `Version ${to} is not in force.` });
    const undone = versions.filter((version) => version.number > to).reverse();
    await refusePurged(
      session,
      app,
      undone.map((version) => version.number),
    );
    for (const version of undone) await undoVersion(session, app, version.number);
    if (undone.length > 0) await session.query('SELECT pg_notify($1, $2)', [`${app.prefix}meta`, String(to)]);
    return { version: to, undone: undone.map((version) => version.number) };
  });
}

export interface Status {
  /** false: not even the system tables are there. */
  readonly installed: boolean;
  /** The version in force; undefined before the first. */
  readonly current: Version | undefined;
  /** A version that a killed process left half way; the next `migrate` finishes it. */
  readonly interrupted: Version | undefined;
  readonly versions: readonly Version[];
  /** Steps between what is applied and the registry. */
  readonly pending: number;
  /** How many of them `start` applies by itself. */
  readonly additive: number;
  /** Where the tables are not what the version in force left, one sentence each. */
  readonly drift: readonly string[];
}

/** Where the database stands against the registry. Changes nothing and waits for nobody. */
export async function status(db: Knex, registry: Registry): Promise<Status> {
  return withSession(db, async (session) => {
    const { app } = registry;
    const installed = (await appliedMigrations(session, app)).length > 0;
    const versions = installed ? await readVersions(session, app) : [];
    const { version, model } = await applied(session, app);
    const wanted = schemaModel(registry);
    const target = model === null ? wanted : additiveTarget(model, wanted);
    return {
      installed,
      current: versions.find((candidate) => candidate.number === version),
      interrupted: versions.find((candidate) => candidate.status !== 'applied'),
      versions,
      pending: planChanges(model, wanted).length,
      additive: planChanges(model, target).length,
      drift: model === null ? [] : await findDrift(session, model),
    };
  });
}
