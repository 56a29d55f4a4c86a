// Opens a version for a request, under the lock, and carries it through while the caller waits or does not.
import { problem } from '../problem.ts';
import { tellFailure } from './attempts.ts';
import { hashesOf, storeDocuments } from './documents.ts';
import { continueVersion } from './execute.ts';
import { type InForce, readInForce } from './in-force.ts';
import { finishInterrupted } from './interrupted.ts';
import { openVersion, type Prepared } from './journal.ts';
import { type HeldLock, holdMigrationLock } from './lock.ts';
import { makePartitions } from './partitions.ts';
import { changeUnderWay, planFrom, refuseBlocked, refuseStale, type VersionPlan } from './plan-version.ts';
import type { AppliedVersion, Applying, VersionRequest } from './request.ts';
import { madeBefore } from './request-key.ts';
import type { VersionServices } from './services.ts';
import { inTransaction, type Session } from './session.ts';

/**
 * Opens the version that leads to the wanted registry and begins to carry it through.
 * @returns as soon as the version stands in the journal; `done` tells how it ended
 * @throws conflict with Retry-After while another change is applied; conflict with `current` when the base version is
 * stale; conflict with `blockers` when the data speak against it
 */
export async function applyVersion(services: VersionServices, request: VersionRequest): Promise<Applying> {
  const known = await madeBefore(services, request.requestKey);
  if (known !== undefined) return known;
  const held = await holdMigrationLock(services.knex, services.app);
  if (held === undefined) throw changeUnderWay();
  const run = { session: held.session, services };
  try {
    const made = await madeBefore(services, request.requestKey);
    if (made !== undefined) {
      await held.release();
      return made;
    }
    await finishInterrupted(run);
    const inForce = await readInForce(held.session, services.app);
    refuseStale(inForce, request.baseVersion);
    if (inForce.model === null) throw problem('conflict', { detail: 'There are no tables yet; migrate first.' });
    const plan = await planFrom(held.session, inForce, request);
    refuseBlocked(plan.blockers);
    if (nothingToDo(inForce, request, plan)) {
      await held.release();
      const { number } = inForce;
      return { number, done: Promise.resolve({ number, registryVersion: request.wanted.version }) };
    }
    services.check?.(request.wanted);
    const number = await open(held.session, services, request, inForce, plan);
    const done = carried(services, held, number, request);
    done.catch(tellFailure(services, 'A version was not applied', { version: number }));
    return { number, done };
  } catch (error) {
    await held.release();
    throw error;
  }
}

/** Neither the tables nor what is stored of the metadata would be other than they are. */
export function nothingToDo({ version }: InForce, { wanted }: Pick<VersionRequest, 'wanted'>, { steps }: VersionPlan): boolean {
  if (steps.length > 0 || version === undefined) return false;
  const { filesHash, customHash } = hashesOf(wanted.documents);
  return version.filesHash === filesHash && version.customHash === customHash;
}

/** Writes documents, version and steps; from now on whoever holds the lock carries it on. */
export async function open(
  session: Session,
  { app }: VersionServices,
  request: VersionRequest,
  { version }: InForce,
  plan: VersionPlan,
): Promise<number> {
  const { wanted, kind, author, reason, changes, requestKey } = request;
  return inTransaction(session, async () => {
    const hashes = await storeDocuments(session, app, wanted.documents);
    return openVersion(session, app, {
      ...hashes,
      kind,
      author,
      reason,
      registryVersion: wanted.version,
      model: plan.model,
      steps: plan.steps,
      prepared: version?.filesHash == null ? null : preparedFor(plan, request),
      ...(changes === undefined ? {} : { changes }),
      ...(requestKey === undefined ? {} : { requestKey }),
    });
  });
}

/** A purely additive version has nothing that the old metadata would have to understand. */
function preparedFor({ steps, physical }: VersionPlan, { names }: VersionRequest): Prepared | null {
  const moves = steps.some((step) => step.phase === 'prepare' || step.phase === 'swap');
  if (!moves) return null;
  const { entityNames = {}, memberNames = {} } = names ?? {};
  return { side: 'from', transition: { physical, entityNames, memberNames } };
}

async function carried(
  services: VersionServices,
  held: HeldLock,
  number: number,
  { wanted }: Pick<VersionRequest, 'wanted'>,
): Promise<AppliedVersion> {
  try {
    await continueVersion({ session: held.session, services }, number, wanted);
    await makePartitions(held.session, services.app, wanted);
    return { number, registryVersion: wanted.version };
  } finally {
    await held.release();
  }
}
