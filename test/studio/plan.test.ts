// The plan: each step with its SQL both ways, its lock, cost and rows; what the data say against it; what it touches. Nothing happens.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { schemaDump } from '../tables/support/schema-dump.ts';
import { readings, text } from './support/changes.ts';
import { type JsonRecord, type MetadataApi, metadataApi, pointersOf, recordOf } from './support/metadata-api.ts';

let app: TestApp;
let meta: MetadataApi;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
  meta = metadataApi(app);
  const colours = ['#ff0000', '#ff0000', '#0000ff', null];
  for (const [at, color] of colours.entries())
    await app.request('POST', '/branches', { body: { name: `Branch ${at}`, ...(color === null ? {} : { color }) } });
});
afterAll(() => app.stop());

let before: unknown;
beforeEach(async () => {
  before = [await schemaDump(app.knex, 'library'), app.parts.registry.current().version];
});

/** The plan of the changes, which must have left everything as it was. */
async function planned(...changes: readonly unknown[]) {
  const answer = await meta.plan(...changes);
  expect([answer.status, answer.body['errors']]).toEqual([200, undefined]);
  expect([await schemaDump(app.knex, 'library'), app.parts.registry.current().version]).toEqual(before);
  return recordOf(answer) as never as Record<'steps' | 'blockers' | 'impact' | 'breaking' | 'difference', readonly JsonRecord[]>;
}
const onBranches = (op: string, more: object) => ({ op, entity: 'branches', ...more });

describe('the steps', () => {
  test('have their SQL up and down, lock, cost, rows and time', async () => {
    const plan = await planned(onBranches('addField', { field: { name: 'shade', type: 'color', label: text('Shade') } }));
    expect(plan).toMatchObject({ base_version: 1, blockers: [], impact: [] });
    expect(plan.steps).toMatchObject([
      {
        kind: 'addColumn',
        phase: 'expand',
        entity: 'branches',
        up: [expect.stringMatching(/^ALTER TABLE "library"."lib_branches" ADD COLUMN "shade"/)],
        down: [expect.stringMatching(/^ALTER TABLE "library"."lib_branches" DROP COLUMN "shade"/)],
        lock: 'access exclusive',
        cost: 'instant',
        rows: 4,
        estimate_ms: expect.any(Number),
      },
    ]);
    expect(plan.difference).toMatchObject([{ kind: 'entities', name: 'branches', change: 'added', pointer: '/fields/shade' }]);
  });

  test('of a rename are a rename of the column, between publications that both understand', async () => {
    const plan = await planned(onBranches('renameField', { name: 'color', to: 'colour' }));
    const rename = plan.steps.filter(({ kind }) => kind === 'renameColumn');
    expect(rename).toMatchObject([
      { phase: 'swap', cost: 'instant', up: [expect.stringContaining('RENAME COLUMN "color" TO "colour"')] },
    ]);
    expect(plan.steps.filter(({ kind }) => /drop|addColumn/i.test(String(kind)))).toEqual([]);
    expect(plan.breaking).toMatchObject([{ level: 'deprecated', until: expect.any(String) }]);
  });

  test('of what goes set it aside and drop nothing', async () => {
    const plan = await planned(onBranches('retireField', { name: 'opens_at' }));
    expect(plan.steps.map(({ kind }) => kind)).toContain('retireColumn');
    expect(JSON.stringify(plan.steps.map(({ up }) => up))).not.toMatch(/DROP (COLUMN|TABLE)/);
    expect(plan.breaking).toMatchObject([{ level: 'breaking', pointer: '/entities/branches/fields/opens_at' }]);
  });

  test('of an entity make its table, its indexes and nothing else', async () => {
    const { steps } = await planned(readings);
    expect(steps[0]).toMatchObject({ kind: 'createTable', entity: 'readings', rows: 0, cost: 'instant' });
    expect(new Set(steps.map(({ entity }) => entity))).toEqual(new Set(['readings']));
  });

  test('of an index on a table that has rows run beside the writers, as deferred ones', async () => {
    const { steps } = await planned(onBranches('addIndex', { index: { fields: ['color', 'name'] } }));
    expect(steps).toMatchObject([{ kind: 'createIndex', cost: 'deferred', lock: 'share update exclusive' }]);
    expect(JSON.stringify(steps[0]?.['up'])).toMatch(/CREATE INDEX CONCURRENTLY/);
  });
});

describe('blockers', () => {
  const blockersOf = async (...changes: readonly unknown[]) => (await planned(...changes)).blockers;

  test('a unique field with values that occur twice names records', async () => {
    expect(await blockersOf(onBranches('changeField', { name: 'color', set: { unique: true } }))).toMatchObject([
      { code: 'duplicates', pointer: '/entities/branches/fields/color', total: 1, examples: [expect.any(String)] },
    ]);
  });

  test('a required field without values names the records that have none', async () => {
    const { rows } = await app.knex.raw<{ rows: { id: string }[] }>('SELECT id FROM library.lib_branches WHERE color IS NULL');
    expect(await blockersOf(onBranches('changeField', { name: 'color', set: { required: true } }))).toMatchObject([
      { code: 'nulls', pointer: '/entities/branches/fields/color', total: 1, examples: [rows[0]?.id] },
    ]);
  });

  test('a type that values do not convert to names them', async () => {
    const [blocker] = await blockersOf(onBranches('changeField', { name: 'name', set: { type: 'integer' } }));
    expect(blocker).toMatchObject({ code: 'unconvertible', pointer: '/entities/branches/fields/name', total: 4 });
  });

  test('refuse the change itself, which tells them as well and leaves nothing', async () => {
    const answer = await meta.apply([onBranches('changeField', { name: 'color', set: { unique: true } })]);
    expect([answer.status, answer.body['code']]).toEqual([409, 'conflict']);
    expect(answer.body['blockers']).toMatchObject([{ code: 'duplicates', total: 1 }]);
    expect([await schemaDump(app.knex, 'library'), app.parts.registry.current().version]).toEqual(before);
  });
});

describe('the impact', () => {
  test('of a rename is everything that is rewritten', async () => {
    const { impact } = await planned({ op: 'renameField', entity: 'books', name: 'isbn', to: 'isbn_13' });
    const places = impact.map(({ kind, name, effect }) => `${effect} ${kind} ${name}`);
    expect(places).toEqual(expect.arrayContaining(['rewritten layout books_detail', 'rewritten view books_all']));
    expect(impact.every(({ pointer, detail }) => typeof pointer === 'string' && typeof detail === 'string')).toBe(true);
  });

  test('of what goes is what would break, which refuses it', async () => {
    const answer = await meta.plan({ op: 'retireField', entity: 'books', name: 'isbn' });
    expect(answer.status).toBe(422);
    expect(pointersOf(answer.body)[0]).toMatch(/^\/changes\/0/);
    expect(JSON.stringify(answer.body['errors'])).toMatch(/books_all/);
  });

  test('of what goes with all that uses it is the list of what goes along', async () => {
    const { impact } = await planned({ op: 'retireField', entity: 'books', name: 'rating', cascade: true });
    expect(impact).toEqual([expect.objectContaining({ kind: 'layout', name: 'books_detail', effect: 'removed' })]);
  });

  test('of a change is what uses the field', async () => {
    const { impact } = await planned({ op: 'changeField', entity: 'books', name: 'isbn', set: { maxLength: 20 } });
    expect(impact).toEqual(expect.arrayContaining([expect.objectContaining({ effect: 'affected', name: 'books_all' })]));
  });
});
