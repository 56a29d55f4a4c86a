// Registry → schema model: columns, defaults, keys and the indexes that lists need.
import { describe, expect, test } from '@jest/globals';
import { columnDefinition } from '../../server/tables/ddl.ts';
import { maxNameLength, objectName, partitionName, retiredName } from '../../server/tables/names.ts';
import { orderRenames } from '../../server/tables/rename-order.ts';
import { schemaModel } from '../../server/tables/schema-model.ts';
import { books, library, loans } from './support/library.ts';
import { type SmallEntity, smallRegistry } from './support/registry.ts';

const model = schemaModel(smallRegistry(library));
const tableOf = (name: string) => {
  const table = model.tables.find((candidate) => candidate.entity === name);
  if (table === undefined) throw new Error(name);
  return table;
};
const indexTexts = (name: string): string[] =>
  tableOf(name).indexes.map(
    (index) =>
      `${index.unique ? 'unique ' : ''}${index.method === 'trigram' ? 'trigram ' : ''}${index.columns
        .map((column) => `${column.name}${column.order === 'ASC' ? '' : ` ${column.order}`}`)
        .join(', ')}`,
  );
const one = (over: Partial<SmallEntity>) => schemaModel(smallRegistry([{ id: 'e', name: 'things', fields: {}, ...over }]));

describe('columns', () => {
  test('a composite or money field has all of its columns, by ids of their own', () => {
    const columns = tableOf('books').columns.map((column) => column.id);
    expect(columns).toEqual(expect.arrayContaining(['fld_address_city', 'fld_price', 'sys_id']));
    expect(new Set(columns).size).toBe(columns.length);
  });

  test('a required field is not null, an address that is required may lack any of its parts', () => {
    const [table] = one({
      fields: { home: { id: 'f', type: 'address', required: true }, name: { id: 'g', type: 'text', required: true } },
    }).tables;
    const required = table?.columns.filter((column) => column.notNull).map((column) => column.name);
    expect(required).toEqual(['id', 'name', 'version', 'display_name', 'created_at', 'updated_at']);
  });

  test('constants become defaults of the column, quoted; everything else is left to the repository', () => {
    const defaults = (type: string, value: unknown, extra: object = {}) => {
      const [table] = one({ fields: { x: { id: 'f', type, default: value, ...extra } } }).tables;
      return table?.columns.find((column) => column.name === 'x')?.default;
    };
    expect(defaults('text', 'O\'Neil \\ "q"')).toBe(`'O''Neil \\ "q"'`);
    expect(defaults('text', { fact: 'actor.id' })).toBeNull();
    expect(defaults('integer', 5)).toBe('5');
    expect(defaults('integer', '1; DROP TABLE x')).toBeNull();
    expect(defaults('decimal', '-1.50', { precision: 10, scale: 2 })).toBe('-1.50');
    expect(defaults('boolean', false)).toBe('false');
    expect(defaults('boolean', 'yes')).toBeNull();
    expect(defaults('date', '2026-02-01')).toBe(`'2026-02-01'::date`);
    expect(defaults('date', 'today')).toBeNull();
    expect(defaults('multiSelect', ['a', "b'"], { options: [] })).toBe(`ARRAY['a', 'b''']::text[]`);
    expect(defaults('multiSelect', [], { options: [] })).toBe(`'{}'::text[]`);
    expect(defaults('multiSelect', [1], { options: [] })).toBeNull();
    expect(defaults('json', { a: "'" })).toMatch(/^'\{"a":"''"\}'::jsonb?$/);
    expect(defaults('address', { city: 'x' })).toBeUndefined();
  });

  test('a collation of the field type is the collation of the column', () => {
    const column = { id: 'c', name: 'a"b', type: 'text', notNull: true, default: "''", collation: 'und-x-icu' };
    expect(columnDefinition(column)).toBe(`"a""b" text COLLATE "und-x-icu" NOT NULL DEFAULT ''`);
  });
});

