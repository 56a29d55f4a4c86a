// Brings the database to what the files ask for, as a version, and tells what that would take.
import type { Knex } from 'knex';
import { buildRegistry } from '../metadata/build.ts';
import type { DataChange } from '../metadata/data-change.ts';
import { dataChangesBetween } from '../metadata/data-changes-between.ts';
import type { Transition } from '../metadata/document.ts';
import type { Registry } from '../metadata/registry.ts';
import { renamedBetween } from '../metadata/renamed.ts';
import { additiveTarget } from '../tables/additive.ts';
import { planSchema } from '../tables/plan.ts';
import { schemaModel } from '../tables/schema-model.ts';
import type { Step, StepKind } from '../tables/schema-types.ts';
import { nothingToDo, open } from './apply-version.ts';
import { hashesOf, readDocuments } from './documents.ts';
import { findDrift } from './drift.ts';
import { applyFirst, continueVersion, type Run } from './execute.ts';
import { customDocuments, type InForce, readInForce, withDocuments } from './in-force.ts';
import { finishInterrupted } from './interrupted.ts';
import { readAllVersions, type Version } from './journal.ts';
import { type LockOptions, withMigrationLock } from './lock.ts';
import { makePartitions } from './partitions.ts';
import { planFrom, refuseBlocked } from './plan-version.ts';
import type { Plan, VersionRequest } from './request.ts';
import { servicesOf, type VersionServices } from './services.ts';
import { type Session, setSearchPath, withSession } from './session.ts';
import { appliedMigrations, applySystemMigrations } from './system-migrations.ts';

export interface MigrateOptions extends LockOptions {
  /** Only what disturbs nobody who still runs the older metadata; the rest is counted in `pending`. */
  readonly additiveOnly?: boolean;
  /** true: files that were in force before and are no longer change nothing; `olderThan` then tells. */
  readonly unlessOlder?: boolean;
  readonly author?: string;
  readonly reason?: string;
}

export interface Migrated {
  /** Version now in force; unchanged when there was nothing to do. */
  readonly version: number;
  readonly applied: readonly Step[];
  /** Steps that only `migrate` without `additiveOnly` applies. */
  readonly pending: readonly Step[];
  /** The version in force that is newer than the files, when they were left alone for it. */
  readonly olderThan?: number;
}

/** While one of these waits, the tables have other names or types than the metadata, which nobody could serve. */
const unservable: ReadonlySet<StepKind> = new Set([
  'renameTable',
  'renameColumn',
  'restoreTable',
  'restoreColumn',
  'changeType',
  'swapColumns',
]);

/** Of the steps that wait, those without which the metadata cannot be served. */
export const inTheWay = (pending: readonly Step[]): readonly Step[] => pending.filter((step) => unservable.has(step.kind));

/**
 * Applies the system migrations, finishes what a killed process left, then applies the plan as one version.
 * @throws conflict with the blockers when the data speak against a step; unavailable when another process keeps the lock;
 * MetadataError when what was made at run time does not fit over the files
 */
export async function migrate(db: Knex, registry: Registry, options: MigrateOptions = {}): Promise<Migrated> {
  return migrateWith(servicesOf(db, registry), registry, options);
}

/** The same, telling in the log and watching the signal of `services`. */
export async function migrateWith(services: VersionServices, files: Registry, options: MigrateOptions = {}): Promise<Migrated> {
  const { app } = files;
  return withMigrationLock(services.knex, app, options, async (session) => {
    await applySystemMigrations(session, app);
    await setSearchPath(session, app);
    const run = { session, services };
    await finishInterrupted(run);
    const inForce = await readInForce(session, app);
    if (options.unlessOlder === true && (await isOlder(session, files, inForce))) {
      await makePartitions(session, app, files);
      return { version: inForce.number, applied: [], pending: [], olderThan: inForce.number };
    }
    const { wanted, data, names } = await leadingTo(session, files, inForce);
    const { author = null, reason = null, additiveOnly = false } = options;
    // What waits for `migrate` is not published, and changes no values.
    const values = additiveOnly ? {} : { data };
    return carryOut(run, inForce, { wanted, kind: 'files', author, reason, additiveOnly, names, ...values });
  });
}

