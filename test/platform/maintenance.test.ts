// Daily maintenance: what is over goes, what is not stays, and a task that fails holds up no other.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Jobs, startJobs } from '../../server/jobs/queue.ts';
import { maintain, startMaintenance } from '../../server/platform/maintenance.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

describe('maintenance', () => {
  let app: TestApp;
  let jobs: Jobs;
  const onError = (): void => undefined;
  beforeAll(async () => {
    app = await startTestApp();
    jobs = await startJobs({ url: app.parts.database.url, schema: 'crm_queue', log: createLog({ level: 'fatal' }) });
  });
  afterAll(async () => {
    await jobs.stop();
    await app.stop();
  });
  const keys = async (): Promise<readonly string[]> =>
    (await app.knex.withSchema('crm_core').from('crm_idempotency_keys').select('key').orderBy('key')).map((row) => row.key);
  const partitions = async (): Promise<number> => {
    const { rows } = await app.knex.raw(`SELECT count(*) AS n FROM pg_partition_tree('crm_core.crm_outbox') WHERE isleaf`);
    return Number(rows[0].n);
  };
  const expiring = (key: string, when: string) =>
    app.knex.raw(
      `INSERT INTO crm_core.crm_idempotency_keys (scope, key, fingerprint, expires_at) VALUES ('test', ?, '', now() + ?::interval)`,
      [key, when],
    );

  test('runs when a node starts: keys that are over go, missing partitions come', async () => {
    await expiring('old', '-1 minute');
    await expiring('young', '1 hour');
    const [{ name }] = (
      await app.knex.raw(
        `SELECT relid::regclass::text AS name FROM pg_partition_tree('crm_core.crm_outbox') WHERE isleaf AND relid::regclass::text NOT LIKE '%default' ORDER BY 1 DESC LIMIT 1`,
      )
    ).rows;
    const all = await partitions();
    await app.knex.raw(`DROP TABLE ${name}`);
    await startMaintenance({ jobs, knex: app.knex, registry: app.parts.registry, onError });
    while ((await keys()).includes('old') || (await partitions()) < all) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await keys()).toEqual(['young']);
    const rows = await app.knex.withSchema('crm_queue').from('schedule').select('name', 'cron');
    expect(rows).toEqual([{ name: 'maintenance', cron: '17 3 * * *' }]);
  });

  test('a task that fails is told, and the others have their turn', async () => {
    await expiring('old again', '-1 minute');
    await app.knex.raw('ALTER TABLE crm_core.crm_refresh_tokens RENAME TO crm_refresh_tokens_aside');
    const told: string[] = [];
    const failing = maintain({ knex: app.knex, registry: app.parts.registry, onError: (message) => told.push(message) });
    await expect(failing).rejects.toThrow('Maintenance failed: remove from refresh_tokens');
    await app.knex.raw('ALTER TABLE crm_core.crm_refresh_tokens_aside RENAME TO crm_refresh_tokens');
    expect(told).toEqual(['maintenance: remove from refresh_tokens failed']);
    expect(await keys()).toEqual(['young']);
  });
});
