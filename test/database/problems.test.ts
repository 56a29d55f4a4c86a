import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '../../server/database/pool.ts';
import { type DatabaseProblem, databaseProblem } from '../../server/database/problems.ts';
import { problemBody } from '../../server/problem.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  await database.knex.raw(`
    CREATE EXTENSION btree_gist;
    CREATE TABLE parent (id int PRIMARY KEY, name text NOT NULL CONSTRAINT parent_name_unique UNIQUE, age int CONSTRAINT adult CHECK (age > 17));
    CREATE TABLE child (id int PRIMARY KEY, parent_id int CONSTRAINT child_parent REFERENCES parent (id), room int,
      CONSTRAINT one_a_room EXCLUDE USING gist (room WITH =));
    CREATE TABLE guarded (parent_id int CONSTRAINT guarded_parent REFERENCES parent (id) ON DELETE RESTRICT);
    INSERT INTO parent VALUES (1, 'one', 20), (2, 'two', 20), (3, 'three', 20);
    INSERT INTO child VALUES (1, 1, 1);
    INSERT INTO guarded VALUES (2);
  `);
});
afterAll(() => database.drop());

async function problemOf(sql: string): Promise<DatabaseProblem | undefined> {
  return await database.knex.raw(sql).then(() => undefined, databaseProblem);
}

describe('a broken rule', () => {
  test.each([
    ["INSERT INTO parent VALUES (9, 'one', 20)", 409, 'unique_conflict', 'unique', 'parent_name_unique'],
    ['INSERT INTO child VALUES (2, 99, 2)', 409, 'conflict', 'foreignKey', 'child_parent'],
    ['DELETE FROM parent WHERE id = 1', 409, 'in_use', 'stillReferenced', 'child_parent'],
    ['DELETE FROM parent WHERE id = 2', 409, 'in_use', 'stillReferenced', 'guarded_parent'],
    ['INSERT INTO child VALUES (2, 2, 1)', 409, 'conflict', 'exclusion', 'one_a_room'],
    ["INSERT INTO parent VALUES (9, 'nine', 3)", 422, 'validation_failed', 'check', 'adult'],
  ])('%s is %d %s and names its constraint', async (sql, status, code, kind, constraint) => {
    expect(await problemOf(sql)).toMatchObject({ status, code, retry: false, violation: { kind, constraint } });
  });

  test('a missing value names its column', async () => {
    expect(await problemOf('INSERT INTO parent VALUES (9, NULL, 20)')).toMatchObject({
      status: 422,
      sqlState: '23502',
      violation: { kind: 'notNull', table: 'parent', column: 'name' },
      errors: [{ pointer: '/name', code: 'required' }],
    });
  });

  test('does not show SQL or values in the answer, but keeps the cause for the log', async () => {
    const found = await problemOf("INSERT INTO parent VALUES (9, 'one', 20)");
    if (found === undefined) throw new Error('no problem');
    expect(JSON.stringify(problemBody(found, {}))).not.toMatch(/insert|parent|one/i);
    expect(found.cause).toMatchObject({ code: '23505' });
  });
});

describe('a state of the server', () => {
  test.each([
    ["SELECT 'x'::int", 422, 'validation_failed'],
    ['SELECT 1 / 0', 422, 'validation_failed'],
    ['SET statement_timeout = 20; SELECT pg_sleep(5); RESET statement_timeout', 504, 'timeout'],
    ['DO $$ BEGIN RAISE insufficient_privilege; END $$', 403, 'forbidden'],
    ['DO $$ BEGIN RAISE too_many_connections; END $$', 503, 'unavailable'],
    ['DO $$ BEGIN RAISE disk_full; END $$', 503, 'unavailable'],
    ['DO $$ BEGIN RAISE connection_failure; END $$', 503, 'unavailable'],
    ['DO $$ BEGIN RAISE cannot_connect_now; END $$', 503, 'unavailable'],
    ['DO $$ BEGIN RAISE lock_not_available; END $$', 503, 'unavailable'],
    ['DO $$ BEGIN RAISE idle_in_transaction_session_timeout; END $$', 503, 'unavailable'],
  ])('%s is %d %s', async (sql, status, code) => {
    const found = await problemOf(sql);
    expect(found).toMatchObject({ status, code, retry: false });
    expect(found?.headers['Retry-After']).toBe(status === 503 ? '1' : undefined);
  });

  test.each(['serialization_failure', 'deadlock_detected'])('%s is a conflict that may be tried again', async (name) => {
    expect(await problemOf(`DO $$ BEGIN RAISE ${name}; END $$`)).toMatchObject({ status: 409, code: 'conflict', retry: true });
  });

  test('a connection that is cut is 503', async () => {
    const statement = problemOf("SELECT pg_sleep(30), 'to be cut'");
    for (let cut = 0; cut === 0; ) {
      const { rows } = await database.knex.raw(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%to be cut%' AND pid <> pg_backend_pid()`,
      );
      cut = rows.length;
    }
    expect(await statement).toMatchObject({ status: 503, sqlState: '57P01' });
  });

  test.each([
    ['postgres://nobody@127.0.0.1:1/none', 'refused'],
    ['postgres://nobody@localhost/none?host=/nowhere/at/all', 'without its socket'],
    ['postgres://nobody@name.invalid/none', 'of an unknown name'],
  ])('a server %s is 503', async (url) => {
    const knex = connect({ url });
    const error = await knex.raw('SELECT 1').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    await knex.destroy();
    expect(databaseProblem(error)).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } });
  });

  test('a pool that stays full is 503', async () => {
    expect(databaseProblem(new Error('Knex: Timeout acquiring a connection. The pool is probably full.'))).toMatchObject({
      status: 503,
    });
  });
});

describe('no problem of the caller', () => {
  test.each([
    ['a mistake in our SQL', Object.assign(new Error('syntax error'), { code: '42601' })],
    ['a missing file', Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' })],
    ['another error', new Error('boom')],
    ['something thrown that is no error', 'text'],
  ])('%s has none', (_name, error) => {
    expect(databaseProblem(error)).toBeUndefined();
  });
});
