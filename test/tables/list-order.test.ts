// The indexes stand in the very order in which lists are sorted: the database never sorts for them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SortKey } from '../../server/query/ast.ts';
import { orderBy } from '../../server/repository/keyset.ts';
import { migrate } from '../../server/versions/migrate.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { library } from './support/library.ts';
import { smallRegistry } from './support/registry.ts';

let database: TestDatabase;
const registry = smallRegistry(library);
const books = registry.entities.get('books');
const authors = registry.entities.get('authors');
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.knex, registry);
});
afterAll(() => database.drop());

const key = (text: string): SortKey => ({ field: text.replace('-', ''), descending: text.startsWith('-') });

async function planOf(entity: typeof books, sort: readonly string[], where: string): Promise<string> {
  if (entity === undefined) throw new Error('no entity');
  return database.knex.transaction(async (transaction) => {
    // On an empty table a scan and a sort are always cheaper; the question is whether the index can give the order.
    for (const method of ['seqscan', 'bitmapscan', 'sort', 'incremental_sort'])
      await transaction.raw(`SET LOCAL enable_${method} = off`);
    const order = orderBy(entity, 't', sort.map(key));
    const { rows } = await transaction.raw<{ rows: { 'QUERY PLAN': string }[] }>(
      `EXPLAIN SELECT t.id FROM ${entity.qualifiedTable} t WHERE ${where} ORDER BY ${order} LIMIT 10`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}

test.each([
  ['books', ['-pages'], `t.author_id = '0190a5b0-0000-7000-8000-000000000001'`],
  ['books', ['-created_at', 'title'], 'true'],
  ['authors', ['born'], 'true'],
  ['authors', ['-created_at'], 'true'],
  ['authors', ['created_at'], 'true'],
])('%s sorted by %j where %s', async (entity, sort, where) => {
  const plan = await planOf(entity === 'books' ? books : authors, sort, where);
  expect(plan).toMatch(/Index (Only )?Scan/);
  expect(plan).not.toMatch(/Sort/);
});
