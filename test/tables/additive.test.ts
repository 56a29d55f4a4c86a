// What start may do by itself: only steps that disturb nobody, and always a way that the full plan completes.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { additiveTarget } from '../../server/tables/additive.ts';
import { planSchema } from '../../server/tables/plan.ts';
import { schemaModel } from '../../server/tables/schema-model.ts';
import type { SchemaModel } from '../../server/tables/schema-types.ts';
import { migrate, status } from '../../server/versions/migrate.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { authors, books, library, loans, remarks, writings } from './support/library.ts';
import { smallRegistry } from './support/registry.ts';
import { world } from './support/worlds.ts';

const models = world.map(schemaModel);

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('start adds what is new and leaves removals and tightening to migrate', async () => {
  const { knex } = database;
  await migrate(knex, smallRegistry([authors, books, writings, remarks, loans]), { additiveOnly: true });
  const next = changed('title');
  const before = await status(knex, next);
  expect(before.pending).toBeGreaterThan(before.additive);
  const { applied, pending, version } = await migrate(knex, next, { additiveOnly: true });
  expect(version).toBe(2);
  expect(applied).toHaveLength(before.additive);
  expect(new Set(applied.map((step) => step.kind))).toEqual(new Set(['addColumn', 'createIndex', 'createTable', 'dropNotNull']));
  expect(pending.map((step) => step.kind)).toEqual(expect.arrayContaining(['retireColumn', 'addNotNullCheck', 'dropIndex']));
  await knex('library.lib_books').insert({ id: uuidv7(), title: 'old form still works', isbn: '1', rank: 3 });
  expect((await migrate(knex, next, { additiveOnly: true })).applied).toEqual([]);
  expect((await migrate(knex, next)).pending).toEqual([]);
});

test('where something takes another name start does nothing: what it published could not be served', async () => {
  const { knex } = database;
  const next = changed('heading');
  const { version } = await migrate(knex, changed('title'));
  const { applied, pending, version: after } = await migrate(knex, next, { additiveOnly: true });
  expect({ applied, after }).toEqual({ applied: [], after: version });
  expect(pending.map((step) => step.kind)).toContain('renameColumn');
  expect((await migrate(knex, next)).pending).toEqual([]);
  expect(await knex('library.lib_books').select('heading')).toEqual([{ heading: 'old form still works' }]);
});

/** The library without two fields, with three more, a looser one under the given name, a stricter one and another entity. */
function changed(title: string) {
  const { isbn: _gone, title: _title, ...fields } = books.fields;
  const born = { id: 'fld_born', type: 'date', required: true };
  const author = { id: 'rel_author', kind: 'belongsTo', entity: 'authors', field: 'author_id', onDelete: 'restrict' } as const;
  const more = {
    [title]: { id: 'fld_title', type: 'text' },
    summary: { id: 'fld_summary', type: 'longText' },
    rank: { id: 'fld_rank', type: 'integer', index: true },
  };
  return smallRegistry(
    [
      { ...authors, fields: { ...authors.fields, born } },
      { ...books, fields: { ...fields, ...more }, relations: { author }, indexes: [], search: [] },
      ...[writings, remarks, loans],
      { id: 'ent_shelves', name: 'shelves', fields: { name: { id: 'fld_name', type: 'text' } } },
    ],
    { version: 'b2' },
  );
}

const planChanges = (from: SchemaModel | null, to: SchemaModel) => planSchema(from, to).steps;
const appliedModel = (from: SchemaModel | null, to: SchemaModel) => planSchema(from, to).model;

test('between any two schemas the additive part has additive steps only, and the rest completes it', () => {
  fc.assert(
    fc.property(models, models, models, (first, second, third) => {
      const from = appliedModel(first, second);
      const target = additiveTarget(from, third);
      const steps = planChanges(from, target);
      expect(steps.filter((step) => !step.additive)).toEqual([]);
      expect(planChanges(appliedModel(from, target), target)).toEqual([]);
      expect(planChanges(appliedModel(appliedModel(from, target), third), third)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('the steps of a plan have ids of their own', () => {
  fc.assert(
    fc.property(models, models, (from, to) => {
      const ids = planChanges(from, to).map((step) => step.id);
      expect(new Set(ids).size).toBe(ids.length);
    }),
  );
});

test('an empty database takes everything', () => {
  const model = schemaModel(smallRegistry(library));
  expect(planChanges(null, model).every((step) => step.additive)).toBe(true);
});
