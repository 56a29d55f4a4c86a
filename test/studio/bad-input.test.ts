// Bad changes over HTTP: each refused with a pointer to what is wrong, and nothing executed.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AnswerBody, startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { schemaDump } from '../tables/support/schema-dump.ts';
import { readings, text } from './support/changes.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
});
afterAll(() => app.stop());

const plan = (...changes: unknown[]) => app.request('POST', '/meta/plan', { body: { changes } });
const apply = (...changes: unknown[]) => app.request('POST', '/meta/apply', { body: { changes } });
const pointersOf = (body: AnswerBody): string[] => [...(body['errors'] ?? [])].map((error) => String(error['pointer']));

const field = (over: object) => ({
  op: 'addField',
  entity: 'books',
  field: { name: 'shelf', type: 'text', label: text('Shelf'), ...over },
});
const relation = (entity: string, over: object) => ({
  op: 'addRelation',
  entity,
  relation: { kind: 'belongsTo', label: text('To'), required: true, onDelete: 'restrict', ...over },
});
const options = (count: number) =>
  Array.from({ length: count }, (_one, index) => ({ value: `v${index}`, label: { en: 'v', ar: 'v' } }));

const bad: readonly (readonly [what: string, changes: readonly unknown[], pointer: string])[] = [
  ['SQL in the name of a field', [field({ name: 'x"; DROP TABLE library.lib_books; --' })], '/changes/0/field/name'],
  [
    'SQL in the name of an entity',
    [{ ...readings, entity: { ...readings.entity, plural: 'a; drop', name: 'a; drop' } }],
    '/changes/0/entity/plural',
  ],
  ['__proto__ as a name', [field({ name: '__proto__' })], '/changes/0/field/name'],
  ['constructor as a name', [field({ name: 'constructor' })], '/changes/0/field/name'],
  ['a name over the length', [field({ name: `a${'b'.repeat(51)}` })], '/changes/0/field/name'],
  [
    'a reserved word as an entity',
    [{ ...readings, entity: { ...readings.entity, plural: 'search', name: 'search' } }],
    '/changes/0/entity/plural',
  ],
  ['a homoglyph in a name', [field({ name: 'sh\u0435lf' })], '/changes/0/field/name'],
  ['an override of the direction in a label', [field({ label: text('Shelf\u202Eflehs') })], '/changes/0/field/label/en'],
  ['an isolate in a label', [field({ label: text('Shelf\u2066x') })], '/changes/0/field/label/en'],
  ['a field named like a system column', [field({ name: 'deleted_at' })], '/changes/0/field/name'],
  ['a field that is there already', [field({ name: 'title' })], '/changes/0/field/name'],
  ['an option list of a hundred thousand', [field({ type: 'select', options: options(100_000) })], '/changes/0/field/options'],
  [
    'an option that stands twice',
    [field({ type: 'select', options: [...options(2), ...options(1)] })],
    '/changes/0/field/options/2/value',
  ],
  ['a type that there is not', [field({ type: 'txt' })], '/changes/0/field/type'],
  ['a setting that the type does not take', [field({ colour: 'red' })], '/changes/0/field/colour'],
  [
    'required relations in a circle',
    [relation('branches', { name: 'first_book', entity: 'books', field: 'first_book_id' })],
    '/changes/0/relation/required',
  ],
  ['an operation that there is not', [{ op: 'dropEverything' }], '/changes/0/op'],
  ['a change that is no object', ['addField'], '/changes/0'],
  ['an entity that there is not', [{ ...field({}), entity: 'boks' }], '/changes/0/entity'],
];

