// Monthly partitions: made ahead, made once, and rows that came too early find their month.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { connect } from '../../server/database/pool.ts';
import { migrate } from '../../server/versions/migrate.ts';
import { ensurePartitions } from '../../server/versions/partitions.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { library } from '../tables/support/library.ts';
import { smallRegistry } from '../tables/support/registry.ts';

let database: TestDatabase;
const registry = smallRegistry(library);
const { app } = registry;
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.knex, registry);
});
afterAll(() => database.drop());

async function partitionsOf(table: string): Promise<string[]> {
  const { rows } = await database.knex.raw<{ rows: { name: string }[] }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = ?::regclass ORDER BY 1`,
    [table],
  );
  return rows.map((row) => row.name);
}
async function month(ahead: number): Promise<{ name: string; day: string }> {
  const { rows } = await database.knex.raw(
    `SELECT to_char(m, '"y"YYYY"m"MM') AS name, to_char(m, 'YYYY-MM-') || '15' AS day
     FROM (SELECT date_trunc('month', now()) + ?::int * interval '1 month' AS m) x`,
    [ahead],
  );
  return rows[0];
}

test('a migration leaves this month and the next three, and a default one', async () => {
  const names = await Promise.all([0, 1, 2, 3].map(async (ahead) => (await month(ahead)).name));
  for (const table of ['outbox', 'loans']) {
    expect(await partitionsOf(`library.lib_${table}`)).toEqual([
      `lib_${table}_default`,
      ...names.map((name) => `lib_${table}_${name}`),
    ]);
  }
  expect(await ensurePartitions(database.knex, app, registry)).toEqual([]);
});

test('rows that came before their partition move there, keys and events with them', async () => {
  const { knex } = database;
  const { name, day } = await month(5);
  const id = uuidv7();
  await knex('library.lib_loans').insert({ id, name: 'early', created_at: `${day}T12:00:00Z` });
  const event = { entity: 'loans', record_id: id, operation: 'create', source: 'api', payload: '{}' };
  await knex('library.lib_outbox').insert({ ...event, created_at: `${day}T12:00:00Z` });
  const found = async (table: string) =>
    (
      await knex.raw(`SELECT tableoid::regclass::text AS place FROM library.lib_${table} WHERE created_at = ?`, [
        `${day}T12:00:00Z`,
      ])
    ).rows[0].place;
  expect(await found('loans')).toBe('library.lib_loans_default');
  const made = await ensurePartitions(knex, app, registry, 5);
  expect(made).toHaveLength(4);
  expect(made).toContain(`lib_loans_${name}`);
  expect(await found('loans')).toBe(`library.lib_loans_${name}`);
  expect(await found('outbox')).toBe(`library.lib_outbox_${name}`);
  await expect(knex('library.lib_loans').insert({ id, name: 'again', created_at: `${day}T12:00:00Z` })).rejects.toMatchObject({
    code: '23505',
  });
  await knex('library.lib_outbox').insert({ ...event, created_at: `${day}T12:00:00Z` });
});

test('processes that make partitions at the same time do not get in each other’s way', async () => {
  const other = connect({ url: database.url, poolSize: 2 });
  const made = await Promise.all([ensurePartitions(database.knex, app, registry, 8), ensurePartitions(other, app, registry, 8)]);
  await other.destroy();
  expect(new Set(made.flat()).size).toBe(6);
  expect(await partitionsOf('library.lib_loans')).toHaveLength(10);
});

test('every event carries the transaction that wrote it', async () => {
  const { rows } = await database.knex.raw(
    `INSERT INTO library.lib_outbox (entity, record_id, operation, source, payload) VALUES ('x', gen_random_uuid(), 'create', 'api', '{}')
     RETURNING transaction_id = pg_current_xact_id() AS own, processed_at, attempts, depth`,
  );
  expect(rows).toEqual([{ own: true, processed_at: null, attempts: 0, depth: 0 }]);
});
