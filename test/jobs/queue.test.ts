// The queue: jobs come with their transaction or not at all, failed ones run again, schedules are kept.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Jobs, startJobs } from '../../server/jobs/queue.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

describe('the queue', () => {
  let database: TestDatabase;
  let jobs: Jobs;
  const log = createLog({ level: 'fatal' });
  beforeAll(async () => {
    database = await testDatabase();
    jobs = await startJobs({ url: database.url, schema: 'test_queue', log });
  });
  afterAll(async () => {
    await jobs.stop();
    await database.drop();
  });

  /** A handler that remembers what it got, and a promise of the n-th job. */
  function collector() {
    const seen: unknown[] = [];
    const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
    return {
      seen,
      add: (data: unknown) => {
        seen.push(data);
        for (const { count, resolve } of waiting) if (seen.length >= count) resolve();
      },
      reached: (count: number) =>
        new Promise<void>((resolve) => {
          if (seen.length >= count) resolve();
          else waiting.push({ count, resolve });
        }),
    };
  }

  test('hands a job to a worker, with its data', async () => {
    const got = collector();
    await jobs.queue('plain');
    await jobs.work<{ n: number }>('plain', async ({ id, data, signal }) => got.add([typeof id, data, signal.aborted]));
    await jobs.send('plain', { n: 1 });
    await got.reached(1);
    expect(got.seen).toEqual([['string', { n: 1 }, false]]);
  });

  test('a job of a transaction that is rolled back does not exist', async () => {
    const got = collector();
    await jobs.queue('atomic');
    await expect(
      database.knex.transaction(async (transaction) => {
        await jobs.send('atomic', { n: 'undone' }, { transaction });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    await database.knex.transaction((transaction) => jobs.send('atomic', { n: 'done' }, { transaction }));
    await jobs.work<{ n: string }>('atomic', async ({ data }) => got.add(data.n));
    await got.reached(1);
    expect(got.seen).toEqual(['done']);
  });

  test('a failed job runs again', async () => {
    const got = collector();
    await jobs.queue('shaky', { retryLimit: 2 });
    await jobs.work('shaky', async () => {
      got.add('try');
      if (got.seen.length === 1) throw new Error('not yet');
    });
    await jobs.send('shaky', {});
    await got.reached(2);
    expect(got.seen).toEqual(['try', 'try']);
  });

  test('settings of a queue that is there are brought up to date', async () => {
    await jobs.queue('single');
    await jobs.queue('single', { retryLimit: 7, expireInSeconds: 60, deleteAfterSeconds: 60 });
    const [queue] = await database.knex.withSchema('test_queue').from('queue').where({ name: 'single' });
    expect(queue).toMatchObject({ retry_limit: 7, expire_seconds: 60 });
  });

  test('keeps a schedule in UTC', async () => {
    await jobs.queue('nightly');
    await jobs.schedule('nightly', '15 3 * * *', { what: 'all' });
    const rows = await database.knex.withSchema('test_queue').from('schedule').select('name', 'cron', 'timezone', 'data');
    expect(rows).toEqual([{ name: 'nightly', cron: '15 3 * * *', timezone: 'UTC', data: { what: 'all' } }]);
  });

  test('a process that only sends runs no maintenance', async () => {
    const sender = await startJobs({ url: database.url, schema: 'test_queue', log, supervise: false });
    const got = collector();
    await jobs.queue('sent');
    await jobs.work<{ from: string }>('sent', async ({ data }) => got.add(data.from));
    await sender.send('sent', { from: 'sender' });
    await got.reached(1);
    await sender.stop();
    expect(got.seen).toEqual(['sender']);
  });
});
