import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../server/config.ts';
import { openDatabase } from '../../server/database/open.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const silent = createLog({ level: 'silent' });

test('the server at DATABASE_URL is used, and goes on when the program stops', async () => {
  const opened = await openDatabase(loadConfig({ DATABASE_URL: database.url }), silent, { applicationName: 'opened' });
  expect(opened.url).toBe(database.url);
  expect(opened.version).toMatch(/^\d+\.\d+$/);
  expect((await opened.knex.raw(`SELECT current_setting('application_name') AS name`)).rows).toEqual([{ name: 'opened' }]);
  await opened.stop();
  expect((await database.knex.raw('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('without DATABASE_URL the embedded server runs in the data folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'open-'));
  chmodSync(folder, 0o755);
  const opened = await openDatabase(loadConfig({ FORMWORK_DATA_DIR: folder }), silent);
  expect(opened.version).toMatch(/^18\./);
  await opened.stop();
  await expect(openDatabase(loadConfig({ DATABASE_URL: opened.url }), silent, { waitMs: 0 })).rejects.toThrow(
    /The database cannot be reached: .*ENOENT/,
  );
  rmSync(folder, { recursive: true });
});

test('a wrong password or database is an error at once', async () => {
  const url = new URL(database.url);
  url.pathname = '/no_such_database';
  await expect(openDatabase(loadConfig({ DATABASE_URL: url.href }), silent)).rejects.toThrow(
    'DATABASE_URL: database "no_such_database" does not exist',
  );
});

test('a server that cannot be reached yet is waited for', async () => {
  // Takes the connection and drops it, as a server does that is just starting, until it has done so twice.
  const attempts: number[] = [];
  const server = createServer((socket) => {
    attempts.push(Date.now());
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const lines: string[] = [];
  const log = createLog({ level: 'warn' }, { write: (line) => lines.push(line) });
  const opening = openDatabase(loadConfig({ DATABASE_URL: `postgres://user@127.0.0.1:${port}/none` }), log, { waitMs: 600 });
  await expect(opening).rejects.toThrow('The database cannot be reached: ');
  expect(attempts.length).toBeGreaterThanOrEqual(2);
  expect(lines.some((line) => line.includes('cannot be reached yet'))).toBe(true);
  await new Promise((resolve) => server.close(resolve));
});