async function carryOut(run: Run, inForce: InForce, request: VersionRequest): Promise<Migrated> {
  const { session, services } = run;
  const plan = await planFrom(session, inForce, request);
  const { steps, pending, model } = plan;
  refuseBlocked(plan.blockers);
  let version = inForce.number;
  // To publish metadata that the tables cannot follow would take those down who serve what is in force.
  if (inTheWay(pending).length > 0) return { version, applied: [], pending };
  if (inForce.model === null) {
    const { wanted, author, reason } = request;
    version = await applyFirst(run, { ...{ kind: 'files', author, reason, model, steps, prepared: null }, wanted });
  } else if (!nothingToDo(inForce, request, plan)) {
    version = await open(session, services, request, inForce, plan);
    await continueVersion(run, version, request.wanted);
  }
  await makePartitions(session, services.app, request.wanted);
  return { version, applied: steps, pending };
}

/** Files that were in force before, or were tried and taken back, never step a newer version back. */
async function isOlder(session: Session, files: Registry, { model, version }: InForce): Promise<boolean> {
  const { filesHash } = hashesOf(files.documents);
  if (model === null || version?.filesHash === filesHash || files.documents.length === 0) return false;
  return (await readAllVersions(session, files.app)).some((candidate) => candidate.filesHash === filesHash);
}

/** The files with what was made at run time laid over them. */
async function overFiles(session: Session, files: Registry, inForce: InForce): Promise<Registry> {
  const custom = await customDocuments(session, files.app, inForce);
  return custom.length === 0
    ? files
    : buildRegistry([...files.documents, ...custom], { fieldTypes: files.fieldTypes, number: inForce.number });
}

interface Leading {
  readonly wanted: Registry;
  /** What is in force; undefined before the first version, or where this program can no longer read it. */
  readonly live: Registry | undefined;
  readonly data: readonly DataChange[];
  readonly names: Pick<Transition, 'entityNames' | 'memberNames'>;
}

/** Files tell of no operations: what they rename and no longer offer shows beside what is in force. */
async function leadingTo(session: Session, files: Registry, inForce: InForce): Promise<Leading> {
  const wanted = await overFiles(session, files, inForce);
  const live = await liveRegistry(session, files, inForce);
  if (live === undefined) return { wanted, live, data: [], names: { entityNames: {}, memberNames: {} } };
  const { entityNames, memberNames } = renamedBetween(live, wanted);
  return { wanted, live, data: dataChangesBetween(live, wanted), names: { entityNames, memberNames } };
}

async function liveRegistry(session: Session, files: Registry, { version, number }: InForce): Promise<Registry | undefined> {
  const stored = withDocuments(version);
  if (stored === undefined) return undefined;
  const documents = await readDocuments(session, files.app, stored);
  if (documents.length === 0) return undefined;
  // A plugin that is gone took its field types along: then the tables alone tell what changes.
  return buildRegistry(documents, { fieldTypes: files.fieldTypes, number, checked: true }).catch(() => undefined);
}

/** A plan for files, and between which two states of the metadata it leads. */
export interface FilesPlan extends Plan, Pick<Leading, 'wanted' | 'live'> {}

/** The steps from what is applied to the registry, with rows and blockers queried now. Changes nothing. */
export async function plan(db: Knex, registry: Registry): Promise<FilesPlan> {
  return withSession(db, async (session) => {
    const inForce = await readInForce(session, registry.app);
    const { wanted, live, data } = await leadingTo(session, registry, inForce);
    const { steps, blockers } = await planFrom(session, inForce, { wanted, data });
    return { baseVersion: inForce.number, steps, blockers, wanted, live };
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
    const inForce = await readInForce(session, app);
    const { model, versions, version } = inForce;
    const wanted = schemaModel(await overFiles(session, registry, inForce));
    const target = model === null ? wanted : additiveTarget(model, wanted);
    return {
      installed,
      current: version,
      interrupted: versions.find((candidate) => candidate.status !== 'applied'),
      versions,
      pending: planSchema(model, wanted).steps.length,
      additive: planSchema(model, target).steps.length,
      drift: model === null ? [] : await findDrift(session, model),
    };
  });
}