describe('a bad change', () => {
  test.each(bad)('%s: 422 with a pointer, nothing executed', async (_what, changes, pointer) => {
    const before = await schemaDump(app.knex, 'library');
    const version = app.parts.registry.current().version;
    for (const ask of [plan, apply]) {
      const answer = await ask(...changes);
      expect([answer.status, pointersOf(answer.body)]).toEqual([422, expect.arrayContaining([pointer])]);
    }
    expect(app.parts.registry.current().version).toBe(version);
    expect(await schemaDump(app.knex, 'library')).toEqual(before);
    expect((await app.request('GET', '/meta/versions')).body['data']).toHaveLength(1);
  });

  test('the key __proto__ is no JSON that anybody needs', async () => {
    const body = '{"changes":[{"op":"addField","entity":"books","field":{"__proto__":{"name":"x"}}}]}';
    const answer = await app.request('POST', '/meta/apply', { body, headers: { 'Content-Type': 'application/json' } });
    expect([answer.status, answer.body['code']]).toEqual([400, 'malformed_json']);
  });

  test.each([
    ['no changes at all', {}, '/changes'],
    ['changes that are no list', { changes: {} }, '/changes'],
    ['an empty list', { changes: [] }, '/changes'],
    ['a member that there is not', { changes: [field({})], dryRun: true }, '/dryRun'],
    ['a version that is no number', { changes: [field({})], base_version: 'two' }, '/base_version'],
    ['a reason that is no text', { changes: [field({})], reason: { x: 1 } }, '/reason'],
    ['no object', [], ''],
  ])('the body: %s', async (_what, body, pointer) => {
    for (const path of ['/meta/plan', '/meta/apply']) {
      const answer = await app.request('POST', path, { body });
      expect([answer.status, pointersOf(answer.body)]).toEqual([422, [pointer]]);
    }
  });

  test('an Idempotency-Key is needed to apply, not to plan', async () => {
    const headers = { 'Idempotency-Key': '' };
    const applied = await app.request('POST', '/meta/apply', { body: { changes: [field({})] }, headers });
    expect([applied.status, applied.body['code']]).toEqual([400, 'idempotency_key_missing']);
    expect((await app.request('POST', '/meta/plan', { body: { changes: [field({})] }, headers })).status).toBe(200);
  });

  test.each([
    ['/meta/versions?limit=0', '?limit'],
    ['/meta/versions?page=2', '?page'],
    ['/meta/versions/compare', '?from'],
    ['/meta/export?layers=none', '?layers'],
    ['/meta/conversions?entity=books', '?field'],
  ])('the query %s', async (path, pointer) => {
    const answer = await app.request('GET', path);
    expect([answer.status, pointersOf(answer.body)]).toEqual([400, expect.arrayContaining([pointer])]);
  });

  test('a version that never was is not found', async () => {
    expect((await app.request('GET', '/meta/versions/99')).status).toBe(404);
    expect((await app.request('GET', '/meta/versions/x')).status).toBe(404);
    expect((await app.request('GET', '/meta/versions/compare?from=99')).status).toBe(404);
    expect((await app.request('POST', '/meta/rollback', { body: { to: 99 } })).status).toBe(404);
    expect((await app.request('POST', '/meta/rollback/plan', { body: { to: 99 } })).status).toBe(404);
  });
});

describe('text that looks like SQL', () => {
  test('is stored as it is and harms nobody', async () => {
    const words = `'; DROP TABLE library.lib_books; -- "`;
    const answer = await apply(field({ name: 'harmless', label: text(words), default: words }));
    expect(answer.status).toBe(200);
    const made = app.parts.registry.current().entities.get('books')?.fields.get('harmless');
    expect([made?.meta.label['en'], made?.meta.default]).toEqual([words, words]);
  });
});

describe('two changes at the same time', () => {
  test('one wins, the others are told to come again', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map((n) => apply(field({ name: `at_once_${n}` }))));
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status === 409);
    expect(won.length).toBeGreaterThanOrEqual(1);
    expect(won.length + lost.length).toBe(4);
    expect(lost.length).toBeGreaterThanOrEqual(1);
    for (const { headers } of lost) expect(headers.get('retry-after')).toMatch(/^\d+$/);
    const fields = app.parts.registry.current().entities.get('books')?.fields;
    expect([1, 2, 3, 4].filter((n) => fields?.has(`at_once_${n}`))).toHaveLength(won.length);
  });

  test('a change for a version that is no longer the newest is refused with the newest', async () => {
    const current = app.parts.registry.current().number;
    const body = { changes: [field({ name: 'late' })], base_version: current - 1 };
    for (const path of ['/meta/plan', '/meta/apply']) {
      const answer = await app.request('POST', path, { body });
      expect([answer.status, answer.body['current']]).toEqual([409, current]);
      expect(answer.headers.get('retry-after')).toBe('1');
    }
  });
});
