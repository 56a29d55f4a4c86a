// What /health/ready looks at: the database, the metadata in force, the migrations.
import type { HealthCheck } from '../http/health.ts';
import { status } from '../versions/migrate.ts';
import type { Parts } from './parts.ts';

export function healthChecks({ database, registry }: Parts): Readonly<Record<string, () => Promise<HealthCheck> | HealthCheck>> {
  return {
    database: async () => {
      await database.knex.raw('SELECT 1');
      return { ok: true, version: database.version };
    },
    metadata: () => ({ ok: true, version: registry.current().version }),
    migrations: remembered(async () => {
      const { current, interrupted, pending } = await status(database.knex, registry.current());
      return { ok: current !== undefined && interrupted === undefined, version: current?.number ?? 0, pending };
    }),
  };
}

/** Milliseconds; looking at the catalogues costs too much for a path that anybody may call at any rate. */
const rememberedMs = 2_000;

function remembered(check: () => Promise<HealthCheck>): () => Promise<HealthCheck> {
  let last: { readonly at: number; readonly result: Promise<HealthCheck> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at > rememberedMs) last = { at: performance.now(), result: check() };
    return last.result;
  };
}
