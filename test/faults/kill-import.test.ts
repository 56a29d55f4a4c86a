// kill -9 of the worker in the middle of an import: another goes on, no row is lost and none is there twice.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { prepareImports } from '../../server/import/import-job.ts';
import { startJobs } from '../../server/jobs/queue.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Running, runSource } from '../support/processes.ts';

type Row = Readonly<Record<string, unknown>>;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  const jobs = await startJobs({
    url: app.parts.database.url,
    schema: 'crm_queue',
    log: createLog({ level: 'fatal' }),
    supervise: false,
  });
  await prepareImports(jobs);
  await jobs.stop();
});
afterAll(() => app.stop());

const rows = 1_000;

async function worker(): Promise<Running> {
  const file = fileURLToPath(new URL('./import-worker.ts', import.meta.url));
  const running = runSource(file, { args: [app.parts.database.url, app.adminId] });
  expect(await running.line()).toBe('ready');
  return running;
}

test('a worker that is killed leaves nothing half done, and the next goes on', async () => {
  // No key to match on: whatever is written twice is there twice. Every tenth row is refused, and must be told of once.
  const csv = Array.from({ length: rows }, (_, at) => (at % 10 === 9 ? ',no name\n' : `Row ${at},\n`)).join('');
  const mapping = { upsertOn: null, fields: { name: { column: 'name' } } };
  const started = await app.request('POST', '/accounts/import', { body: { mapping, csv: `name,note\n${csv}` } });
  expect(started.status).toBe(202);
  const path = `/imports/${started.body['data']?.['id']}`;
  const record = async (): Promise<Row> => (await app.request('GET', path)).body['data'] as never as Row;
  const reached = async (count: number): Promise<void> => {
    while (Number((await record())['rows_read']) < count) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  // Twice: what goes on must itself be able to be killed.
  for (const count of [150, 500]) {
    const killed = await worker();
    await reached(count);
    await killed.end('SIGKILL');
    expect(Number((await record())['rows_read'])).toBeLessThan(rows);
  }
  const last = await worker();
  await reached(rows);
  while ((await record())['status'] === 'running') await new Promise((resolve) => setTimeout(resolve, 50));
  await last.end('SIGKILL');

  const made = (rows / 10) * 9;
  expect(await record()).toMatchObject({
    status: 'completed_with_rejects',
    rows_read: rows,
    rows_created: made,
    rows_rejected: rows / 10,
  });
  const count = async (sql: string): Promise<number> => Number((await app.knex.raw<{ rows: { n: string }[] }>(sql)).rows[0]?.n);
  const named = `FROM crm_core.crm_accounts WHERE name LIKE 'Row %'`;
  expect(await count(`SELECT count(*) AS n ${named}`)).toBe(made);
  expect(await count(`SELECT count(DISTINCT name) AS n ${named}`)).toBe(made);
  expect(await count('SELECT count(*) AS n FROM crm_core.crm_import_rejects')).toBe(rows / 10);
  expect(await count('SELECT count(*) AS n FROM crm_core.crm_import_changes')).toBe(made);
}, 240_000);
