// Lists under rights against the same lists without: 200,000 records, interleaved, ratios of p50 and p99 from one run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { actorOf } from '../../server/auth/actor-of.ts';
import { startEmbedded } from '../../server/database/embedded/start.ts';
import { connect } from '../../server/database/pool.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import type { EntityGrant, RoleMetadata } from '../../server/metadata/types.ts';
import { parseListQuery } from '../../server/query/parse.ts';
import { type Context, systemContext } from '../../server/repository/context.ts';
import { createRepository } from '../../server/repository/create-repository.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { migrate } from '../../server/versions/migrate.ts';
import { crmRegistry } from '../support/registry.ts';
import { printed, rounds } from './rounds.ts';

const rows = Number(process.argv[3] ?? 200_000);
const people = 200;
const teamSize = 10;

const roles: Readonly<Record<string, EntityGrant>> = {
  all: { read: 'all' },
  own: { read: 'own' },
  team: { read: 'team' },
  filter: { read: 'all', filter: { fact: 'source', operator: 'equal', value: 'web' } },
};

const queries: Readonly<Record<string, string>> = {
  'newest first': 'sort=-updated_at&limit=50',
  'by name': 'sort=last_name&limit=50',
  'a filter': 'lifecycle[eq]=prospect&sort=-updated_at&limit=50',
  'a search': 'q=row1234&limit=50',
};

const dataDir = mkdtempSync(join(tmpdir(), 'fw-bench-'));
const server = await startEmbedded({ dataDir, log: createLog({ level: 'error' }) });
const knex = connect({ url: server.url, poolSize: 2, statementTimeoutMs: 0, applicationName: 'bench' });
try {
  const registry = await withRoles();
  await migrate(knex, registry);
  const repository = createRepository({ knex, hooks: [], onError: console.error });
  const ids = await fill(knex, registry);
  const cases = Object.entries(queries).flatMap(([query, parameters]) =>
    Object.keys(roles).map((role) => {
      const context = contextOf(registry, role, ids);
      const entity = registry.entities.get('contacts');
      if (entity === undefined) throw new Error('contacts');
      const asked = parseListQuery(registry, entity, new URLSearchParams(parameters));
      return { name: query, variant: role, run: () => repository.list(context, asked) };
    }),
  );
  process.stdout.write(`${printed(await rounds(cases, 150), 'all')}\n`);
} finally {
  await knex.destroy();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function withRoles(): Promise<Registry> {
  const registry = await crmRegistry();
  const made = Object.entries(roles).map(([name, grant]): [string, RoleMetadata] => [
    name,
    {
      id: `role_${name}`,
      name,
      label: { en: name },
      entities: { contacts: grant, users: { read: 'all' }, shares: { read: 'own' } },
    },
  ]);
  return { ...registry, roles: new Map(made) };
}

function contextOf(registry: Registry, role: string, users: readonly string[]): Context {
  const [id = ''] = users;
  const reach = { users: users.slice(0, teamSize), teams: [], shared: [] };
  const user = { id, email: 'u@example.com', name: 'U', roles: [role], language: null, active: true, reach };
  return { ...systemContext(registry, 'api'), actor: actorOf(user, registry) };
}

/** The owners take turns, so that one’s own records lie everywhere among the others. */
async function fill(database: Knex, registry: Registry): Promise<readonly string[]> {
  const [users, contacts] = ['users', 'contacts'].map((name) => registry.entities.get(name)?.qualifiedTable ?? '');
  const { rows: made } = await database.raw<{ rows: { id: string }[] }>(
    `INSERT INTO ${users} (id, version, display_name, search_text, email, first_name, last_name, active, created_at, updated_at)
     SELECT gen_random_uuid(), 1, 'U ' || n, 'u ' || n, 'u' || n || '@example.com', 'U', n::text, true, now(), now()
       FROM generate_series(1, ${people}) n RETURNING id`,
  );
  const ids = made.map(({ id }) => id);
  await database.raw(
    `INSERT INTO ${contacts} (id, version, display_name, search_text, last_name, lifecycle, source, owner_id, created_at, updated_at)
     SELECT gen_random_uuid(), 1, 'Row' || n, 'row' || n, 'Row' || n, (ARRAY['prospect', 'customer'])[n % 2 + 1], (ARRAY['web', 'referral', 'event'])[n % 3 + 1],
       (?::uuid[])[n * 7919 % ${people} + 1], now() - n * interval '1 second', now() - n * interval '1 second'
       FROM generate_series(1, ${rows}) n`,
    [ids],
  );
  await database.raw(`VACUUM ANALYZE ${contacts}`);
  return ids;
}
