// One node inside this process: started, asked, stopped; and what it does with demo records.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RunningApplication, startApplication } from '../../server/app/start.ts';
import { loadConfig } from '../../server/config.ts';
import { packageRoot } from '../../server/package-root.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { watchedFetch } from '../support/watched-fetch.ts';

/** The library with one demo file; a folder of its own, because the fixture has none. */
const library = mkdtempSync(join(tmpdir(), 'app-start-'));
cpSync(join(packageRoot(), 'test', 'fixtures', 'library'), library, { recursive: true });
mkdirSync(join(library, 'demo'));
const records = ['Harbour', 'Old Town'].map((name) => ({ external_id: `demo-${name}`, name }));
afterAll(() => rmSync(library, { recursive: true }));

let database: TestDatabase;
const running: RunningApplication[] = [];

beforeEach(async () => {
  database = await testDatabase();
  demoIs({ entity: 'branches', records });
});
afterEach(async () => {
  for (const application of running.splice(0)) await application.stop();
  await database.drop();
});

const demoIs = (content: unknown): void => writeFileSync(join(library, 'demo', '01-branches.json'), JSON.stringify(content));

async function start(over: Readonly<Record<string, string>> = {}): Promise<RunningApplication> {
  const application = await startApplication(
    loadConfig({
      PORT: '0',
      DATABASE_URL: database.url,
      FORMWORK_DATA_DIR: join(library, 'd'),
      FORMWORK_METADATA_DIR: library,
      FORMWORK_WORKERS: '0',
      FORMWORK_LOG_LEVEL: 'silent',
      ...over,
    }),
  );
  running.push(application);
  return application;
}

