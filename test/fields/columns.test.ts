// Every type's columns exist in PostgreSQL as named, take what parsing yields, and render as the API shows it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fieldTypes } from '../../server/fields/index.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { contextOf, fieldOf, stages, typeOf } from './field-samples.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const id = '01890000-0000-7000-8000-00000000000a';
type Sample = readonly [type: string, value: unknown, shown: unknown, settings?: Readonly<Record<string, unknown>>];
const samples: readonly Sample[] = [
  ['text', "O'Neil", "O'Neil"],
  ['longText', 'a\nb', 'a\nb'],
  ['richText', '<b onclick=x>a</b>', '<strong>a</strong>'],
  ['email', 'Ada@Example.com', 'ada@example.com'],
  ['phone', '+44 20 7946 0958', '+442079460958'],
  ['url', 'https://example.com', 'https://example.com'],
  ['integer', 5, 5],
  ['integer', '9223372036854775807', '9223372036854775807', { big: true }],
  ['decimal', '999999999999999.9999', '999999999999999.9999'],
  ['percent', 12.5, '12.5000'],
  ['money', '22700', '22700.00'],
  ['currency', 'EUR', 'EUR'],
  ['boolean', false, false],
  ['date', '0001-01-01', '0001-01-01'],
  ['dateTime', '2024-02-29T12:00:00.5+02:00', '2024-02-29T10:00:00.500Z'],
  ['time', '09:30', '09:30:00'],
  ['duration', 5400, 5400],
  ['select', 'won', 'won', { options: stages }],
  ['multiSelect', ['won', 'new'], ['won', 'new'], { options: stages }],
  ['rating', 3, 3],
  ['autoNumber', 'A-1', 'A-1'],
  ['color', '#ABC', '#aabbcc'],
  ['address', { city: 'Umeå', country: 'se' }, { street: null, city: 'Umeå', state: null, postal_code: null, country: 'SE' }],
  ['personName', { given: 'Ada' }, { prefix: null, given: 'Ada', middle: null, family: null, suffix: null }],
  ['geolocation', { lat: 59.33, lng: -180 }, { lat: 59.33, lng: -180 }],
  ['json', { a: [1, 'é'] }, { a: [1, 'é'] }],
  ['file', { id, name: 'a/b.pdf' }, { id, name: 'b.pdf', type: null, size: null }],
  ['image', id, { id, name: null, type: null, size: null, width: null, height: null }],
  ['reference', id.toUpperCase(), id],
  ['secret', 'correct horse battery', null],
  ['id', id, id],
];

test('there is a sample of every type whose values are given', () => {
  const given = [...fieldTypes.values()].filter((type) => type.result === undefined).map(({ name }) => name);
  expect(new Set(samples.map(([type]) => type))).toEqual(new Set(given));
});

test.each(samples)('%s %j is shown as %j, and null as null', async (name, value, shown, settings = {}) => {
  const [type, field] = [typeOf(name), fieldOf(name, settings)];
  const columns = type.columns(field);
  await database.knex.raw('DROP TABLE IF EXISTS sample');
  await database.knex.raw(`CREATE TABLE sample (${columns.map(({ suffix, type: sql }) => `"x${suffix}" ${sql}`).join(', ')})`);

  const made = await database.knex.raw<{ rows: { name: string; type: string }[] }>(
    "SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = 'sample'::regclass AND attnum > 0 ORDER BY attnum",
  );
  expect(made.rows).toEqual(columns.map(({ suffix, type: sql }) => ({ name: `x${suffix}`, type: sql })));

  const expression = type.json((suffix) => `s."x${suffix}"`, field);
  const show = async (): Promise<unknown> => {
    const { rows } = await database.knex.raw<{ rows: { body: string }[] }>(
      `SELECT json_build_object('x', ${expression})::text AS body FROM sample s`,
    );
    return (JSON.parse(rows[0]?.body ?? '{}') as { x: unknown }).x;
  };
  await database.knex.raw('INSERT INTO sample DEFAULT VALUES');
  expect(await show()).toBeNull();

  const parsed = await type.parse(value, field, contextOf());
  if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues));
  await database
    .knex('sample')
    .update(Object.fromEntries(Object.entries(parsed.columns).map(([suffix, one]) => [`x${suffix}`, one])));
  expect(await show()).toEqual(shown);
});
