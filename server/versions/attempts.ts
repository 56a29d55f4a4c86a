// Tries again what did not get its lock: a waiting ALTER TABLE makes everybody behind it wait, so it gives up soon.
import { setTimeout as delay } from 'node:timers/promises';
import { problem } from '../problem.ts';
import { timingOf, type VersionServices } from './services.ts';
import { inTransaction, type Session, sqlState } from './session.ts';

/** lock_not_available, deadlock_detected (PostgreSQL, appendix A). */
const retryable = new Set(['55P03', '40P01']);

/** PostgreSQL interrupts a vacuum that is in the way only after this long (deadlock_timeout), and we may not be allowed to. */
const vacuumTimeoutMs = 1_500;
const longestPauseMs = 400;

export interface Attempted {
  readonly session: Session;
  readonly services: VersionServices;
}

/** Thrown where the process is to stop: nothing is undone, the next process goes on. */
export class Stopped extends Error {}

/** Tells in the log what nobody may be waiting for any more. To stop on the way is no failure: another process goes on. */
export function tellFailure(
  { log }: Pick<VersionServices, 'log'>,
  sentence: string,
  facts: object = {},
): (error: unknown) => void {
  return (error) => {
    if (error instanceof Stopped) log.info(facts, 'A change of the metadata is left to another process');
    else log.error({ err: error, ...facts }, sentence);
  };
}

export function throwIfStopped({ signal }: VersionServices): void {
  if (signal?.aborted === true) throw new Stopped('Stopped on the way; another process goes on.');
}

/**
 * Runs `work` in a transaction that waits for locks but shortly, as often as it takes.
 * @throws unavailable when the tables stay busy
 */
export async function inShortTransaction<T>({ session, services }: Attempted, work: () => Promise<T>): Promise<T> {
  const { lockTimeoutMs, lockBudgetMs } = timingOf(services);
  const until = Date.now() + lockBudgetMs;
  for (let attempt = 1, waitMs = lockTimeoutMs; ; attempt += 1) {
    throwIfStopped(services);
    try {
      return await inTransaction(session, async () => {
        await session.query(`SET LOCAL lock_timeout = ${waitMs}`);
        return work();
      });
    } catch (error) {
      if (!retryable.has(sqlState(error) ?? '')) throw error;
      if (Date.now() > until) throw busy(error, lockBudgetMs);
      waitMs = (await vacuumed(session)) ? vacuumTimeoutMs : lockTimeoutMs;
      // Jitter, so that it does not keep step with whoever is in the way.
      await delay(Math.min(longestPauseMs, 20 * 2 ** attempt) * (0.5 + Math.random()));
    }
  }
}

/**
 * Outside of a transaction: the statement waits as long as it takes, since nobody waits behind it. Where the process is to
 * stop it is cancelled: it may be an index over very many rows, and another process begins it again.
 */
export async function withoutTransaction<T>({ session, services }: Attempted, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + timingOf(services).lockBudgetMs;
  const [backend] = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const cancel = (): void => {
    services.knex.raw('SELECT pg_cancel_backend(?)', [backend?.pid ?? 0]).catch(() => undefined);
  };
  services.signal?.addEventListener('abort', cancel, { once: true });
  try {
    for (;;) {
      throwIfStopped(services);
      try {
        await session.query('SET lock_timeout = 0');
        return await work();
      } catch (error) {
        throwIfStopped(services);
        if (!retryable.has(sqlState(error) ?? '') || Date.now() > until) throw error;
        await delay(longestPauseMs * Math.random());
      }
    }
  } finally {
    services.signal?.removeEventListener('abort', cancel);
  }
}

const busy = (cause: unknown, budgetMs: number) =>
  problem('unavailable', {
    detail: `Other transactions kept a table busy for ${Math.round(budgetMs / 1000)} s, so the change was taken back. Try again later.`,
    headers: { 'Retry-After': '30' },
    cause,
  });

/** Asks vacuums of this database to make room; whether one is left that we have no right to ask. */
async function vacuumed(session: Session): Promise<boolean> {
  const running = 'SELECT pid FROM pg_stat_progress_vacuum WHERE datname = current_database()';
  const [found] = await session.query<{ pid: number }>(`${running} LIMIT 1`);
  if (found === undefined) return false;
  return session.query(`SELECT pg_cancel_backend(pid) FROM (${running}) v`).then(
    () => false,
    () => true,
  );
}
