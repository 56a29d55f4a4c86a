// Objection models of a registry: rows go in and come out, and relations lead where the metadata says.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { modelsOf } from '../../server/tables/models.ts';
import { migrate } from '../../server/versions/migrate.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { library } from './support/library.ts';
import { smallRegistry } from './support/registry.ts';

let database: TestDatabase;
const registry = smallRegistry(library);
beforeAll(async () => {
  database = await testDatabase();
  await migrate(database.knex, registry);
});
afterAll(() => database.drop());

const model = (name: string) => {
  const found = modelsOf(registry).get(name);
  if (found === undefined) throw new Error(name);
  return found;
};

test('there is one model an entity, and the same ones for the same registry', () => {
  expect([...modelsOf(registry).keys()]).toEqual(library.map((entity) => entity.name));
  expect(modelsOf(registry)).toBe(modelsOf(registry));
  expect(modelsOf(smallRegistry(library)).get('books')).not.toBe(model('books'));
  expect(model('loans').idColumn).toEqual(['id', 'created_at']);
});

test('rows are written and read as they are, lists and JSON text included', async () => {
  const id = uuidv7();
  await model('books')
    .query(database.knex)
    .insert({ id, title: 'A', genres: ['novel'], notes: JSON.stringify([1, 'a']), price: '10.50' } as object);
  expect(await model('books').query(database.knex).findById(id)).toMatchObject({
    title: 'A',
    genres: ['novel'],
    notes: [1, 'a'],
    price: '10.50',
  });
  await model('books')
    .query(database.knex)
    .patch({ title: 'B' } as object)
    .where('id', id);
  expect(await database.knex('library.lib_books').where({ id })).toMatchObject([{ title: 'B' }]);
});

test('relations of every kind are followed', async () => {
  const { knex } = database;
  const [mentor, author, book, other, link] = [uuidv7(), uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  await knex('library.lib_authors').insert({ id: mentor, name: 'M' });
  await knex('library.lib_authors').insert({ id: author, name: 'A', mentor_id: mentor });
  await knex('library.lib_books').insert([book, other].map((id) => ({ id, title: id, author_id: author })));
  await knex('library.lib_writings').insert({ id: link, author_id: author, book_id: book });
  await knex('library.lib_writings').insert({ id: uuidv7(), author_id: author, book_id: other, deleted_at: new Date() });
  await knex('library.lib_remarks').insert({ id: uuidv7(), name: 'r', about_type: 'authors', about_id: author });
  await knex('library.lib_remarks').insert({ id: uuidv7(), name: 'not of an author', about_type: 'books', about_id: author });

  const found = await model('authors').query(knex).findById(author).withGraphFetched('[mentor, books_of, books, remarks]');
  expect(found).toMatchObject({ mentor: { name: 'M' }, books: [{ id: book }], remarks: [{ name: 'r' }] });
  expect((found as unknown as { books_of: object[] }).books_of).toHaveLength(2);
});

test('a relation whose far side is not in the registry is no relation of the model', () => {
  const lonely = smallRegistry([{ id: 'e', name: 'things', fields: {}, relations: library[0]?.relations ?? {} }]);
  expect(modelsOf(lonely).get('things')?.getRelations()).toEqual({});
});
