// A change of type while others write: both columns hold the same all the way, and the way back loses nothing.
import { describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { planSchema } from '../../server/tables/plan.ts';
import { schemaModel } from '../../server/tables/schema-model.ts';
import { migrate, plan } from '../../server/versions/migrate.ts';
import { rollback } from '../../server/versions/roll-back.ts';
import { withSession } from '../../server/versions/session.ts';
import { authors, books, library, loans, remarks, withTargets, writings } from '../tables/support/library.ts';
import { type SmallEntity, smallRegistry } from '../tables/support/registry.ts';
import { freshDatabases } from './support/library-database.ts';

const registry = smallRegistry(library);
const knex = freshDatabases(registry);

const withShelf = (shelf: SmallEntity['fields'][string], name = 'shelf') => {
  const { shelf: _old, ...fields } = books.fields;
  return smallRegistry([authors, writings, remarks, loans, { ...books, fields: { ...fields, [name]: shelf } }], {
    version: 'b2',
  });
};
const asInteger = withShelf({ id: 'fld_shelf', type: 'integer' });
const table = () => knex()('library.lib_books');

async function addBook(values: Record<string, unknown>): Promise<string> {
  const id = uuidv7();
  await table().insert({ id, title: 'A', ...values });
  return id;
}
const read = async (id: string) => (await table().where({ id }))[0];

/** Runs the steps of the phases, as whoever carries a version through does. */
async function runPhases(...phases: readonly string[]) {
  const { steps } = planSchema(schemaModel(registry), schemaModel(asInteger));
  await withSession(knex(), async (session) => {
    for (const step of steps.filter(({ phase }) => phases.includes(phase)))
      for (const statement of step.up) await session.query(statement, step.batched === true ? [null, 1000] : []);
  });
}
const nameOf = async (like: string): Promise<string> => {
  const { rows } = await knex().raw(
    `SELECT attname FROM pg_attribute WHERE attrelid = 'library.lib_books'::regclass AND attname LIKE '${like}' AND NOT attisdropped`,
  );
  return rows[0]?.attname ?? '';
};

describe('while both columns are there', () => {
  test('whoever writes one has written the other, before, between and after the swap', async () => {
    const [old, emptied] = [await addBook({ shelf: '007' }), await addBook({ shelf: null })];
    await runPhases('expand');
    const next = await nameOf('shelf\\_\\_next%');
    expect(await read(old)).toMatchObject({ shelf: '007', [next]: 7 });
    const [byOld, byNew] = [await addBook({ shelf: '12' }), await addBook({ shelf: null, [next]: 13 })];
    expect(await read(byOld)).toMatchObject({ shelf: '12', [next]: 12 });
    expect(await read(byNew)).toMatchObject({ shelf: '13', [next]: 13 });
    await table().where({ id: old }).update({ shelf: '8' });
    await table()
      .where({ id: emptied })
      .update({ [next]: 9 });
    expect([await read(old), await read(emptied)]).toMatchObject([
      { shelf: '8', [next]: 8 },
      { shelf: '9', [next]: 9 },
    ]);

    await runPhases('prepare');
    const aside = await nameOf('shelf\\_\\_retired%');
    await table()
      .where({ id: old })
      .update({ [aside]: '20' });
    expect(await read(old)).toMatchObject({ [aside]: '20', [next]: 20 });

    await runPhases('swap');
    await table().where({ id: old }).update({ shelf: 21 });
    await table()
      .where({ id: byNew })
      .update({ [aside]: '22' });
    await table().where({ id: byOld }).update({ shelf: null });
    expect([await read(old), await read(byNew), await read(byOld)]).toMatchObject([
      { shelf: 21, [aside]: '21' },
      { shelf: 22, [aside]: '22' },
      { shelf: null, [aside]: null },
    ]);
    await runPhases('settle');
    const { rows } = await knex().raw(`SELECT tgname FROM pg_trigger WHERE NOT tgisinternal`);
    expect(rows).toEqual([]);
  });

  test('what keeps them equal carries the prefix of the application, like everything that it makes', async () => {
    await runPhases('expand');
    const { rows } = await knex().raw(
      `SELECT tgname AS trigger, proname AS function FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT tgisinternal`,
    );
    expect(rows).toEqual([
      { trigger: expect.stringMatching(/^lib_books_\w{8}_sync$/), function: expect.stringMatching(/^lib_books_\w{8}_sync$/) },
    ]);
  });

  test('a value that the coming type cannot hold is refused, not lost', async () => {
    await addBook({ shelf: '1' });
    await runPhases('expand');
    await expect(addBook({ shelf: 'upstairs' })).rejects.toMatchObject({ code: '23514' });
  });
});

describe('the way back', () => {
  test('a value that was not touched has its old spelling, one that was written meanwhile its new value', async () => {
    const [untouched, changed] = [await addBook({ shelf: '007' }), await addBook({ shelf: '008' })];
    await migrate(knex(), asInteger);
    await table().where({ id: changed }).update({ shelf: 9 });
    const added = await addBook({ shelf: 10 });
    await rollback(knex(), registry);
    expect([await read(untouched), await read(changed), await read(added)]).toMatchObject([
      { shelf: '007' },
      { shelf: '9' },
      { shelf: '10' },
    ]);
  });

  test('the way back of the way back finds what was written in between', async () => {
    const [one, two] = [await addBook({ shelf: '1' }), await addBook({ shelf: '2' })];
    await migrate(knex(), asInteger);
    await table().where({ id: one }).update({ shelf: 11 });
    await rollback(knex(), registry);
    await table().where({ id: two }).update({ shelf: '22' });
    const three = await addBook({ shelf: '3' });
    await migrate(knex(), asInteger);
    expect([await read(one), await read(two), await read(three)]).toMatchObject([{ shelf: 11 }, { shelf: 22 }, { shelf: 3 }]);
    await rollback(knex(), registry);
    expect(await read(two)).toMatchObject({ shelf: '22' });
  });
});

test('a field may change its type and its name at once', async () => {
  const id = await addBook({ shelf: '5' });
  const next = withShelf({ id: 'fld_shelf', type: 'integer' }, 'place');
  await migrate(knex(), next);
  expect((await plan(knex(), next)).steps).toEqual([]);
  expect(await read(id)).toMatchObject({ place: 5 });
  await rollback(knex(), registry);
  expect(await read(id)).toMatchObject({ shelf: '5' });
});

test('an index over the column is there under its name before, meanwhile built anew, and there after it', async () => {
  const indexed = (type: string) => withShelf({ id: 'fld_shelf', type, index: true });
  await migrate(knex(), indexed('text'));
  const definitions = async () =>
    (
      await knex().raw<{ rows: { name: string; valid: boolean }[] }>(
        `SELECT c.relname || ' ' || pg_get_indexdef(i.indexrelid, 1, true) AS name, i.indisvalid AS valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         WHERE i.indrelid = 'library.lib_books'::regclass AND pg_get_indexdef(i.indexrelid, 1, true) = 'shelf'`,
      )
    ).rows;
  const before = await definitions();
  expect(before).toHaveLength(1);
  await migrate(knex(), indexed('integer'));
  expect(await definitions()).toEqual(before);
  await rollback(knex(), registry);
  expect(await definitions()).toEqual(before);
});

test('two entities may exchange their names', async () => {
  const [author] = [uuidv7()];
  await knex()('library.lib_authors').insert({ id: author, name: 'Ada' });
  const book = await addBook({ author_id: author });
  const named: Record<string, string> = { authors: 'books', books: 'authors' };
  const other = (name: string): string => named[name] ?? name;
  const exchanged = smallRegistry(
    library.map((entity) => ({ ...withTargets(entity, other), name: other(entity.name) })),
    { version: 'c3' },
  );
  const { steps } = await plan(knex(), exchanged);
  expect(steps.filter(({ kind }) => kind === 'renameTable').map(({ phase }) => phase)).toEqual([
    'prepare',
    'prepare',
    'swap',
    'swap',
  ]);
  await migrate(knex(), exchanged);
  expect((await knex()('library.lib_authors').where({ id: book }))[0]).toMatchObject({ title: 'A', author_id: author });
  await rollback(knex(), registry);
  expect(await read(book)).toMatchObject({ title: 'A' });
});
