import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Listener, listen } from '../../server/database/listen.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let listener: Listener | undefined;

beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await listener?.close();
  listener = undefined;
});
afterAll(() => database.drop());

/** A queue that a test can wait on. */
function inbox<T>() {
  const waiting: ((value: T) => void)[] = [];
  const values: T[] = [];
  return {
    put: (value: T) => {
      const next = waiting.shift();
      if (next === undefined) values.push(value);
      else next(value);
    },
    take: () => new Promise<T>((resolve) => (values.length > 0 ? resolve(values.shift() as T) : waiting.push(resolve))),
    size: () => values.length,
  };
}

async function cutListeners(): Promise<number> {
  const { rows } = await database.knex.raw(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'formwork listen' AND datname = current_database()`,
  );
  return rows.length;
}

test('messages arrive in order, with and without a payload', async () => {
  const messages = inbox<string>();
  listener = await listen(database.url, 'Some Channel', messages.put);
  await database.knex.raw(`NOTIFY "Some Channel", 'one'`);
  await database.knex.raw('NOTIFY "Some Channel"');
  expect(await messages.take()).toBe('one');
  expect(await messages.take()).toBe('');
});

test('a lost connection comes back, says so, and messages arrive again', async () => {
  const messages = inbox<string>();
  const connections = inbox<string>();
  const errors = inbox<unknown>();
  listener = await listen(database.url, 'again', messages.put, {
    onConnect: () => connections.put('connected'),
    onError: errors.put,
  });
  await connections.take();
  expect(await cutListeners()).toBe(1);
  expect(await errors.take()).toBeInstanceOf(Error);
  await connections.take();
  await database.knex.raw(`NOTIFY again, 'back'`);
  expect(await messages.take()).toBe('back');
});

test('a closed listener has no connection left and stays closed', async () => {
  const closed = await listen(database.url, 'closed', () => undefined);
  await closed.close();
  await closed.close();
  expect(await cutListeners()).toBe(0);
});

test('closing ends the attempts to come back', async () => {
  const other = await testDatabase();
  const errors = inbox<unknown>();
  const lost = await listen(other.url, 'lost', () => undefined, { onError: errors.put });
  await other.drop();
  await errors.take();
  await errors.take();
  await lost.close();
  const failures = errors.size();
  await database.knex.raw('SELECT pg_sleep(0.3)');
  expect(errors.size()).toBe(failures);
});

test('a server that cannot be reached at first is an error', async () => {
  await expect(listen('postgres://nobody@127.0.0.1:1/none', 'never', () => undefined)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});
