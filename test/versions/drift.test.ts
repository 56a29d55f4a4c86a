// What was changed behind the engine's back is told, one sentence each; otherwise there is nothing to tell.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate, status } from '../../server/versions/migrate.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { library } from '../tables/support/library.ts';
import { smallRegistry } from '../tables/support/registry.ts';

let database: TestDatabase;
const registry = smallRegistry(library);
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.knex, registry);
});
afterAll(() => database.drop());

test('after a migration the tables are as the journal says', async () => {
  expect((await status(database.knex, registry)).drift).toEqual([]);
});

test('changes by hand are found', async () => {
  const { knex } = database;
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(
    `SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'library' AND tablename = 'lib_books' AND indexdef LIKE '%(successor_id, id)'`,
  );
  const index = rows[0]?.name ?? '';
  await knex.raw('DROP INDEX library.??', [index]);
  await knex.raw('ALTER TABLE library.lib_books ALTER COLUMN title DROP NOT NULL');
  await knex.raw('ALTER TABLE library.lib_books DROP COLUMN shelf');
  await knex.raw('DROP TABLE library.lib_remarks');
  expect([...(await status(knex, registry)).drift].sort()).toEqual([
    'Column lib_books.shelf is missing.',
    expect.stringMatching(/^Column lib_books.title is "text.*", not "text not null.*"\.$/),
    `Index ${index} is missing.`,
    'Table lib_remarks is missing.',
  ]);
});
