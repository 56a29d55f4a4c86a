// The whole way up, down and up again leaves the same schema, and nothing else in the database is touched.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withMigrationLock } from '../../server/versions/lock.ts';
import { migrate, plan, status } from '../../server/versions/migrate.ts';
import { rollback } from '../../server/versions/roll-back.ts';
import { applySystemMigrations, undoSystemMigrations } from '../../server/versions/system-migrations.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { library } from '../tables/support/library.ts';
import { smallRegistry } from '../tables/support/registry.ts';
import { outsideDump, schemaDump } from '../tables/support/schema-dump.ts';

let database: TestDatabase;
const registry = smallRegistry(library);
const { app } = registry;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const undoSystem = () => withMigrationLock(database.knex, app, {}, (session) => undoSystemMigrations(session, app));

test('up, down and up again gives the same schema, and down leaves nothing', async () => {
  const { knex } = database;
  const outside = await outsideDump(knex, app.schema);
  await migrate(knex, registry);
  const first = await schemaDump(knex, app.schema);
  expect(first.filter((line) => line.startsWith('table: lib_books '))).toHaveLength(1);
  expect(await outsideDump(knex, app.schema)).toEqual(outside);

  expect(await rollback(knex, app, { to: 0 })).toEqual({ version: 0, to: 0, undone: [1] });
  expect((await schemaDump(knex, app.schema)).filter((line) => /lib_(books|authors|writings|remarks|loans)/.test(line))).toEqual(
    [],
  );
  expect(await undoSystem()).toEqual(['0005_merges', '0004_sign_in', '0003_foreseen', '0002_live_change', '0001_system']);
  expect(await schemaDump(knex, app.schema)).toEqual([]);
  expect(await outsideDump(knex, app.schema)).toEqual(outside);

  await migrate(knex, registry);
  expect(await schemaDump(knex, app.schema)).toEqual(first);
});

test('a second migrate has nothing to do', async () => {
  const before = await schemaDump(database.knex, app.schema);
  expect(await migrate(database.knex, registry)).toEqual({ version: 1, applied: [], pending: [] });
  expect((await plan(database.knex, registry)).steps).toEqual([]);
  expect(await schemaDump(database.knex, app.schema)).toEqual(before);
});

test('the system tables do not go while entity tables stand', async () => {
  await expect(undoSystem()).rejects.toMatchObject({ code: '2BP01' });
  expect((await status(database.knex, registry)).current?.number).toBe(1);
});

test('no foreign key leaves the schema, and none comes in', async () => {
  const { rows } = await database.knex.raw(
    `SELECT c.conname FROM pg_constraint c JOIN pg_class a ON a.oid = c.conrelid JOIN pg_class b ON b.oid = c.confrelid
     WHERE c.contype = 'f' AND a.relnamespace <> b.relnamespace`,
  );
  expect(rows).toEqual([]);
});

test('two applications live in one database, and one goes without the other noticing', async () => {
  const { knex } = database;
  const other = smallRegistry(library, { prefix: 'zoo_', schema: 'zoo' });
  const before = await schemaDump(knex, app.schema);
  await migrate(knex, other);
  expect((await schemaDump(knex, 'zoo')).filter((line) => line.startsWith('table: lib_'))).toEqual([]);
  await rollback(knex, other.app, { to: 0 });
  await withMigrationLock(knex, other.app, {}, (session) => undoSystemMigrations(session, other.app));
  expect(await schemaDump(knex, 'zoo')).toEqual([]);
  expect(await schemaDump(knex, app.schema)).toEqual(before);
});

test('the system migrations are applied once', async () => {
  const apply = () => withMigrationLock(database.knex, app, {}, (session) => applySystemMigrations(session, app));
  await apply();
  expect(await apply()).toEqual([]);
});
