// What a change of the metadata does to rows that are already there, and what going back brings.
import { describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { migrate, plan } from '../../server/versions/migrate.ts';
import { rollback } from '../../server/versions/roll-back.ts';
import { authors, books, library, loans, pointToVolumes, remarks, writings } from '../tables/support/library.ts';
import { type SmallEntity, smallRegistry } from '../tables/support/registry.ts';
import { schemaDump } from '../tables/support/schema-dump.ts';
import { freshDatabases } from './support/library-database.ts';

const registry = smallRegistry(library);
const knexNow = freshDatabases(registry);

/** The library with other books. */
const withBooks = (over: Partial<SmallEntity>, rest: readonly SmallEntity[] = [authors, writings, remarks, loans]) =>
  smallRegistry([...rest, { ...books, ...over }], { version: 'b2' });

const without = (name: string) => Object.fromEntries(Object.entries(books.fields).filter(([key]) => key !== name));

async function addBook(values: Record<string, unknown>): Promise<string> {
  const id = uuidv7();
  await knexNow()('library.lib_books').insert({ id, title: 'A', ...values });
  return id;
}
const dump = () => schemaDump(knexNow(), 'library');
const read = async (id: string) => (await knexNow()('library.lib_books').where({ id }))[0];

/** Applies, goes back, and finds the schema as it was, but for what had been added and holds values by now. */
async function thereAndBack(next: ReturnType<typeof withBooks>, between: () => Promise<void>): Promise<void> {
  const visible = async () => (await dump()).filter((line) => !line.includes('__retired_'));
  const before = await visible();
  const { baseVersion } = await plan(knexNow(), next);
  await migrate(knexNow(), next);
  expect((await plan(knexNow(), next)).steps).toEqual([]);
  await between();
  expect(await rollback(knexNow(), registry)).toMatchObject({ to: baseVersion });
  expect(await visible()).toEqual(before);
}

describe('names', () => {
  test('a renamed field keeps its values and its unique index, there and back', async () => {
    const id = await addBook({ isbn: '123' });
    const next = withBooks({
      fields: { ...without('isbn'), code: { id: 'fld_isbn', type: 'text', unique: true } },
      search: ['title'],
    });
    expect((await plan(knexNow(), next)).steps.map((step) => step.kind)).toEqual(['renameColumn']);
    await thereAndBack(next, async () => {
      expect((await read(id)).code).toBe('123');
      await expect(addBook({ code: '123' })).rejects.toMatchObject({ code: '23505' });
    });
    expect((await read(id)).isbn).toBe('123');
  });

  test('two fields can swap their names', async () => {
    const id = await addBook({ isbn: 'i', shelf: 's' });
    const { isbn, shelf } = books.fields;
    const next = withBooks({ fields: { ...books.fields, ...(shelf && isbn ? { isbn: shelf, shelf: isbn } : {}) } });
    await thereAndBack(next, async () => {
      expect(await read(id)).toMatchObject({ isbn: 's', shelf: 'i' });
    });
    expect(await read(id)).toMatchObject({ isbn: 'i', shelf: 's' });
  });

  test('a renamed entity keeps its rows, and its indexes and keys take the new name', async () => {
    const id = await addBook({});
    const next = smallRegistry([authors, writings, remarks, loans, { ...books, name: 'volumes' }].map(pointToVolumes), {
      version: 'c3',
    });
    await thereAndBack(next, async () => {
      expect(await knexNow()('library.lib_volumes').where({ id })).toHaveLength(1);
      expect((await dump()).filter((line) => line.includes('lib_books'))).toEqual([]);
    });
  });

  test('a renamed partitioned entity takes its new months under the new name', async () => {
    const next = smallRegistry([authors, books, writings, remarks, { ...loans, name: 'lendings' }], { version: 'c4' });
    await thereAndBack(next, async () => {
      await knexNow()('library.lib_lendings').insert({ id: uuidv7(), name: 'x' });
    });
  });
});

describe('what goes is set aside', () => {
  test('going back gives the values of a removed field, its default and its indexes', async () => {
    const id = await addBook({ isbn: '9', lent: true });
    const fields = { ...without('lent') };
    delete fields['isbn'];
    await thereAndBack(withBooks({ fields, search: ['title'] }), async () => {
      expect(Object.keys(await read(id)).filter((name) => /^(isbn|lent)$/.test(name))).toEqual([]);
      await addBook({ title: 'written meanwhile' });
    });
    expect(await read(id)).toMatchObject({ isbn: '9', lent: true });
    expect(await knexNow()('library.lib_books').where({ title: 'written meanwhile' })).toMatchObject([
      { lent: false, isbn: null },
    ]);
  });

  test('a required field without a default comes back nullable when rows were written without it', async () => {
    const [title, ...others] = ['title', 'isbn'];
    const id = await addBook({ title: 'kept' });
    await migrate(knexNow(), withBooks({ fields: without(title), indexes: [], search: others }));
    await knexNow()('library.lib_books').insert({ id: uuidv7() });
    await rollback(knexNow(), registry);
    expect((await read(id)).title).toBe('kept');
    expect((await dump()).filter((line) => line.startsWith('column: lib_books.title'))).toEqual([
      expect.stringMatching(/^column: lib_books.title text( collate \S+)?$/),
    ]);
  });

  test('a field that comes back by its id finds its values again', async () => {
    const id = await addBook({ isbn: '77' });
    await migrate(knexNow(), withBooks({ fields: without('isbn'), search: ['title'] }));
    await migrate(knexNow(), registry);
    expect((await read(id)).isbn).toBe('77');
    await expect(addBook({ isbn: '77' })).rejects.toMatchObject({ code: '23505' });
  });

  test('another field may take the name of one that went', async () => {
    const id = await addBook({ shelf: 'old' });
    await migrate(knexNow(), withBooks({ fields: { ...without('shelf'), shelf: { id: 'fld_other', type: 'integer' } } }));
    expect((await read(id)).shelf).toBeNull();
  });

  test('a removed entity comes back with its rows and keys, by rollback and by its id', async () => {
    const id = uuidv7();
    await knexNow()('library.lib_writings').insert({ id, name: 'w', book_id: await addBook({}) });
    const next = smallRegistry([authors, books, remarks, loans], { version: 'b2' });
    await thereAndBack(next, async () => {
      expect((await dump()).filter((line) => line.startsWith('table: lib_writings '))).toEqual([]);
    });
    expect(await knexNow()('library.lib_writings').where({ id })).toHaveLength(1);

    const before = await dump();
    await migrate(knexNow(), next);
    await knexNow()('library.lib_books').delete();
    await expect(migrate(knexNow(), registry)).rejects.toMatchObject({
      code: 'conflict',
      extra: { blockers: [{ code: 'orphans', examples: [id] }] },
    });
    await knexNow().raw(
      `INSERT INTO library.lib_books (id, title) SELECT book_id, 'again' FROM library."${await retiredWritings()}"`,
    );
    await migrate(knexNow(), registry);
    expect(await dump()).toEqual(before);
  });
});

async function retiredWritings(): Promise<string> {
  const line = (await dump()).find((candidate) => candidate.startsWith('table: lib_writings__retired_'));
  return line?.split(' ')[1] ?? '';
}

describe('blockers', () => {
  test('a field that becomes required blocks while rows lack it, and names them', async () => {
    const id = await addBook({});
    await addBook({ isbn: '1' });
    const next = withBooks({ fields: { ...books.fields, isbn: { id: 'fld_isbn', type: 'text', unique: true, required: true } } });
    const { blockers, baseVersion, steps } = await plan(knexNow(), next);
    expect(blockers).toMatchObject([{ code: 'nulls', pointer: '/entities/books/fields/isbn', examples: [id], total: 1 }]);
    expect(baseVersion).toBe(1);
    expect(steps.map((step) => [step.kind, step.rows, step.cost])).toEqual([
      ['addNotNullCheck', 2, 'instant'],
      ['validateNotNull', 2, 'scan'],
      ['setNotNull', 2, 'instant'],
    ]);
    const before = await dump();
    await expect(migrate(knexNow(), next)).rejects.toMatchObject({ code: 'conflict', errors: [{ code: 'nulls' }] });
    expect(await dump()).toEqual(before);
    await knexNow()('library.lib_books').where({ id }).update({ isbn: '2' });
    await thereAndBack(next, async () => {
      await expect(addBook({})).rejects.toMatchObject({ code: '23502' });
    });
  });

  test('a new required field without a default blocks on a table with rows, with one it fills them', async () => {
    const id = await addBook({});
    const added = (extra: object) =>
      withBooks({ fields: { ...books.fields, state: { id: 'fld_state', type: 'text', required: true, ...extra } } });
    expect((await plan(knexNow(), added({}))).blockers).toMatchObject([{ code: 'nulls', examples: [id] }]);
    await thereAndBack(added({ default: 'new' }), async () => {
      expect((await read(id)).state).toBe('new');
    });
    await knexNow()('library.lib_books').delete();
    await thereAndBack(added({}), async () => {
      await expect(addBook({})).rejects.toMatchObject({ code: '23502' });
    });
  });

  test('a field that becomes unique blocks while live rows share a value', async () => {
    const [a, b] = [await addBook({ shelf: 'x' }), await addBook({ shelf: 'x' })];
    await addBook({ shelf: 'y', deleted_at: new Date() });
    await addBook({ shelf: 'y' });
    await addBook({ shelf: null });
    await addBook({ shelf: null });
    const next = withBooks({
      fields: { ...books.fields, shelf: { id: 'fld_shelf', type: 'text', default: "the 'new' one", unique: true } },
    });
    expect((await plan(knexNow(), next)).blockers).toMatchObject([{ code: 'duplicates', total: 1, examples: [`${a} = ${b}`] }]);
    await knexNow()('library.lib_books').where({ id: a }).update({ deleted_at: new Date() });
    await thereAndBack(next, async () => {
      await expect(addBook({ shelf: 'x' })).rejects.toMatchObject({ code: '23505' });
    });
  });

  test('a relation made of ids that lead nowhere is refused', async () => {
    const { author } = books.relations ?? {};
    if (author === undefined) throw new Error('no relation');
    const free = smallRegistry([
      authors,
      remarks,
      loans,
      { ...books, relations: {}, indexes: [] },
      { ...writings, relations: {} },
    ]);
    await migrate(knexNow(), free);
    const retired = (await dump()).find((line) => line.includes('lib_books.author_id__retired_'));
    const column = /lib_books\.(\w+)/.exec(retired ?? '')?.[1] ?? '';
    const id = await addBook({ [column]: uuidv7() });
    expect((await plan(knexNow(), registry)).blockers).toMatchObject([{ code: 'orphans', examples: [id] }]);
  });

  test('a change of type names the values that would not convert', async () => {
    const id = await addBook({ shelf: 'abc' });
    await addBook({ shelf: '12' });
    const next = withBooks({ fields: { ...books.fields, shelf: { id: 'fld_shelf', type: 'integer' } } });
    expect((await plan(knexNow(), next)).blockers).toMatchObject([{ code: 'unconvertible', examples: [id], total: 1 }]);
    await knexNow()('library.lib_books').where({ id }).update({ shelf: '7' });
    await thereAndBack(next, async () => {
      expect((await read(id)).shelf).toBe(7);
    });
    expect((await read(id)).shelf).toBe('7');
  });

  test('a change that no conversion makes is refused with advice', async () => {
    const next = withBooks({ fields: { ...books.fields, lent: { id: 'fld_lent', type: 'date' } } });
    expect((await plan(knexNow(), next)).blockers).toMatchObject([
      { code: 'unsupported', pointer: '/entities/books/fields/lent' },
    ]);
    await expect(migrate(knexNow(), next)).rejects.toMatchObject({ code: 'conflict' });
    const monthly = smallRegistry([authors, books, writings, loans, { ...remarks, partitioned: true }]);
    expect((await plan(knexNow(), monthly)).blockers.map((blocker) => blocker.code)).toContain('unsupported');
  });
  test('a type of other columns takes nothing of the values, and is refused while there are any', async () => {
    const id = await addBook({ shelf: 'here' });
    const next = withBooks({ fields: { ...books.fields, shelf: { id: 'fld_shelf', type: 'address' } } });
    expect((await plan(knexNow(), next)).blockers).toMatchObject([
      { code: 'unconvertible', pointer: '/entities/books/fields/shelf', examples: [id], total: 1 },
    ]);
    await knexNow()('library.lib_books').where({ id }).update({ shelf: null });
    await thereAndBack(next, async () => {
      expect(await read(id)).toMatchObject({ shelf_city: null });
    });
  });
});

describe('other changes', () => {
  test('indexes, keys, defaults and optional fields come and go', async () => {
    await addBook({});
    const { author, successor } = books.relations ?? {};
    const next = withBooks({
      fields: {
        ...books.fields,
        title: { id: 'fld_title', type: 'text' },
        pages: { id: 'fld_pages', type: 'integer', default: 10, index: true },
        shelf: { id: 'fld_shelf', type: 'text' },
        due: { id: 'fld_due', type: 'date', default: '2026-01-31' },
      },
      relations: {
        ...(author === undefined ? {} : { author }),
        seller: { ...(successor ?? author), id: 'rel_seller', field: 'seller_id' } as never,
      },
      indexes: [{ fields: ['-pages', 'title'] }],
    });
    const kinds = (await plan(knexNow(), next)).steps.map((step) => step.kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['dropForeignKey', 'dropIndex', 'retireColumn', 'addColumn', 'changeDefault', 'dropNotNull']),
    );
    expect(kinds).toEqual(expect.arrayContaining(['createIndex', 'addForeignKey', 'validateForeignKey']));
    await thereAndBack(next, async () => undefined);
  });

  test('an index comes and goes on a partitioned table', async () => {
    const next = smallRegistry([authors, books, writings, remarks, { ...loans, indexes: [{ fields: ['name'] }] }]);
    await thereAndBack(next, async () => undefined);
    await migrate(knexNow(), next);
    const before = await dump();
    await migrate(knexNow(), registry);
    await rollback(knexNow(), registry);
    expect(await dump()).toEqual(before);
  });

  test('a key whose rows were purged meanwhile comes back for new values only', async () => {
    const author = uuidv7();
    await knexNow()('library.lib_authors').insert({ id: author, name: 'a' });
    await addBook({ author_id: author });
    await migrate(
      knexNow(),
      smallRegistry([authors, remarks, loans, { ...books, relations: {}, indexes: [] }, { ...writings, relations: {} }]),
    );
    await knexNow()('library.lib_authors').delete();
    await rollback(knexNow(), registry);
    expect((await dump()).filter((line) => line.includes('author_id') && line.endsWith('(not validated)'))).toHaveLength(1);
    await expect(addBook({ author_id: uuidv7() })).rejects.toMatchObject({ code: '23503' });
  });

  test('going back to a version that never was is refused', async () => {
    await expect(rollback(knexNow(), registry, { to: 7 })).rejects.toMatchObject({ code: 'not_found' });
    expect(await rollback(knexNow(), registry, { to: 1 })).toEqual({ version: 1, to: 1, undone: [] });
  });
});