describe('indexes', () => {
  test('stand in the order in which lists sort: nulls last, id behind, in the direction of the last key', () => {
    expect(indexTexts('books')).toEqual([
      'author_id, pages DESC NULLS LAST, id DESC',
      'created_at DESC, title, id',
      'unique author_id, title',
      'unique isbn',
      'unique external_id',
      'successor_id, id',
      'trigram search_text',
    ]);
    expect(indexTexts('remarks')).toEqual(['about_type, about_id, id', 'created_at DESC, id DESC']);
    expect(indexTexts('authors')).toEqual(['mentor_id, id', 'born, id', 'created_at DESC, id DESC', 'trigram search_text']);
  });

  test('two that ask for the same are one', () => {
    expect(one({ indexes: [{ fields: ['created_at'] }, { fields: ['created_at'] }] }).tables[0]?.indexes).toHaveLength(2);
  });

  test('a part of a composite field can be indexed', () => {
    const [table] = one({ fields: { home: { id: 'f', type: 'address' } }, indexes: [{ fields: ['home.city', 'id'] }] }).tables;
    expect(table?.indexes[0]?.columns.map((column) => column.name)).toEqual(['home_city', 'id']);
  });

  test('a field that is not there is refused', () => {
    expect(() => one({ indexes: [{ fields: ['nothing'] }] })).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        errors: [expect.objectContaining({ pointer: '/entities/things/indexes' })],
      }),
    );
  });

  test('nothing can be unique over monthly partitions', () => {
    expect(() =>
      schemaModel(smallRegistry([{ ...loans, relations: {}, indexes: [{ fields: ['name'], unique: true }] }])),
    ).toThrow(expect.objectContaining({ code: 'validation_failed' }));
  });

  test('a unique relation gets a unique index', () => {
    const [table] = one({
      relations: { twin: { id: 'r', kind: 'belongsTo', entity: 'things', field: 'twin_id', unique: true, onDelete: 'detach' } },
    }).tables;
    expect(table?.indexes.filter((index) => index.unique).map((index) => index.columns[0]?.name)).toEqual(['twin_id']);
  });
});

describe('foreign keys', () => {
  test('stand between tables of the schema, never to or from a partitioned one', () => {
    expect(tableOf('books').foreignKeys.map((key) => `${key.column} → ${key.targetTable}`)).toEqual([
      'author_id → lib_authors',
      'successor_id → lib_books',
    ]);
    expect(tableOf('loans').foreignKeys).toEqual([]);
    expect(tableOf('loans').primaryKey.columns).toEqual(['id', 'created_at']);
  });
});

describe('names', () => {
  const long = 'a'.repeat(51);

  test('fit into 63 bytes, and differ where only the cut part differs', () => {
    const entities = ['x', 'y'].map((letter) => ({
      ...books,
      id: `ent_${letter}`,
      name: `${long}${letter}`,
      relations: {},
      indexes: [{ fields: ['title'] }],
    }));
    const { tables } = schemaModel(smallRegistry(entities));
    const names = tables.flatMap((table) => [table.primaryKey.name, ...table.indexes.map((index) => index.name)]);
    expect(names.every((name) => Buffer.byteLength(name) <= maxNameLength)).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });

  test('of partitions and retired things fit too', () => {
    const table = `lib_${long}`;
    const parts = [
      partitionName(table, 'y2026m11'),
      partitionName(`${table}b`, 'y2026m11'),
      partitionName(table, 'default'),
      retiredName(table, 'id'),
    ];
    expect(parts.every((name) => name.length <= maxNameLength)).toBe(true);
    expect(new Set(parts).size).toBe(4);
    expect(partitionName('lib_loans', 'y2026m11')).toBe('lib_loans_y2026m11');
    expect(objectName('lib_tags', '0a1b2c3d', 'idx')).toBe('lib_tags_0a1b2c3d_idx');
  });

  test('too long for a table, or taken by the engine, are refused with a sentence each', () => {
    const refusal = (entity: SmallEntity, prefix: string) => {
      try {
        schemaModel(smallRegistry([entity], { prefix }));
      } catch (error) {
        return (error as { errors: { detail: string }[] }).errors.map((issue) => issue.detail);
      }
      return [];
    };
    expect(refusal({ id: 'e', name: long, fields: {} }, 'a_very_long_prefix_')).toEqual([
      expect.stringContaining('longer than 63 bytes'),
    ]);
    expect(refusal({ id: 'e', name: 'outbox', fields: {} }, 'lib_')).toEqual(['"lib_outbox" is a table of the engine.']);
    const twice = { a: { id: 'f', type: 'text' }, b: { id: 'f', type: 'text' } };
    expect(refusal({ id: 'e', name: 'things', fields: twice }, 'lib_')).toEqual(['Two columns have the id "f".']);
  });
});

test('the model is plain JSON and depends on nothing but the metadata', () => {
  expect(JSON.parse(JSON.stringify(model))).toEqual(model);
  expect(schemaModel(smallRegistry([...library].reverse()))).toEqual(model);
});

test('renames never meet a name that is still taken', () => {
  const names = new Set(['a', 'b', 'c', 'd']);
  const wanted = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'c', to: 'a' },
    { from: 'd', to: 'e' },
  ];
  for (const { from, to } of orderRenames(wanted)) {
    expect(names.has(to)).toBe(false);
    names.delete(from);
    names.add(to);
  }
  expect([...names].sort()).toEqual(['a', 'b', 'c', 'e']);
});
