// Stored values that follow a version: options that are replaced or go, entities that take another name; and their way back.
import { expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import type { DataChange } from '../../server/metadata/data-change.ts';
import { applyVersion } from '../../server/versions/apply-version.ts';
import { rollback } from '../../server/versions/roll-back.ts';
import { servicesOf } from '../../server/versions/services.ts';
import { authors, books, library, loans, pointToVolumes, remarks, writings } from '../tables/support/library.ts';
import { smallRegistry } from '../tables/support/registry.ts';
import { freshDatabases } from './support/library-database.ts';

const registry = smallRegistry(library);
const knex = freshDatabases(registry);

const signed = { kind: 'change', author: null, reason: null } as const;
async function change(data: readonly DataChange[], wanted = smallRegistry(library, { version: 'b2' })): Promise<void> {
  const services = servicesOf(knex(), registry);
  const { done } = await applyVersion({ ...services, timing: { batchRows: 2 } }, { wanted, data, ...signed });
  await done;
}

async function addBook(values: Record<string, unknown>): Promise<string> {
  const id = uuidv7();
  await knex()('library.lib_books').insert({ id, title: 'A', ...values });
  return id;
}
const column = async (name: string, ids: readonly string[]): Promise<readonly unknown[]> => {
  const rows = (await knex()('library.lib_books').whereIn('id', ids)) as { id: string; [key: string]: unknown }[];
  return ids.map((id) => rows.find((row) => row.id === id)?.[name]);
};

const shelves = (values: Record<string, string | null>): DataChange => ({
  kind: 'replaceValues',
  entityId: 'ent_books',
  columnId: 'fld_shelf',
  values,
});

test('values that are replaced come back one by one, though several had become one', async () => {
  const ids = [];
  for (const shelf of ['a', 'b', 'c', 'd', null]) ids.push(await addBook({ shelf }));
  await change([shelves({ a: 'x', b: 'x', c: null })]);
  expect(await column('shelf', ids)).toEqual(['x', 'x', null, 'd', null]);
  const added = await addBook({ shelf: 'x' });
  await knex()('library.lib_books').where({ id: ids[0] }).update({ shelf: 'd' });
  await rollback(knex(), registry);
  expect(await column('shelf', [...ids, added])).toEqual(['d', 'b', 'c', 'd', null, 'x']);
  expect(await knex()('library.lib_meta_undo')).toEqual([]);
});

test('records written since have the old option again, too, where the new one is none on the way back', async () => {
  const before = [await addBook({ shelf: 'a', genres: ['a', 'z'] })];
  const genres = { kind: 'replaceValues', entityId: 'ent_books', columnId: 'fld_genres' } as const;
  await change([
    { ...shelves({ a: 'x', b: 'x' }), back: { x: 'a' } } as DataChange,
    { ...genres, values: { a: 'x' }, back: { x: 'a' } },
  ]);
  const since = await addBook({ shelf: 'x', genres: ['x', 'y'] });
  await rollback(knex(), registry);
  expect([await column('shelf', [...before, since]), await column('genres', [...before, since])]).toEqual([
    ['a', 'a'],
    [
      ['a', 'z'],
      ['a', 'y'],
    ],
  ]);
});

test('the way back of the way back replaces them again', async () => {
  const ids = [await addBook({ shelf: 'a' }), await addBook({ shelf: 'b' })];
  await change([shelves({ a: 'x' })]);
  await rollback(knex(), registry);
  const later = await addBook({ shelf: 'a' });
  await rollback(knex(), registry, { to: 2 });
  expect(await column('shelf', [...ids, later])).toEqual(['x', 'b', 'x']);
});

test('in lists each value is replaced where it stands, and none is there twice', async () => {
  const lists = [['a', 'b', 'z'], ['b', 'a'], ['x', 'a'], ['c'], ['z'], null];
  const ids = [];
  for (const genres of lists) ids.push(await addBook({ genres }));
  const genres = { kind: 'replaceValues', entityId: 'ent_books', columnId: 'fld_genres' } as const;
  await change([{ ...genres, values: { a: 'x', b: 'y', c: null } }]);
  expect(await column('genres', ids)).toEqual([['x', 'y', 'z'], ['y', 'x'], ['x'], [], ['z'], null]);
  await rollback(knex(), registry);
  expect(await column('genres', ids)).toEqual(lists);
});

test('an option that goes without a word of what replaces it is held by the records that have it', async () => {
  const [held] = [await addBook({ shelf: 'a' }), await addBook({ shelf: 'b' })];
  const withdrawn = { kind: 'withdrawValues', entityId: 'ent_books', columnId: 'fld_shelf' } as const;
  await expect(change([{ ...withdrawn, values: ['a', 'q'] }])).rejects.toMatchObject({
    code: 'conflict',
    extra: {
      blockers: [{ code: 'options_in_use', pointer: '/entities/books/fields/shelf', examples: [held], total: 1 }],
    },
  });
  await knex()('library.lib_books').where({ id: held }).update({ shelf: null });
  await change([{ ...withdrawn, values: ['a'] }], smallRegistry([authors, writings, remarks, loans, { ...books, search: [] }]));
});

test('references to records of any kind follow the name of the entity, both ways', async () => {
  const [about, other] = [await addBook({}), uuidv7()];
  const remark = (type: string, id: string) => ({ id: uuidv7(), name: 'r', about_type: type, about_id: id });
  const three = [remark('books', about), remark('books', about), remark('authors', other)];
  await knex()('library.lib_remarks').insert(three);
  const types = async () =>
    ((await knex()('library.lib_remarks').orderBy('id')) as { about_type: string }[]).map((row) => row.about_type);
  const volumes = smallRegistry([authors, writings, remarks, loans, { ...books, name: 'volumes' }].map(pointToVolumes));
  await change([{ kind: 'renameEntityValue', from: 'books', to: 'volumes' }], volumes);
  expect(await types()).toEqual(['volumes', 'volumes', 'authors']);
  await rollback(knex(), registry);
  expect(await types()).toEqual(['books', 'books', 'authors']);
});
