// Daily maintenance, a job of the queue: partitions ahead of time, and rows whose time is over.
import type { Knex } from 'knex';
import type { Jobs } from '../jobs/queue.ts';
import type { Registry, RegistryHolder } from '../metadata/registry.ts';
import { quoted, run } from '../repository/statement.ts';
import { ensurePartitions } from '../versions/partitions.ts';

export interface MaintenanceServices {
  readonly jobs: Jobs;
  readonly knex: Knex;
  readonly registry: RegistryHolder;
  readonly onError: (message: string, error: unknown) => void;
}

interface Task {
  readonly name: string;
  readonly run: (knex: Knex, registry: Registry) => Promise<unknown>;
}

/** Rows that nobody asks for any more go in portions, so that no lock is held for long. */
const portion = 10_000;

const removal = (name: string, where: string): Task => ({
  name: `remove from ${name}`,
  run: async (knex, { app }) => {
    const table = `${quoted(app.schema)}.${quoted(app.prefix + name)}`;
    const text = `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${where} LIMIT ${portion})) RETURNING 1 AS one`;
    while ((await run(knex, { text, values: [] })).length === portion);
  },
});

/** The list. Each is tried every day, whatever became of the others. */
export const maintenanceTasks: readonly Task[] = [
  { name: 'partitions ahead', run: (knex, registry) => ensurePartitions(knex, registry.app, registry) },
  removal('idempotency_keys', 'expires_at < now()'),
  // A used or revoked token is kept a while: its return betrays a theft.
  removal('refresh_tokens', "expires_at < now() - interval '30 days'"),
  removal('sign_in_vouchers', 'expires_at < now()'),
  // Kept a while, so that its owner can still see what a key was.
  removal('api_keys', "least(expires_at, revoked_at) < now() - interval '1 year'"),
  // Uploads that no import took; then what imports and exports hold, while an import can be undone and its rejects mended.
  removal('transfer_files', "created_at < now() - CASE WHEN held_by IS NULL THEN interval '1 day' ELSE interval '30 days' END"),
  removal('import_rejects', "created_at < now() - interval '30 days'"),
  removal('import_changes', "created_at < now() - interval '30 days'"),
  removal('login_attempts', 'expire < extract(epoch FROM now()) * 1000'),
];

const queue = 'maintenance';
/** Every day in the small hours (UTC), at a minute that others do not choose. */
const daily = '17 3 * * *';

/** Runs the tasks once now (a node may have been off for weeks), then daily on one of the nodes. */
export async function startMaintenance(services: MaintenanceServices): Promise<void> {
  await services.jobs.queue(queue, { retryLimit: 0 });
  await services.jobs.work(queue, () => maintain(services));
  await services.jobs.schedule(queue, daily);
  await services.jobs.send(queue, {});
}

/** @throws Error when a task failed, after the others had their turn */
export async function maintain({ knex, registry, onError }: Omit<MaintenanceServices, 'jobs'>): Promise<void> {
  const failed: string[] = [];
  for (const task of maintenanceTasks) {
    try {
      await task.run(knex, registry.current());
    } catch (error) {
      onError(`maintenance: ${task.name} failed`, error);
      failed.push(task.name);
    }
  }
  if (failed.length > 0) throw new Error(`Maintenance failed: ${failed.join(', ')}`);
}
