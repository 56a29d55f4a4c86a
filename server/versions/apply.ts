// Runs the steps of a version and undoes them: each in a transaction with its mark, so that a killed run can go on.
import { setTimeout as delay } from 'node:timers/promises';
import type { Naming } from '../tables/schema-types.ts';
import { markStep, type NewVersion, openVersion, type RecordedStep, readSteps, setVersionStatus } from './journal.ts';
import { inTransaction, type Session, sqlState } from './session.ts';

/** A waiting ALTER TABLE makes everybody behind it wait, so it gives up soon and comes back later. */
const lockTimeoutMs = 2000;
const attempts = 8;
/** lock_not_available, deadlock_detected (PostgreSQL, appendix A). */
const retryable = new Set(['55P03', '40P01']);

/**
 * Applies a new version. If a step fails, the steps before it are undone again and the error is thrown.
 * @returns the version's number
 */
export async function applyVersion(session: Session, app: Naming, version: NewVersion, first: boolean): Promise<number> {
  // On an empty schema nobody can be in the way: everything in one transaction, all or nothing.
  if (first) {
    return inTransaction(session, async () => {
      const number = await openVersion(session, app, version);
      for (const step of await readSteps(session, app, number)) await runStatements(session, app, step, 'applied', step.up);
      await setVersionStatus(session, app, number, 'applied');
      return number;
    });
  }
  const number = await inTransaction(session, () => openVersion(session, app, version));
  await continueVersion(session, app, number);
  return number;
}

/** Applies what is left of a version that was begun; undoes all of it when that fails. */
export async function continueVersion(session: Session, app: Naming, number: number): Promise<void> {
  try {
    for (const step of await readSteps(session, app, number)) {
      if (!step.applied) await runStep(session, app, step, 'applied', step.up);
    }
    await setVersionStatus(session, app, number, 'applied');
  } catch (error) {
    await undoVersion(session, app, number);
    throw error;
  }
}

/** Runs the inverses of a version's steps, newest first. A step outside of transactions that was only begun is undone too. */
export async function undoVersion(session: Session, app: Naming, number: number): Promise<readonly RecordedStep[]> {
  await setVersionStatus(session, app, number, 'undoing');
  const steps = (await readSteps(session, app, number)).filter((step) => step.applied || step.started).reverse();
  for (const step of steps) await runStep(session, app, step, 'undone', step.down);
  await setVersionStatus(session, app, number, 'undone');
  return steps;
}

async function runStep(
  session: Session,
  app: Naming,
  step: RecordedStep,
  mark: 'applied' | 'undone',
  sql: readonly string[],
): Promise<void> {
  if (step.cost === 'deferred') {
    await session.query('SET lock_timeout = 0');
    await markStep(session, app, step, 'started');
    await runStatements(session, app, step, mark, sql);
    return;
  }
  await session.query(`SET lock_timeout = ${lockTimeoutMs}`);
  for (let attempt = 1; ; attempt++) {
    try {
      await inTransaction(session, () => runStatements(session, app, step, mark, sql));
      return;
    } catch (error) {
      if (attempt === attempts || !retryable.has(sqlState(error) ?? '')) throw error;
      await delay(100 * attempt);
    }
  }
}

async function runStatements(
  session: Session,
  app: Naming,
  step: RecordedStep,
  mark: 'applied' | 'undone',
  sql: readonly string[],
): Promise<void> {
  for (const statement of sql) await session.query(statement);
  await markStep(session, app, step, mark);
}
