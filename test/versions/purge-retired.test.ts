// Dropping for good what was set aside: only when it is old enough, and nothing goes back behind it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate, plan, status } from '../../server/versions/migrate.ts';
import { purgeRetired } from '../../server/versions/purge-retired.ts';
import { rollback } from '../../server/versions/roll-back.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { authors, books, library, loans, writings } from '../tables/support/library.ts';
import { smallRegistry } from '../tables/support/registry.ts';
import { schemaDump } from '../tables/support/schema-dump.ts';

let database: TestDatabase;
const registry = smallRegistry(library);
const { shelf: _shelf, ...fields } = books.fields;
const smaller = smallRegistry([authors, { ...books, fields }, writings, loans], { version: 'b2' });
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const retired = async () =>
  (await schemaDump(database.knex, 'library')).filter((line) => /^(table|column): \w+(\.\w+)?__retired_/.test(line));

test('on an empty database there is nothing to drop', async () => {
  expect(await purgeRetired(database.knex, registry, { olderThanDays: 0 })).toEqual([]);
  await migrate(database.knex, registry);
  await rollback(database.knex, registry, { to: 0 });
  expect(await purgeRetired(database.knex, registry, { olderThanDays: 0 })).toEqual([]);
});

test('what is old enough goes, the rest stays', async () => {
  const { knex } = database;
  await migrate(knex, registry);
  await migrate(knex, smaller);
  expect(await retired()).not.toEqual([]);
  expect(await purgeRetired(knex, registry, { olderThanDays: 1 })).toEqual([]);
  await knex.raw(`UPDATE library.lib_meta_steps SET applied_at = applied_at - interval '2 days' WHERE kind = 'retireColumn'`);
  const first = await purgeRetired(knex, registry, { olderThanDays: 1, author: 'Ada' });
  expect(first.map((step) => step.up[0])).toEqual([
    expect.stringMatching(/^ALTER TABLE "library"\."lib_books" DROP COLUMN "shelf__retired_/),
  ]);
  const second = await purgeRetired(knex, registry, { olderThanDays: 0 });
  expect(second.map((step) => step.up[0])).toEqual([expect.stringMatching(/^DROP TABLE "library"\."lib_remarks__retired_/)]);
  expect(await retired()).toEqual([]);
  expect(await status(knex, smaller)).toMatchObject({ pending: 0, drift: [] });
});

test('rollback goes back to a purge, not behind it', async () => {
  const { knex } = database;
  const before = await schemaDump(knex, 'library');
  const { version } = await migrate(knex, registry);
  expect(await rollback(knex, registry)).toMatchObject({ undone: [version] });
  expect(await schemaDump(knex, 'library')).toEqual(before);
  await expect(rollback(knex, registry, { to: 2 })).rejects.toMatchObject({ code: 'conflict' });
  expect(await schemaDump(knex, 'library')).toEqual(before);
  expect((await plan(knex, smaller)).steps).toEqual([]);
});

test('while a version is half way nothing is dropped', async () => {
  await database.knex.raw(
    `UPDATE library.lib_meta_versions SET status = 'applying' WHERE number = (SELECT max(number) FROM library.lib_meta_versions WHERE status = 'applied')`,
  );
  await expect(purgeRetired(database.knex, registry, { olderThanDays: 0 })).rejects.toMatchObject({ code: 'conflict' });
});
