// Keyset paging: whatever the order and the page size, every record comes exactly once, forwards and backwards.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { problem } from '../../server/problem.ts';
import { decodeCursor, encodeCursor } from '../../server/query/cursor.ts';
import { type Desk, openDesk, outcome } from './support/desk.ts';

/** Sortable fields that may be empty, one of each column type, and a few that never are. */
const sortable = [
  'name',
  'nick',
  'count',
  'big_count',
  'ratio',
  'price',
  'share',
  'done',
  'due',
  'seen_at',
  'opens',
  'kind',
  'stars',
  'created_at',
  'version',
  'group_id',
  'id',
];

const few = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { freq: 2, nil: null });
const record = fc.record({
  name: fc.constantFrom('a', 'A', 'b', 'é', 'م', 'a b', "'", '%'),
  nick: few('x', 'X', ''),
  count: few(-1, 0, 1),
  big_count: few('9007199254740992', '9007199254740993'),
  ratio: few('-0.0001', '0', '10', '9'),
  price: few('1', '1.5'),
  share: few('5', '50'),
  done: few(true, false),
  due: few('0001-01-01', '2024-02-29', '9999-12-31'),
  seen_at: few('2024-02-29T10:00:00Z', '2024-02-29T10:00:00.001Z', '0001-01-02T00:00:00Z'),
  opens: few('00:00', '23:59:59'),
  kind: few('red', 'green'),
  stars: few(1, 5),
  group_id: fc.constantFrom(null, 0, 1),
});
const sort = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...sortable), fc.boolean()), { selector: ([name]) => name, minLength: 1, maxLength: 4 })
  .map((keys) => keys.map(([name, descending]) => (descending ? `-${name}` : name)).join(','));

let desk: Desk;
const total = 40;

beforeAll(async () => {
  desk = await openDesk();
  const groups = [await desk.create('groups'), await desk.create('groups')];
  const [records = []] = fc.sample(fc.array(record, { minLength: total, maxLength: total }), { numRuns: 1, seed: 7 });
  for (const { group_id, ...values } of records)
    await desk.create('samples', { ...values, group_id: group_id === null ? null : groups[group_id] });
});
afterAll(() => desk.stop());

const ids = (page: { readonly data: readonly { readonly [name: string]: unknown }[] }) => page.data.map((row) => row['id']);
const query = (words: Readonly<Record<string, string | number>>): string =>
  new URLSearchParams(Object.entries(words).map(([name, value]): [string, string] => [name, String(value)])).toString();

describe('paging', () => {
  test('by cursors gives the whole list once, in order; backwards the same, reversed', async () => {
    await fc.assert(
      fc.asyncProperty(sort, fc.integer({ min: 1, max: 45 }), async (order, limit) => {
        const all = ids(await desk.list('samples', query({ sort: order, limit: 200 })));
        expect(new Set(all).size).toBe(total);
        const forwards: unknown[] = [];
        let page = await desk.list('samples', query({ sort: order, limit }));
        expect(page.page).toMatchObject({ hasPrev: false, prev: null });
        for (;;) {
          forwards.push(...ids(page));
          expect(page.page.hasNext).toBe(forwards.length < total);
          if (page.page.next === null) break;
          page = await desk.list('samples', query({ sort: order, limit, after: page.page.next }));
        }
        expect(forwards).toEqual(all);

        const backwards: unknown[] = [];
        const fromEnd = { ...desk.ask(query({ sort: order, limit }), 'samples'), fromEnd: true };
        const last = await desk.repository.list(desk.me, fromEnd);
        let back = { data: last.rows.map((row) => JSON.parse(row) as { id: string }), page: last.page };
        for (;;) {
          backwards.unshift(...ids(back));
          expect(back.page.hasPrev).toBe(backwards.length < total);
          if (back.page.prev === null) break;
          back = (await desk.list('samples', query({ sort: order, limit, before: back.page.prev }))) as typeof back;
          expect(back.page.hasNext).toBe(true);
        }
        expect(backwards).toEqual(all);
      }),
      { numRuns: 40 },
    );
  });

  test('the order is that of the values, nulls last in both directions', async () => {
    for (const [order, sign] of [
      ['count', 1],
      ['-count', -1],
    ] as const) {
      const rows = (await desk.list('samples', query({ sort: order, limit: 200 }))).data;
      const counts = rows.map((row) => row['count'] as number | null);
      const given = counts.filter((count) => count !== null);
      expect(counts).toEqual([...[...given].sort((a, b) => sign * (a - b)), ...counts.filter((count) => count === null)]);
    }
  });

  test('pages by number meet those by cursor, and one past the end is empty', async () => {
    const all = ids(await desk.list('samples', query({ sort: 'name', limit: 200 })));
    const third = await desk.list('samples', query({ sort: 'name', limit: 15, page: 3, count: 'exact' }));
    expect(ids(third)).toEqual(all.slice(30));
    expect(third.page).toMatchObject({ hasNext: false, hasPrev: true, total, totalIs: 'exact' });
    const beyond = await desk.list('samples', query({ sort: 'name', limit: 15, page: 4 }));
    expect([beyond.data, beyond.page]).toEqual([[], { limit: 15, hasNext: false, hasPrev: false, next: null, prev: null }]);
  });

  test('an estimated count says that it is one', async () => {
    await desk.sql('ANALYZE workshop.ws_samples');
    const { page } = await desk.list('samples', query({ count: 'estimated', 'count[eq]': 1 }));
    expect(page.totalIs).toBe('estimated');
    expect(page.total).toBeGreaterThan(0);
    expect(page.total).toBeLessThanOrEqual(total);
  });
});

