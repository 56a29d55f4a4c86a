// Several processes at once, steps that fail, connections that die half way: the next migrate finds its way.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { connect } from '../../server/database/pool.ts';
import { Stopped } from '../../server/versions/attempts.ts';
import { withMigrationLock } from '../../server/versions/lock.ts';
import { migrate, migrateWith, plan, status } from '../../server/versions/migrate.ts';
import { rollback } from '../../server/versions/roll-back.ts';
import { servicesOf } from '../../server/versions/services.ts';
import { applySystemMigrations } from '../../server/versions/system-migrations.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { authors, books, library, loans, remarks, writings } from '../tables/support/library.ts';
import { smallRegistry } from '../tables/support/registry.ts';
import { schemaDump } from '../tables/support/schema-dump.ts';

let database: TestDatabase | undefined;
const registry = smallRegistry(library);
const { app } = registry;
const indexed = { ...books.fields, pages: { id: 'fld_pages', type: 'integer', default: 0, index: true } };
/** Adds a column to one table and then an index to another, which a writer there can hold up. */
const next = smallRegistry(
  [
    { ...authors, fields: { ...authors.fields, rank: { id: 'fld_rank', type: 'integer' } } },
    { ...books, fields: indexed },
    writings,
    remarks,
    loans,
  ],
  { version: 'b2' },
);

beforeEach(async () => {
  await database?.drop();
  database = await testDatabase();
});
afterAll(() => database?.drop());

const fresh = (): TestDatabase => {
  if (database === undefined) throw new Error('no database');
  return database;
};
const dump = () => schemaDump(fresh().knex, 'library');

/** Waits until the query finds a row. */
async function until<Row extends object>(sql: string): Promise<Row> {
  for (;;) {
    const { rows } = await fresh().knex.raw<{ rows: Row[] }>(sql);
    if (rows[0] !== undefined) return rows[0];
    await delay(10);
  }
}

/** Runs `work` while another session holds the lock that the statement takes. */
async function whileHeld<T>(statement: string, work: (holder: Knex.Transaction) => Promise<T>): Promise<T> {
  const holder = await fresh().knex.transaction();
  await holder.raw(statement);
  try {
    return await work(holder);
  } finally {
    await holder.rollback();
  }
}

const victims = `SELECT pid FROM pg_stat_activity WHERE application_name = 'victim' AND datname = current_database()`;
const kill = `SELECT pg_terminate_backend(pid, 5000) FROM (${victims}) v`;

const waits = `SELECT 1 FROM pg_locks WHERE NOT granted AND pid IN (${victims})`;
const writing = 'LOCK TABLE library.lib_books IN ROW EXCLUSIVE MODE';

/** Lets `work` run on connections of its own until it waits for what another session holds, and kills them there. */
async function killedWhere(held: string, work: (victim: Knex) => Promise<unknown>): Promise<void> {
  const victim = connect({ url: fresh().url, poolSize: 2, applicationName: 'victim' });
  await whileHeld(held, async () => {
    const run = work(victim).then(
      () => 'finished',
      () => 'died',
    );
    await until(waits);
    await fresh().knex.raw(kill);
    expect(await run).toBe('died');
  });
  await victim.destroy();
}

test('two processes that migrate at once: one does it, the other waits and finds it done', async () => {
  const { knex, url } = fresh();
  const second = connect({ url, poolSize: 2 });
  const results = await Promise.all([migrate(knex, registry), migrate(second, registry)]);
  await second.destroy();
  expect(results.map((result) => result.version)).toEqual([1, 1]);
  expect(results.map((result) => result.applied.length > 0).sort()).toEqual([false, true]);
  expect((await status(knex, registry)).versions).toHaveLength(1);
});

test('who does not get the lock in time is told so, and changes nothing', async () => {
  const { knex } = fresh();
  await withMigrationLock(knex, app, {}, async () => {
    await expect(migrate(knex, registry, { waitMs: 100 })).rejects.toMatchObject({ code: 'unavailable' });
  });
  expect(await dump()).toEqual([]);
  expect(await status(knex, registry)).toMatchObject({ installed: false, current: undefined });
  expect(await rollback(knex, registry)).toEqual({ version: 0, to: 0, undone: [] });
});

test('a connection killed during the first installation leaves nothing half made', async () => {
  const { knex } = fresh();
  await withMigrationLock(knex, app, {}, (session) => applySystemMigrations(session, app));
  const before = await dump();
  // Another session that is about to make one of the tables: the installation waits for it in the middle.
  await killedWhere('CREATE TABLE library.lib_remarks ()', (victim) => migrate(victim, registry));
  expect(await dump()).toEqual(before);
  expect((await migrate(knex, registry)).version).toBe(1);
  expect((await plan(knex, registry)).steps).toEqual([]);
});

