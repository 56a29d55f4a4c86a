// Carries a version through its phases, and back when one fails: whoever holds the lock can go on from any point.
import type { Transition } from '../metadata/document.ts';
import type { Registry } from '../metadata/registry.ts';
import { untilAcknowledged, untilForeseen } from './acknowledged.ts';
import { type Attempted, inShortTransaction, Stopped } from './attempts.ts';
import { type DocumentHashes, storeDocuments } from './documents.ts';
import { withDocuments } from './in-force.ts';
import { type NewVersion, openVersion, type RecordedStep, readSteps, readVersions, type Version } from './journal.ts';
import { setStage, setVersionStatus } from './marks.ts';
import { newestSerial, publish, withdraw } from './publications.ts';
import { publishedIn } from './published.ts';
import { inTransaction } from './session.ts';
import { markWorkedOut, settleComputed } from './settle-computed.ts';
import { type Direction, runStatements, runStep } from './steps.ts';

/** The lock's connection, and what comes with it. */
export type Run = Attempted;

export type FirstVersion = Omit<NewVersion, 'registryVersion' | keyof DocumentHashes> & { readonly wanted: Registry };

/** On an empty schema nobody can be in the way: everything in one transaction, all or nothing. Returns the number. */
export async function applyFirst(run: Run, first: FirstVersion): Promise<number> {
  const { session, services } = run;
  return inTransaction(session, async () => {
    const { wanted, ...rest } = first;
    const hashes = await storeDocuments(session, services.app, wanted.documents);
    const version = { ...rest, ...hashes, registryVersion: wanted.version };
    const number = await openVersion(session, services.app, version);
    for (const step of await readSteps(session, services.app, number)) await runStatements(run, step, 'up');
    await markWorkedOut(session, services.app, wanted);
    await setStage(session, services.app, number, 'swapped');
    await publish(session, services.app, { ...version, version: number, transition: null });
    await setVersionStatus(session, services.app, number, 'applied');
    return number;
  });
}

/** Applies what is left of a version that was opened; undoes all of it when that fails. @param wanted where it is at hand */
export async function continueVersion(run: Run, number: number, wanted?: Registry): Promise<void> {
  try {
    const course = await courseOf(run, number);
    await forward(run, course);
    await computedAgain(run, course, wanted);
    await setVersionStatus(run.session, run.services.app, number, 'applied');
  } catch (error) {
    if (error instanceof Stopped || run.services.signal?.aborted === true) throw error;
    await undoVersion(run, number);
    throw error;
  }
}

/** Runs the inverses of a version's steps, newest first. A step that was only begun is undone too. */
export async function undoVersion(run: Run, number: number): Promise<void> {
  const { session, services } = run;
  await setVersionStatus(session, services.app, number, 'undoing');
  const course = await courseOf(run, number);
  await back(run, course);
  await computedAgain(run, course);
  await setVersionStatus(session, services.app, number, 'undone');
}

/** Kinds of steps after which the values of a column are others. */
const rewriting: ReadonlySet<RecordedStep['kind']> = new Set(['replaceValues', 'backfill', 'swapColumns', 'restoreColumn']);

/** Formulas and roll-ups by what is published now. */
async function computedAgain(run: Run, { steps }: Course, wanted?: Registry): Promise<void> {
  const { session, services } = run;
  const published = wanted ?? (await publishedIn(session, services));
  if (published === undefined) return;
  const columns = steps.filter(({ kind }) => rewriting.has(kind)).map(({ id }) => id);
  await settleComputed(run, published, (columnId) => columns.some((id) => id.split(/[:@]/).includes(columnId)));
}

/** What one version goes through. */
interface Course {
  readonly version: Version;
  /** The version in force before; undefined for the first, or where that has no documents. */
  readonly from: (Version & DocumentHashes) | undefined;
  readonly steps: readonly RecordedStep[];
}

async function courseOf({ session, services }: Run, number: number): Promise<Course> {
  const versions = await readVersions(session, services.app);
  const version = versions.find((candidate) => candidate.number === number);
  if (version === undefined) throw new Error(`There is no version ${number} to carry on`);
  const before = versions.findLast((candidate) => candidate.number < number);
  return { version, from: withDocuments(before), steps: await readSteps(session, services.app, number) };
}

async function forward(run: Run, { version, from, steps }: Course): Promise<void> {
  const of = (phase: RecordedStep['phase']): readonly RecordedStep[] => steps.filter((step) => step.phase === phase);
  let { stage } = version;
  for (const step of of('expand')) if (!step.applied) await runStep(run, step, 'up');
  // Keys that a late node leaves out cost a hint at a duplicate; it is not waited for as others are.
  const tightens = of('settle').some(({ kind }) => kind !== 'computeColumns');
  if (stage === 'expand' && version.prepared !== null) {
    const own = version.prepared.side === 'to' ? withDocuments(version) : from;
    await untilForeseen(run, version.number);
    await together(run, of('prepare'), 'up', version, 'prepared', own, version.prepared.transition);
    stage = 'prepared';
  }
  if (stage === 'prepared') await acknowledged(run, false);
  if (stage !== 'swapped') {
    await together(run, of('swap'), 'up', version, 'swapped', withDocuments(version), null);
  }
  await acknowledged(run, !tightens);
  for (const step of of('settle')) if (!step.applied) await runStep(run, step, 'up');
}

async function back(run: Run, { version, from, steps }: Course): Promise<void> {
  const begun = (phase: RecordedStep['phase']): readonly RecordedStep[] =>
    steps.filter((step) => step.phase === phase && !step.undone && (step.applied || step.started)).reverse();
  let { stage } = version;
  for (const step of begun('settle')) await runStep(run, step, 'down');
  if (stage === 'swapped') {
    const { prepared } = version;
    const own = prepared?.side === 'to' ? withDocuments(version) : from;
    stage = prepared === null ? 'expand' : 'prepared';
    await together(run, begun('swap'), 'down', version, stage, prepared === null ? from : own, prepared?.transition ?? null);
    await acknowledged(run, false);
  }
  if (stage === 'prepared') await together(run, begun('prepare'), 'down', version, 'expand', from, null);
  await acknowledged(run, begun('expand').length === 0);
  for (const step of begun('expand')) await runStep(run, step, 'down');
}

/** All steps of a phase and what they mean for those who serve: one transaction, so that nobody sees a part of it. */
async function together(
  run: Run,
  steps: readonly RecordedStep[],
  direction: Direction,
  { number }: Version,
  stage: Version['stage'],
  served: (Version & DocumentHashes) | undefined,
  transition: Transition | null,
): Promise<void> {
  const { session, services } = run;
  await inShortTransaction(run, async () => {
    for (const step of steps) await runStatements(run, step, direction);
    await setStage(session, services.app, number, stage);
    if (served === undefined) return withdraw(session, services.app, number);
    const { filesHash, customHash, registryVersion } = served;
    await publish(session, services.app, { version: served.number, filesHash, customHash, registryVersion, transition });
  });
}

async function acknowledged(run: Run, bounded: boolean): Promise<void> {
  await untilAcknowledged(run, await newestSerial(run.session, run.services.app), bounded);
}
