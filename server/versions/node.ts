// A process that serves, as others see it: a row, and a lock that its connection holds for as long as it lives.
import { randomInt } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { systemTable } from '../tables/names.ts';
import type { Naming } from '../tables/schema-types.ts';
import { nodeLockClass } from './acknowledged.ts';
import type { Queries } from './documents.ts';

export interface Node {
  readonly id: string;
  /** Takes the lock and writes the row; on a new connection again. `serial` is that of the publication it serves. */
  register(session: Queries, serial: number): Promise<void>;
  /** Tells that it serves the publication. */
  acknowledge(session: Queries, serial: number): Promise<void>;
  /** Tells that it has built what the version is going to publish. */
  foresaw(session: Queries, version: number): Promise<void>;
  /** Tells that it lives. */
  beat(session: Queries): Promise<void>;
  leave(session: Queries): Promise<void>;
}

/** Rows of processes that were killed go when another one comes. */
const forgottenAfter = '1 day';

export function node(app: Naming, kind: 'node' | 'worker'): Node {
  const id = uuidv7();
  const table = systemTable(app, 'meta_nodes');
  return {
    id,
    register: async (session, serial) => {
      const key = await ownLock(session);
      await session.query(`DELETE FROM ${table} WHERE seen_at < clock_timestamp() - interval '${forgottenAfter}'`);
      await session.query(
        `INSERT INTO ${table} (id, lock_key, kind, serial, seen_at) VALUES ($1, $2, $3, $4, clock_timestamp())
         ON CONFLICT (id) DO UPDATE SET lock_key = excluded.lock_key, serial = excluded.serial, seen_at = excluded.seen_at`,
        [id, key, kind, serial],
      );
    },
    acknowledge: async (session, serial) => {
      await session.query(`UPDATE ${table} SET serial = $2, seen_at = clock_timestamp() WHERE id = $1`, [id, serial]);
    },
    foresaw: async (session, version) => {
      await session.query(`UPDATE ${table} SET foreseen = $2, seen_at = clock_timestamp() WHERE id = $1`, [id, version]);
    },
    beat: async (session) => {
      await session.query(`UPDATE ${table} SET seen_at = clock_timestamp() WHERE id = $1`, [id]);
    },
    leave: async (session) => {
      await session.query(`DELETE FROM ${table} WHERE id = $1`, [id]);
    },
  };
}

/** A lock that nobody else of this database holds, by a key drawn at random. */
async function ownLock(session: Queries): Promise<number> {
  for (;;) {
    const key = randomInt(1, 2 ** 31 - 1);
    const [row] = await session.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1::int, $2::int) AS held', [
      nodeLockClass,
      key,
    ]);
    if (row?.held === true) return key;
  }
}
