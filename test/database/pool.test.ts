import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, sessionOf } from '../../server/database/pool.ts';
import { rfc3339 } from '../../server/database/value-parsers.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function value(sql: string): Promise<unknown> {
  const { rows } = await database.knex.raw<{ rows: { value: unknown }[] }>(`SELECT ${sql} AS value`);
  return rows[0]?.value;
}

describe('values', () => {
  test.each([
    ['9223372036854775807::int8', '9223372036854775807'],
    ['12345678901234567890.123456789::numeric', '12345678901234567890.123456789'],
    ['2147483647::int4', 2147483647],
    ["'2024-02-29'::date", '2024-02-29'],
    ["'2024-02-29 23:59:59.5+05:30'::timestamptz", '2024-02-29T18:29:59.500Z'],
    ["'2024-02-29 23:59:59.123456Z'::timestamptz", '2024-02-29T23:59:59.123456Z'],
    ["'infinity'::timestamptz", 'infinity'],
    ["'2024-02-29 23:59:59.5'::timestamp", '2024-02-29T23:59:59.5'],
    ["'1 day 02:00:00'::interval", 'P1DT2H'],
    ["'07:30'::time", '07:30:00'],
    ['true', true],
    [`'{"a":[1]}'::jsonb`, { a: [1] }],
    ['NULL::int8', null],
    ['ARRAY[9223372036854775807, NULL]::int8[]', ['9223372036854775807', null]],
    ['ARRAY[0.1, 12345678901234567890]::numeric[]', ['0.1', '12345678901234567890']],
    ["ARRAY['2024-02-29'::date]", ['2024-02-29']],
    ["ARRAY[ARRAY['2024-02-29 00:00Z'::timestamptz]]", [['2024-02-29T00:00:00.000Z']]],
    ["ARRAY['a,b', 'c\"d']::text[]", ['a,b', 'c"d']],
  ])('%s is read without loss', async (sql, expected) => {
    expect(await value(sql)).toEqual(expected);
  });

  test('what PostgreSQL writes for a time of another zone is left alone', () => {
    expect(rfc3339('2024-02-29 23:59:59+02')).toBe('2024-02-29 23:59:59+02');
  });
});

describe('sessions', () => {
  test.each([
    ['TimeZone', 'UTC'],
    ['jit', 'off'],
    ['statement_timeout', '30s'],
    ['idle_in_transaction_session_timeout', '1min'],
    ['application_name', 'formwork test'],
    ['DateStyle', 'ISO, YMD'],
  ])('%s is %s', async (name, expected) => {
    expect(await value(`current_setting('${name}')`)).toBe(expected);
  });

  test('take the time limit that is configured', async () => {
    const knex = connect({ url: database.url, statementTimeoutMs: 50 });
    await expect(knex.raw('SELECT pg_sleep(10)')).rejects.toMatchObject({ code: '57014' });
    await knex.destroy();
  });

  test('keep the options of the URL and add their own', async () => {
    const separator = database.url.includes('?') ? '&' : '?';
    const knex = connect({ url: `${database.url}${separator}options=-c%20lock_timeout%3D1234` });
    const { rows } = await knex.raw(`SELECT current_setting('lock_timeout') AS lock, current_setting('jit') AS jit`);
    expect(rows).toEqual([{ lock: '1234ms', jit: 'off' }]);
    await knex.destroy();
  });

  test('are named after the program when the caller does not say', () => {
    expect(sessionOf({ url: 'postgres://localhost/a' })).toMatchObject({
      application_name: 'formwork',
      connectionString: expect.stringContaining('postgres://localhost/a?options='),
    });
  });
});

describe('a pool', () => {
  test('goes on after the server has thrown out its idle connections', async () => {
    const knex = connect({ url: database.url, poolSize: 2, applicationName: 'victim' });
    await Promise.all([knex.raw('SELECT 1'), knex.raw('SELECT 1')]);
    const killed = await database.knex.raw(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'victim'`,
    );
    expect(killed.rows.length).toBeGreaterThan(0);
    const { rows } = await knex.raw('SELECT 7 AS seven');
    expect(rows).toEqual([{ seven: 7 }]);
    await knex.destroy();
  });
});
