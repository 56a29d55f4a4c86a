// The first start on an empty data folder, and the next one on the same.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testDatabase } from '../support/database.ts';
import { adminEmail, adminPassword, adminVariables, send, signedIn } from './client.ts';
import { type Program, programFolder, until } from './program.ts';

const folder = programFolder();
let program: Program;
let url: string;
let password: string;

beforeAll(async () => {
  program = folder.run(['start']);
  url = await program.ready();
  [, password = ''] = await program.says(/with the password (\S+) {3}\(shown only this once\)/);
});
afterAll(() => folder.remove());

describe('on an empty data folder', () => {
  test('the start prints the address and how to sign in, and nothing else', () => {
    expect(program.output()).toMatch(
      /^\n {2}CRM is ready at http:\/\/127\.0\.0\.1:\d+ {2}\(\d+\.\d s\)\n {2}Sign in as admin@example\.com\n {2}with the password [\w-]{16} {3}\(shown only this once\)\n\n$/,
    );
  });

  test('the password that was shown lets the administrator in, and no other does', async () => {
    const client = await signedIn(`${url}/crm/v1`, 'admin@example.com', password);
    expect((await client.get('/users?limit=10')).body['data']).toMatchObject([{ email: 'admin@example.com' }]);
    const wrong = { email: 'admin@example.com', password: `${password}x` };
    expect((await send('POST', `${url}/crm/v1/auth/login`, {}, wrong)).status).toBe(401);
  });

  test('it is alive and ready, with its database, metadata, migrations and demo records in order', async () => {
    expect(await send('GET', `${url}/health/live`)).toEqual({ status: 200, body: { status: 'live' } });
    const { status, body } = await send('GET', `${url}/health/ready`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ready',
      database: { ok: true },
      metadata: { ok: true },
      migrations: { ok: true, version: 1, pending: 0 },
      demo: { ok: true },
    });
  });
});

test('SIGTERM ends it with code 0, and the next start has the data and shows no password', async () => {
  const before = await signedIn(`${url}/crm/v1`, 'admin@example.com', password);
  const { status, body } = await before.post('/accounts', { name: 'Kept over night' });
  expect(status).toBe(201);
  const id = body['data']?.['id'];
  program.signal('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  await until(() => folder.processes().length === 0, 'PostgreSQL and the worker to be gone');
  expect(folder.temporaries()).toEqual([]);

  program = folder.run(['start']);
  url = await program.ready();
  expect(program.output()).toMatch(/^\n {2}CRM is ready at \S+ {2}\(\d+\.\d s\)\n\n$/);
  const after = await signedIn(`${url}/crm/v1`, 'admin@example.com', password);
  expect((await after.get(`/accounts/${id}`)).body['data']).toMatchObject({ name: 'Kept over night' });
  program.signal('SIGINT');
  expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
});

test('with demo records it serves before they are there, is ready when they are, and does not load them again', async () => {
  const database = await testDatabase();
  const other = programFolder();
  const countContacts = async () => (await database.knex.raw('SELECT count(*)::int AS n FROM crm_core.crm_contacts')).rows[0].n;
  try {
    const variables = { ...adminVariables, DATABASE_URL: database.url, FORMWORK_DEMO: '1' };
    const first = other.run(['start'], variables);
    const address = await first.ready();
    expect((await first.says(/Sign in[\s\S]*\n\n/))[0]).toBe(
      `Sign in as ${adminEmail}\n  with the password of FORMWORK_ADMIN_PASSWORD\n  Demo records follow in a few seconds\n\n`,
    );
    await until(async () => (await send('GET', `${address}/health/ready`)).status === 200, 'the demo records');
    const loaded = await countContacts();
    expect(loaded).toBeGreaterThan(20);
    const client = await signedIn(`${address}/crm/v1`, adminEmail, adminPassword);
    expect((await client.get('/contacts?limit=1')).body['data']).toHaveLength(1);
    first.signal('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0, stderr: '' });

    const second = other.run(['start'], variables);
    const again = await second.ready();
    await until(async () => (await send('GET', `${again}/health/ready`)).status === 200, 'readiness');
    expect(await countContacts()).toBe(loaded);
    expect(second.output()).not.toContain('Sign in');
    second.signal('SIGTERM');
    expect(await second.ended).toMatchObject({ code: 0, stderr: '' });
  } finally {
    await other.remove();
    await database.drop();
  }
});
