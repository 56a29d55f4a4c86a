// Monthly partitions of the outbox and of partitioned entities, made ahead of time.
import type { Knex } from 'knex';
import type { Registry } from '../metadata/registry.ts';
import { qualified } from '../tables/ddl.ts';
import { partitionName, quoteText } from '../tables/names.ts';
import type { Naming } from '../tables/schema-types.ts';
import { inTransaction, type Session, withSession } from './session.ts';

/**
 * Makes the partitions of this month and the next `months` (by the database's clock, UTC) where they are missing.
 * Rows that came too early and wait in the default partition move to their month.
 * @returns the names of the partitions made now
 */
export async function ensurePartitions(db: Knex, app: Naming, registry: Registry, months = 3): Promise<readonly string[]> {
  return withSession(db, (session) => makePartitions(session, app, registry, months));
}

/** The same on a connection that is already held. */
export async function makePartitions(session: Session, app: Naming, registry: Registry, months = 3): Promise<readonly string[]> {
  const entities = [...registry.entities.values()].filter((entity) => entity.partitioned).map((entity) => entity.table);
  const starts = await session.query<{ name: string; low: string; high: string }>(
    `SELECT to_char(m, '"y"YYYY"m"MM') AS name, to_char(m, 'YYYY-MM-DD') AS low, to_char(m + interval '1 month', 'YYYY-MM-DD') AS high
     FROM generate_series(0, $1::int) n, LATERAL (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + n * interval '1 month' AS m) months`,
    [months],
  );
  const made: string[] = [];
  for (const table of [`${app.prefix}outbox`, ...entities]) {
    const { bounds, rest } = await existing(session, app, table);
    for (const month of starts) {
      if (bounds.some((bound) => bound.includes(`FROM ('${month.low} 00:00:00+00')`))) continue;
      const partition = partitionName(table, month.name);
      await inTransaction(session, () => makePartition(session, app, { table, partition, rest, ...month }));
      made.push(partition);
    }
  }
  return made;
}

/** The bounds of a table's partitions as PostgreSQL prints them (in UTC, as every session of ours), and the name of the default one. */
async function existing(session: Session, app: Naming, table: string) {
  const rows = await session.query<{ name: string; bound: string }>(
    `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass($1)`,
    [qualified(app.schema, table)],
  );
  return { bounds: rows.map((row) => row.bound), rest: rows.find((row) => row.bound === 'DEFAULT')?.name };
}

interface Month {
  readonly table: string;
  readonly partition: string;
  readonly rest: string | undefined;
  readonly low: string;
  readonly high: string;
}

async function makePartition(session: Session, app: Naming, month: Month): Promise<void> {
  const [table, partition] = [qualified(app.schema, month.table), qualified(app.schema, month.partition)];
  const [low, high] = [quoteText(`${month.low} 00:00:00+00`), quoteText(`${month.high} 00:00:00+00`)];
  // Two processes at once: the second waits here and then finds the partition made.
  await session.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`formwork partitions ${table}`]);
  const [found] = await session.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [partition]);
  if (found?.there === true) return;
  await session.query(`CREATE TABLE ${partition} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
  if (month.rest !== undefined) {
    const rest = qualified(app.schema, month.rest);
    await session.query(
      `WITH moved AS (DELETE FROM ${rest} WHERE created_at >= ${low} AND created_at < ${high} RETURNING *) INSERT INTO ${partition} SELECT * FROM moved`,
    );
  }
  await session.query(`ALTER TABLE ${table} ATTACH PARTITION ${partition} FOR VALUES FROM (${low}) TO (${high})`);
}
