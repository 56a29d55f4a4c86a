// What /health/ready looks at: the database, the metadata that are served, the versions of the tables.
import type { HealthCheck } from '../http/health.ts';
import type { Registry } from '../metadata/registry.ts';
import { planSchema } from '../tables/plan.ts';
import { schemaModel } from '../tables/schema-model.ts';
import { readInForce } from '../versions/in-force.ts';
import { withSession } from '../versions/session.ts';
import type { Parts } from './parts.ts';

type Checks = Readonly<Record<string, () => Promise<HealthCheck> | HealthCheck>>;

export function healthChecks(parts: Pick<Parts, 'database' | 'registry' | 'newest'>): Checks {
  const { database, registry } = parts;
  return {
    database: async () => {
      await database.knex.raw('SELECT 1');
      return { ok: true, version: database.version };
    },
    metadata: () => metadata(parts),
    migrations: remembered(() => migrations(database.knex, registry.current())),
  };
}

/** Which version this node answers with, and whether it can follow to the newest one that is published. */
function metadata({ registry, newest }: Pick<Parts, 'registry' | 'newest'>): HealthCheck {
  const { version, number } = registry.current();
  const served = newest.state?.();
  if (served === undefined) return { ok: true, version, number };
  const { serial, refusal } = served;
  const facts = { version, number, serial, newest: served.newest?.serial ?? serial };
  return refusal === undefined ? { ok: true, ...facts } : { ok: false, ...facts, reason: refusal };
}

/** `pending` counts the steps that wait for `formwork migrate`, `applying` is the number of a version that is on its way. */
async function migrations(knex: Parts['database']['knex'], registry: Registry): Promise<HealthCheck> {
  return withSession(knex, async (session) => {
    const { version, versions, model } = await readInForce(session, registry.app);
    const open = versions.find(({ status }) => status !== 'applied');
    return {
      ok: version !== undefined,
      version: version?.number ?? 0,
      pending: planSchema(model, schemaModel(registry)).steps.length,
      ...(open === undefined ? {} : { applying: open.number }),
    };
  });
}

/** Milliseconds; reading the journal costs too much for a path that anybody may call at any rate. */
const rememberedMs = 2_000;

function remembered(check: () => Promise<HealthCheck>): () => Promise<HealthCheck> {
  let last: { readonly at: number; readonly result: Promise<HealthCheck> } | undefined;
  return () => {
    if (last === undefined || performance.now() - last.at > rememberedMs) last = { at: performance.now(), result: check() };
    return last.result;
  };
}