const health = async ({ filled, port }: RunningApplication) => {
  await filled;
  const answer = await watchedFetch(`http://127.0.0.1:${port}/health/ready`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

const branches = async (): Promise<readonly string[]> =>
  (await database.knex
    .withSchema('library')
    .from('lib_branches')
    .whereNull('deleted_at')
    .orderBy('name')
    .pluck('name')) as string[];

describe('a node', () => {
  test('serves until it is stopped, and stopping it twice is stopping it once', async () => {
    const application = await start();
    await application.filled;
    expect(await health(application)).toMatchObject({ status: 200, body: { demo: { ok: true } } });
    await Promise.all([application.stop(), application.stop()]);
    await expect(health(application)).rejects.toThrow('fetch failed');
  });

  test('makes the administrator on the first start only', async () => {
    const first = await start();
    expect(first.firstAdmin).toMatchObject({ email: 'admin@example.com', password: expect.stringMatching(/^[\w-]{16}$/) });
    await first.stop();
    expect((await start()).firstAdmin).toBeUndefined();
  });

  test('that finds its port taken says so and lets everything go', async () => {
    const { port } = await start();
    await expect(start({ PORT: String(port) })).rejects.toThrow(
      `The server cannot listen on port ${port} of 127.0.0.1: another program listens there; set PORT to a free one.`,
    );
    const sessions = `SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database()`;
    for (const application of running.splice(0)) await application.stop();
    const { rows } = await database.knex.raw<{ rows: { application_name: string }[] }>(sessions);
    expect(rows.map((row) => row.application_name)).toEqual(['formwork test']);
  });

  test('with an address that no machine has, or a name that does not exist, says which', async () => {
    // RFC 5737 keeps the address for documentation, RFC 6761 the name.
    await expect(start({ HOST: '192.0.2.1' })).rejects.toThrow('of 192.0.2.1: this machine has no such address; set HOST');
    await expect(start({ HOST: 'nowhere.invalid' })).rejects.toThrow('of nowhere.invalid: ');
  });
});

describe('metadata that the tables do not follow yet', () => {
  const file = join(library, 'entities', 'branches.entity.json');
  const original = readFileSync(file, 'utf8');
  afterEach(() => writeFileSync(file, original));

  test('add what is new by themselves', async () => {
    await (await start()).stop();
    const entity = JSON.parse(original) as { fields: Record<string, object> };
    entity.fields['lift'] = { id: 'fld_branches_lift', type: 'boolean', label: { en: 'Lift', ar: 'مصعد' } };
    writeFileSync(file, JSON.stringify(entity));
    const application = await start();
    expect(await health(application)).toMatchObject({ body: { migrations: { ok: true, version: 2, pending: 0 } } });
  });

  test('stop the start with a renamed field, and say what to do', async () => {
    await (await start()).stop();
    writeFileSync(
      file,
      original
        .replaceAll('"color":', '"colour":')
        .replaceAll('"color"', '"colour"')
        .replace('"type": "colour"', '"type": "color"'),
    );
    await expect(start()).rejects.toThrow(/make them with "formwork migrate":\n {2}.*colou?r/);
  });

  test('wait without harm when a field went away', async () => {
    await (await start()).stop();
    const entity = JSON.parse(original) as { fields: Record<string, object> };
    Reflect.deleteProperty(entity.fields, 'is_open');
    writeFileSync(file, JSON.stringify(entity));
    const application = await start();
    const { status, body } = await health(application);
    expect([status, body['migrations']]).toEqual([200, { ok: true, version: 2, pending: expect.any(Number) }]);
    expect((body['migrations'] as { pending: number }).pending).toBeGreaterThan(0);
  });
});

test('a workflow with a step that nobody knows stops the start, and names the step', async () => {
  const file = join(library, 'workflows', 'loan_urgency.workflow.json');
  const original = readFileSync(file, 'utf8');
  writeFileSync(file, original.replace('"record.update"', '"record.juggle"'));
  await expect(start()).rejects.toThrow(/record\.juggle/);
  writeFileSync(file, original);
});

describe('demo records', () => {
  test('come into an empty database, in which nobody but the system has done anything', async () => {
    await (await start({ FORMWORK_DEMO: '0' })).stop();
    expect(await branches()).toEqual([]);
    await (await start()).filled;
    expect(await branches()).toEqual(['Harbour', 'Old Town']);
  });

  test('are completed by the next start when the first was cut off', async () => {
    demoIs({ entity: 'branches', records: records.slice(0, 1) });
    const first = await start();
    await first.filled;
    await first.stop();
    demoIs({ entity: 'branches', records });
    await (await start()).filled;
    expect(await branches()).toEqual(['Harbour', 'Old Town']);
  });

  test('do not come into a database that somebody works in', async () => {
    const application = await start({ FORMWORK_DEMO: '0' });
    const { firstAdmin, port } = application;
    const base = `http://127.0.0.1:${port}/library/v1`;
    const json = { 'Content-Type': 'application/json' };
    const signIn = await watchedFetch(`${base}/auth/login`, { method: 'POST', headers: json, body: JSON.stringify(firstAdmin) });
    const { data } = (await signIn.json()) as { data: { access_token: string } };
    const made = await watchedFetch(`${base}/branches`, {
      method: 'POST',
      headers: { ...json, Authorization: `Bearer ${data.access_token}`, 'Idempotency-Key': 'own' },
      body: JSON.stringify({ name: 'Our own' }),
    });
    expect(made.status).toBe(201);
    await application.stop();
    await (await start()).filled;
    expect(await branches()).toEqual(['Our own']);
  });

  test('are loaded once when two nodes start together', async () => {
    const both = await Promise.all([start(), start()]);
    await Promise.all(both.map(({ filled }) => filled));
    expect(await branches()).toEqual(['Harbour', 'Old Town']);
    expect(both.filter(({ firstAdmin }) => firstAdmin !== undefined)).toHaveLength(1);
  });

  test('that cannot be loaded do not keep the application from running', async () => {
    demoIs({ entity: 'branches', records: [{ external_id: 'demo-1', storeys: 'many' }] });
    const application = await start();
    await application.filled;
    expect(await health(application)).toMatchObject({ status: 200 });
    expect(await branches()).toEqual([]);
  });
});
