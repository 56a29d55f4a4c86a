// Type conversions against PostgreSQL: what the predicate lets through converts, what it names would not.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { conversion } from '../../server/tables/conversions.ts';
import { withSession } from '../../server/versions/session.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const zoned = 'timestamp(3) with time zone';
/** From type, to type, literals that convert with their new value, literals that do not. */
const cases: readonly [string, string, readonly [string, string][], readonly string[]][] = [
  [
    'text',
    'integer',
    [
      ['12', '12'],
      ['-999999999', '-999999999'],
    ],
    ['', 'x', '1.5', ' 1', '99999999999'],
  ],
  ['text', 'bigint', [['123456789012345678', '123456789012345678']], ['1234567890123456789012']],
  [
    'text',
    'numeric(6,2)',
    [
      ['1234.5', '1234.50'],
      ['+7', '7.00'],
    ],
    ['12345', '1.555', 'NaN', '1e3'],
  ],
  [
    'text',
    'boolean',
    [
      ['Yes', 'true'],
      ['0', 'false'],
    ],
    ['maybe', ''],
  ],
  ['text', 'date', [['2026-02-28', '2026-02-28']], ['28.2.2026', '2026-13-01', '2026-02-00']],
  [
    'text',
    zoned,
    [
      ['2026-02-28T10:00:00Z', '2026-02-28 10:00:00+00'],
      ['2026-02-28 10:00', '2026-02-28 10:00:00+00'],
    ],
    ['now', '2026-02-28'],
  ],
  [
    'text',
    'uuid',
    [['0190A5B0-0000-7000-8000-000000000001', '0190a5b0-0000-7000-8000-000000000001']],
    ['0190', '{0190a5b0-0000-7000-8000-000000000001}'],
  ],
  ['text', 'jsonb', [['a"b', '"a\\"b"']], []],
  ['text', 'text[]', [['a,b', '{"a,b"}']], []],
  // The type of formatted text: what was plain text is no markup there.
  [
    'text',
    'character varying',
    [
      ['<script>alert(1)</script> & b', '<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; b</p>'],
      ['a\nb', '<p>a<br />b</p>'],
    ],
    [],
  ],
  ['character varying', 'text', [['<h1>a &amp; b</h1><ul><li>c<br />d</li></ul>', 'a & b\nc\nd']], []],
  ['text', 'character varying(3)', [['abc', 'abc']], ['abcd']],
  ['text[]', 'text', [['{a,b}', 'a;b']], []],
  ['character varying(5)', 'character varying(3)', [['abc', 'abc']], ['abcd']],
  ['character varying(5)', 'character varying(9)', [['abcde', 'abcde']], []],
  ['character varying(5)', 'text', [['abcde', 'abcde']], []],
  ['integer', 'bigint', [['5', '5']], []],
  ['bigint', 'integer', [['-2147483648', '-2147483648']], ['2147483648']],
  ['integer', 'numeric(4,1)', [['999', '999.0']], ['1000']],
  ['bigint', 'numeric', [['9007199254740993', '9007199254740993']], []],
  ['numeric(19,4)', 'integer', [['5.0000', '5']], ['5.5', '2147483648']],
  ['numeric(30,4)', 'bigint', [['5', '5']], ['9223372036854775808']],
  ['numeric(19,4)', 'numeric(19,2)', [['1.2300', '1.23']], ['1.2345']],
  ['numeric(19,4)', 'numeric(21,4)', [['1.2345', '1.2345']], []],
  ['numeric(19,4)', 'text', [['1.5', '1.5000']], []],
  ['boolean', 'integer', [['true', '1']], []],
  [
    'integer',
    'boolean',
    [
      ['1', 'true'],
      ['0', 'false'],
    ],
    ['2'],
  ],
  ['boolean', 'text', [['true', 'true']], []],
  ['date', zoned, [['2026-02-28', '2026-02-28 00:00:00+00']], []],
  [zoned, 'date', [['2026-02-28T23:30:00-05:00', '2026-03-01']], []],
  [zoned, 'timestamp(6) with time zone', [['2026-02-28T23:30:00.123Z', '2026-02-28 23:30:00.123+00']], []],
];

describe.each(cases)('%s becomes %s', (from, to, good, bad) => {
  const found = conversion(from, to);

  test('has a conversion, and one back for the way down', () => {
    expect(found).toBeDefined();
    expect(conversion(to, from)).toBeDefined();
  });

  test('every value is told right, and those let through convert', async () => {
    const values = [...good.map(([value]) => value), ...bad];
    const invalid = found?.invalid?.('v.typed') ?? 'false';
    const rows = await withSession(database.knex, (session) =>
      session.query<{ value: string; invalid: boolean; result: string | null }>(
        `SELECT v.value, coalesce(${invalid}, false) AS invalid,
           CASE WHEN NOT coalesce(${invalid}, false) THEN (${found?.using('v.typed')})::text END AS result
         FROM (SELECT value, value::${from} AS typed FROM unnest($1::text[]) value) v`,
        [values],
      ),
    );
    expect(rows.map((row) => [row.value, row.invalid, row.result])).toEqual([
      ...good.map(([value, result]) => [value, false, result]),
      ...bad.map((value) => [value, true, null]),
    ]);
  });
});

test('widening rewrites nothing, and what makes no sense is unknown', () => {
  expect(conversion('character varying(5)', 'character varying(9)')?.cost).toBe('instant');
  expect(conversion('numeric(10,2)', 'numeric(12,2)')?.cost).toBe('instant');
  expect(conversion('text', 'text')?.cost).toBe('instant');
  expect(conversion('timestamp(6) with time zone', zoned)?.cost).toBe('rewrite');
  expect(conversion('character varying(5)', 'character varying')?.cost).toBe('instant');
  expect(conversion('integer', 'bigint')?.cost).toBe('rewrite');
  expect(conversion('boolean', 'date')).toBeUndefined();
  expect(conversion('jsonb', 'character varying')).toBeUndefined();
});