describe('a cursor', () => {
  const refused = problem('invalid_query').code;
  const ask = (order: string, cursor: string, word = 'after') =>
    outcome(desk.list('samples', query({ sort: order, [word]: cursor })));
  const cursorOf = async (order: string) => (await desk.list('samples', query({ sort: order, limit: 1 }))).page.next ?? '';

  test('of another order is refused', async () => {
    const cursor = await cursorOf('-due');
    expect(await ask('-due', cursor)).toBe('ok');
    for (const order of ['due', '-seen_at', '-due,name']) expect(await ask(order, cursor)).toBe(`${refused} · ?after cursor`);
    expect(await ask('due', cursor, 'before')).toBe(`${refused} · ?before cursor`);
  });

  test.each([
    ['due', '2023-99-99'],
    ['due', '2023-02-29'],
    ['due', 'infinity'],
    ['due', '99999-01-01'],
    ['due', '44 BC'],
    ['seen_at', '2023-99-99 00:00:00+00'],
    ['seen_at', '2023-01-01 25:00:00+00'],
    ['seen_at', '2023-01-01'],
    ['seen_at', 'now'],
    ['opens', '24:01:00'],
    ['opens', '9'],
    ['count', '9223372036854775808'],
    ['count', '1.5'],
    ['count', ''],
    ['big_count', '1e5'],
    ['ratio', 'NaN'],
    ['ratio', '1e400'],
    ['ratio', '٣'],
    ['done', 'yes'],
    ['done', 'toString'],
    ['nick', '\ud800'],
    ['group_id', 'x'],
    ['group_id', '{}'],
    ['version', null],
    ['created_at', null],
  ])('of %s that holds %p is refused, not sent to the database', async (order, value) => {
    const id = '01890000-0000-7000-8000-000000000001';
    expect(await ask(order, encodeCursor({ sort: order, values: [value, id] }))).toBe(`${refused} · ?after cursor`);
  });

  test('of which any letter was changed gives a page or a refusal, never a fault', async () => {
    const cursors = await Promise.all(sortable.map(async (order) => [order, await cursorOf(order)] as const));
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+';
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...cursors),
        fc.nat(),
        fc.constantFrom(...letters),
        fc.boolean(),
        async ([order, cursor], at, letter, backwards) => {
          const place = at % cursor.length;
          const changed = cursor.slice(0, place) + letter + cursor.slice(place + 1);
          const word = backwards ? 'before' : 'after';
          expect(['ok', `${refused} · ?${word} cursor`]).toContain(await ask(order, changed, word));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that was never one is undefined', () => {
    const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const text of [
      '',
      'x',
      '%%%',
      'a'.repeat(5000),
      json([]),
      json(['name']),
      json({}),
      json([1, 'x']),
      json(['name', 5]),
      json(['name', '\0']),
    ])
      expect(decodeCursor(text)).toBeUndefined();
    expect(decodeCursor(json(['name', null, 'x']))).toEqual({ sort: 'name', values: [null, 'x'] });
  });
});
