// Files that nobody holds: uploads that no record took, and what records let go of, go daily, rows first and then bytes.
import type { Knex } from 'knex';
import { sweep } from '../http/arrive.ts';
import type { Jobs } from '../jobs/queue.ts';
import type { RegistryHolder } from '../metadata/registry.ts';
import { engineTable, run } from '../repository/statement.ts';
import { digestLock } from './file-rows.ts';
import type { FileServices } from './file-services.ts';

export interface CleanUpServices {
  readonly knex: Knex;
  readonly registry: RegistryHolder;
  readonly files: FileServices;
}

/** Who uploads a file has this long to save the record. */
const unclaimedHours = 24;
/** What was replaced can be put back this long. */
const detachedDays = 30;
const portion = 1000;
const dayMs = 86_400_000;

/** @returns how many files went */
export async function cleanUpFiles({ knex, registry, files }: CleanUpServices): Promise<number> {
  const table = engineTable(registry.current().app, 'files');
  let gone = 0;
  for (;;) {
    const rows = await run<{ digest: string }>(knex, {
      text: `DELETE FROM ${table} WHERE id = ANY(ARRAY(SELECT id FROM ${table}
          WHERE (record_id IS NULL AND created_at < now() - interval '${unclaimedHours} hours')
            OR detached_at < now() - interval '${detachedDays} days' LIMIT ${portion} FOR UPDATE SKIP LOCKED))
        RETURNING digest`,
      values: [],
    });
    for (const digest of new Set(rows.map((row) => row.digest))) await dropBytes(knex, table, digest, files);
    gone += rows.length;
    if (rows.length < portion) break;
  }
  await sweep(files.arriving, dayMs);
  return gone;
}

/** Nobody writes a row of these bytes while they go: an upload of the same waits, and finds that it has to come again. */
function dropBytes(knex: Knex, table: string, digest: string, { store }: FileServices): Promise<void> {
  return knex.transaction(async (transaction) => {
    await run(transaction, { text: `SELECT ${digestLock('', '$1')}`, values: [digest] });
    const others = await run(transaction, { text: `SELECT 1 AS one FROM ${table} WHERE digest = $1 LIMIT 1`, values: [digest] });
    if (others.length === 0) await store.remove(digest);
  });
}

const queue = 'file_clean_up';
/** Every day in the small hours (UTC), at a minute that others do not choose. */
const daily = '41 3 * * *';

export async function startFileCleanUp(services: CleanUpServices & { readonly jobs: Jobs }): Promise<void> {
  await services.jobs.queue(queue, { retryLimit: 0 });
  await services.jobs.work(queue, async () => {
    await cleanUpFiles(services);
  });
  await services.jobs.schedule(queue, daily);
  await services.jobs.send(queue, {});
}
