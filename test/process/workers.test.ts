// Worker processes: they do the work after the commit, are replaced when they die, and go when the server has gone.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migratedDatabase } from '../support/app.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { crmRegistry } from '../support/registry.ts';
import { adminVariables, type Client, signedIn } from './client.ts';
import { kill, type Program, programFolder, until } from './program.ts';

const folder = programFolder();
let database: TestDatabase;
let program: Program;
let client: Client;

beforeAll(async () => {
  database = await migratedDatabase(await crmRegistry());
  program = folder.run(['start'], { ...adminVariables, DATABASE_URL: database.url, FORMWORK_LOG_LEVEL: 'info' });
  client = await signedIn(`${await program.ready()}/crm/v1`);
});
afterAll(async () => {
  await folder.remove();
  await database.drop();
});

const lead = { last_name: 'Scored', company: 'Large Ltd', company_size: 900, source: 'referral' };

const workers = (): readonly number[] => folder.processes().filter((pid) => pid !== program.pid);

/** Creates a lead and waits for the score that only a worker gives it. */
async function scored(name: string): Promise<unknown> {
  const { status, body } = await client.post('/leads', { ...lead, last_name: name });
  expect({ status, errors: body['errors'] }).toEqual({ status: 201, errors: undefined });
  const path = `/leads/${body['data']?.['id']}`;
  let score: unknown = null;
  await until(async () => {
    score = (await client.get(path)).body['data']?.['score'] ?? null;
    return score !== null && score !== 0;
  }, `the score of ${name}`);
  return score;
}

test('a lead gets its score by a worker process of its own', async () => {
  expect(await scored('First')).toBeGreaterThanOrEqual(40);
  expect(workers()).toHaveLength(1);
});

test('a worker that is killed is replaced, and the work goes on', async () => {
  const [killed = 0] = workers();
  kill(killed);
  expect(await scored('Second')).toBeGreaterThanOrEqual(40);
  expect(workers()).toHaveLength(1);
  expect(workers()).not.toContain(killed);
  await program.says(/"code":null,"signal":"SIGKILL".*A worker ended; another one starts/);
  // Not even as a zombie: the server has taken note of its end.
  expect(() => process.kill(killed, 0)).toThrow('ESRCH');
});

test('when the server is killed, its worker ends by itself', async () => {
  kill(program.pid);
  await program.ended;
  await until(() => workers().length === 0, 'the worker to end');
  expect(program.output()).not.toMatch(/"level":"(error|fatal)"/);
});

test('"formwork worker" by itself waits for the tables, and ends on SIGTERM', async () => {
  const empty = await testDatabase();
  try {
    const variables = { ...adminVariables, DATABASE_URL: empty.url, FORMWORK_LOG_LEVEL: 'info' };
    const worker = folder.run(['worker'], variables);
    await worker.says(/Waiting for the tables/);
    const migrated = await folder.run(['migrate'], variables).ended;
    expect(migrated).toMatchObject({ code: 0, stderr: '' });
    await worker.says(/The worker takes up its work/);
    worker.signal('SIGTERM');
    const { code, stderr, stdout } = await worker.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/"level":"(warn|error|fatal)"/);
  } finally {
    await empty.drop();
  }
});

test('FORMWORK_WORKERS=0 runs the work inside the server', async () => {
  program = folder.run(['start'], { ...adminVariables, DATABASE_URL: database.url, FORMWORK_WORKERS: '0' });
  client = await signedIn(`${await program.ready()}/crm/v1`);
  expect(await scored('Inside')).toBeGreaterThanOrEqual(40);
  expect(folder.processes()).toEqual([program.pid]);
  program.signal('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0, stderr: '', stdout: expect.not.stringContaining('"level"') });
});
