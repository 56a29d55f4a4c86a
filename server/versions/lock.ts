// One change of the schema at a time, over all processes: an advisory lock, polled outside of any transaction.
import { setTimeout as delay } from 'node:timers/promises';
import type { Knex } from 'knex';
import { problem } from '../problem.ts';
import type { Naming } from '../tables/schema-types.ts';
import { openSession, resetSession, type Session, setSearchPath } from './session.ts';

export interface LockOptions {
  /** Milliseconds to wait for another process to finish; two minutes when not given. */
  readonly waitMs?: number;
}

export interface HeldLock {
  /** The connection that holds the lock, ready for changes of the schema. */
  readonly session: Session;
  /** Gives the lock and the connection back; once. */
  release(): Promise<void>;
}

const pollMs = 50;

/**
 * Runs `work` on a connection that holds the migration lock of the application. A blocked waiter with an open
 * transaction would hold up CREATE INDEX CONCURRENTLY of the holder, hence the polling. If the process or the
 * connection dies, PostgreSQL releases the lock.
 * @throws unavailable when the lock is not free in time
 */
export async function withMigrationLock<T>(
  db: Knex,
  app: Naming,
  options: LockOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const held = await holdMigrationLock(db, app, options.waitMs ?? 120_000);
  if (held === undefined) throw problem('unavailable', { detail: 'Another process is changing the schema. Try again later.' });
  try {
    return await work(held.session);
  } finally {
    await held.release();
  }
}

/** The lock, or undefined when it is not free in time; with 0 it is asked for once. */
export async function holdMigrationLock(db: Knex, app: Naming, waitMs = 0): Promise<HeldLock | undefined> {
  const key = `formwork ${app.schema} ${app.prefix}`;
  const opened = await openSession(db);
  const { session } = opened;
  const release = async (): Promise<void> => {
    // On a dead connection there is nothing left to release.
    await released(session, key).catch(() => undefined);
    await opened.close();
  };
  try {
    if (!(await acquired(session, key, waitMs))) {
      await opened.close();
      return undefined;
    }
  } catch (error) {
    await opened.close();
    throw error;
  }
  try {
    await session.query(`SET statement_timeout = 0`);
    await setSearchPath(session, app);
    return { session, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function acquired(session: Session, key: string, waitMs: number): Promise<boolean> {
  const until = Date.now() + waitMs;
  for (;;) {
    const [row] = await session.query<{ held: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held', [key]);
    if (row?.held === true) return true;
    if (Date.now() >= until) return false;
    await delay(pollMs);
  }
}

async function released(session: Session, key: string): Promise<void> {
  await session.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]);
  await resetSession(session);
}
