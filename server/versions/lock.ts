// One change of the schema at a time, over all processes: an advisory lock, polled outside of any transaction.
import { setTimeout as delay } from 'node:timers/promises';
import type { Knex } from 'knex';
import { problem } from '../problem.ts';
import type { Naming } from '../tables/schema-types.ts';
import { resetSession, type Session, setSearchPath, withSession } from './session.ts';

export interface LockOptions {
  /** Milliseconds to wait for another process to finish; two minutes when not given. */
  readonly waitMs?: number;
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
  const key = `formwork ${app.schema} ${app.prefix}`;
  return withSession(db, async (session) => {
    await acquire(session, key, options.waitMs ?? 120_000);
    try {
      await session.query(`SET statement_timeout = 0`);
      await setSearchPath(session, app);
      return await work(session);
    } finally {
      // On a dead connection there is nothing left to release.
      await release(session, key).catch(() => undefined);
    }
  });
}

async function acquire(session: Session, key: string, waitMs: number): Promise<void> {
  const until = Date.now() + waitMs;
  for (;;) {
    const [row] = await session.query<{ held: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held', [key]);
    if (row?.held === true) return;
    if (Date.now() >= until) throw problem('unavailable', { detail: 'Another process is changing the schema. Try again later.' });
    await delay(pollMs);
  }
}

async function release(session: Session, key: string): Promise<void> {
  await session.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]);
  await resetSession(session);
}