test('killed while it builds an index, the next migrate finishes the version', async () => {
  const { knex } = fresh();
  await migrate(knex, registry);
  const before = await dump();
  await killedWhere(writing, (victim) => migrate(victim, next));
  expect((await dump()).filter((line) => line.endsWith('INVALID'))).toHaveLength(1);
  expect((await status(knex, next)).interrupted).toMatchObject({ number: 2, status: 'applying' });
  expect((await migrate(knex, next)).version).toBe(2);
  expect((await plan(knex, next)).steps).toEqual([]);
  const after = await dump();
  expect(after.filter((line) => line.endsWith('INVALID'))).toEqual([]);
  expect(after.filter((line) => !before.includes(line))).toEqual([
    expect.stringMatching(/^column: lib_authors.rank integer/),
    expect.stringMatching(/^index: .*\(pages, id\)/),
  ]);
  await rollback(knex, registry);
  expect(await dump()).toEqual(before);
});

test('killed half way, rollback takes the half back', async () => {
  const { knex } = fresh();
  await migrate(knex, registry);
  const before = await dump();
  await killedWhere(writing, (victim) => migrate(victim, next));
  expect(await rollback(knex, registry)).toEqual({ version: 1, to: 1, undone: [2] });
  expect(await dump()).toEqual(before);
});

test('killed while it goes back, the next migrate first finishes going back', async () => {
  const { knex } = fresh();
  await migrate(knex, registry);
  const before = await dump();
  await migrate(knex, next);
  await killedWhere(writing, (victim) => rollback(victim, registry));
  expect((await status(knex, registry)).interrupted).toMatchObject({ number: 3, kind: 'rollback', status: 'applying' });
  expect(await migrate(knex, registry)).toMatchObject({ version: 3, applied: [] });
  expect(await dump()).toEqual(before);
});

test('a step that fails is undone with those before it, and the error comes out', async () => {
  const { knex } = fresh();
  await migrate(knex, registry);
  const before = await dump();
  // Somebody made a table by hand that the second new entity would have.
  await knex.raw('CREATE TABLE library.lib_shelves ()');
  const entity = (id: string, name: string) => ({ id, name, fields: { name: { id: `fld_${name}`, type: 'text' } } });
  const target = smallRegistry([...library, entity('ent_aisles', 'aisles'), entity('ent_shelves', 'shelves')]);
  await expect(migrate(knex, target)).rejects.toMatchObject({ code: '42P07' });
  await knex.raw('DROP TABLE library.lib_shelves');
  expect(await dump()).toEqual(before);
  expect(await status(knex, registry)).toMatchObject({ current: { number: 1 }, interrupted: undefined, pending: 0 });
});

test('an index that the data refuse at the last moment is removed again', async () => {
  const { knex } = fresh();
  await migrate(knex, registry);
  const before = await dump();
  await knex('library.lib_books').insert([1, 2].map(() => ({ id: uuidv7(), title: 'A' })));
  // A new column is not asked for duplicates beforehand, but its default gives both rows the same value.
  const fields = { ...books.fields, rank: { id: 'fld_rank', type: 'integer', default: 1, unique: true } };
  const target = smallRegistry([authors, { ...books, fields }, writings, remarks, loans]);
  await expect(migrate(knex, target)).rejects.toMatchObject({
    code: 'conflict',
    errors: [{ pointer: '/entities/books', code: 'createIndex' }],
  });
  expect(await dump()).toEqual(before);
});

test('a table in use makes a step wait and try again, not fail', async () => {
  const { knex } = fresh();
  await migrate(knex, registry);
  const renamed = smallRegistry([
    authors,
    { ...books, fields: { ...books.fields, shelf: { id: 'fld_shelf', type: 'text' } } },
    writings,
    remarks,
    loans,
  ]);
  const run = await whileHeld('LOCK TABLE library.lib_books IN ACCESS SHARE MODE', async () => {
    const running = migrate(knex, renamed);
    // The first attempt gives up after the lock time-out; the journal then holds no applied step.
    await until(`SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'`);
    for (;;) {
      const { rows } = await knex.raw(`SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'`);
      if (rows.length === 0) break;
      await delay(10);
    }
    return { running };
  });
  expect((await run.running).version).toBe(2);
});

test('a process that is to stop does not wait for the index that it builds: the next one begins it again', async () => {
  const { knex } = fresh();
  await migrate(knex, registry);
  const stop = new AbortController();
  const services = { ...servicesOf(knex, registry), signal: stop.signal };
  await whileHeld(writing, async () => {
    const running = migrateWith(services, next).then(
      () => 'finished',
      (error: unknown) => error,
    );
    await until(`SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'`);
    stop.abort();
    expect(await running).toBeInstanceOf(Stopped);
  });
  expect((await status(knex, next)).interrupted).toMatchObject({ number: 2, status: 'applying' });
  expect((await migrate(knex, next)).version).toBe(2);
  expect((await dump()).filter((line) => line.endsWith('INVALID'))).toEqual([]);
});
