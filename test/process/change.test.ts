// A change of the metadata and the end of its process: it stops where it is, and the next process goes on with it.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { packageRoot } from '../../server/package-root.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { adminVariables, type Client, signedIn } from './client.ts';
import { kill, type Program, programFolder, until } from './program.ts';

const folder = programFolder();
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await folder.remove();
  await database.drop();
});

async function started(workers = '0'): Promise<{ readonly program: Program; readonly client: Client }> {
  const program = folder.run(['start'], {
    ...adminVariables,
    DATABASE_URL: database.url,
    FORMWORK_METADATA_DIR: join(packageRoot(), 'test', 'fixtures', 'library'),
    FORMWORK_WORKERS: workers,
  });
  return { program, client: await signedIn(`${await program.ready()}/library/v1`) };
}

const field = (name: string) => ({
  changes: [{ op: 'addField', entity: 'branches', field: { name, type: 'text', label: { en: name, ar: name } } }],
});
const newest = async () =>
  (await database.knex
    .withSchema('library')
    .from('lib_meta_versions')
    .orderBy('number', 'desc')
    .first<{ number: number; status: string }>('number', 'status')) ?? { number: 0, status: '' };

/** Keeps the table from being changed until it is let go. */
async function busyTable(): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('BEGIN');
  await client.query('LOCK TABLE library.lib_branches IN ACCESS SHARE MODE');
  return () => client.end();
}

describe.each(['SIGTERM', 'SIGKILL'] as const)('%s in the middle of a change', (signal) => {
  const name = `asked_before_${signal.toLowerCase()}`;

  test('leaves it to the next process, which applies it', async () => {
    const first = await started();
    const { number } = await newest();
    const free = await busyTable();
    const answer = first.client.post('/meta/apply', field(name)).catch(() => undefined);
    await until(async () => (await newest()).number > number, 'the change to begin');
    if (signal === 'SIGTERM') first.program.signal(signal);
    else kill(first.program.pid);
    const { code, stdout, stderr } = await first.program.ended;
    if (signal === 'SIGTERM') {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toMatch(/"level":"(warn|error|fatal)"/);
      expect(await answer).toMatchObject({ status: 202, body: { data: { version: number + 1 } } });
    }
    expect(await newest()).toEqual({ number: number + 1, status: 'applying' });
    await free();

    const second = await started();
    expect(await newest()).toEqual({ number: number + 1, status: 'applied' });
    const made = await second.client.post('/branches', { name: `After ${signal}`, [name]: 'x' });
    expect({ status: made.status, errors: made.body['errors'] }).toEqual({ status: 201, errors: undefined });
    second.program.signal('SIGTERM');
    expect(await second.program.ended).toMatchObject({ code: 0 });
  });
});

test('a worker process runs a workflow that was made while it ran', async () => {
  const { program, client } = await started('1');
  const when = { all: [{ fact: 'name', operator: 'startsWith', value: 'Noted' }] };
  const workflow = {
    name: 'paint_new_branches',
    label: { en: 'Paint new branches', ar: 'x' },
    entity: 'branches',
    status: 'active',
    definition: {
      trigger: { type: 'record.created' },
      rules: [{ name: 'noted', conditions: when, event: { type: 'score.add', params: { points: 1, reason: 'noted' } } }],
      steps: [{ id: 'paint', type: 'record.update', set: { color: '#00ff00' } }],
    },
  };
  const made = await client.post('/workflows', workflow);
  expect({ status: made.status, errors: made.body['errors'] }).toEqual({ status: 201, errors: undefined });
  const branch = await client.post('/branches', { name: 'Noted' });
  const path = `/branches/${branch.body['data']?.['id']}`;
  await until(async () => String((await client.get(path)).body['data']?.['color']) === '#00ff00', 'the worker to paint it');
  program.signal('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0 });
});
