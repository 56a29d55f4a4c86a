// Lists of 100,000 records under rights: PostgreSQL finds them by an index, which the plan shows.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { actorOf } from '../../server/auth/actor-of.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import type { EntityGrant, RoleMetadata } from '../../server/metadata/types.ts';
import { parseListQuery } from '../../server/query/parse.ts';
import { seenBy } from '../../server/repository/access.ts';
import { type Context, systemContext } from '../../server/repository/context.ts';
import { pageStatement } from '../../server/repository/list.ts';
import { migratedDatabase } from '../support/app.ts';
import type { TestDatabase } from '../support/database.ts';
import { crmRegistry } from '../support/registry.ts';

let registry: Registry;
let database: TestDatabase;
const people = Array.from({ length: 200 }, () => randomUUID());
const rows = 100_000;

beforeAll(async () => {
  registry = await crmRegistry();
  database = await migratedDatabase(registry);
  const table = registry.entities.get('campaigns')?.qualifiedTable;
  await database.knex.raw(
    `INSERT INTO ${registry.entities.get('users')?.qualifiedTable} (id, version, display_name, email, first_name, last_name, created_at, updated_at)
     SELECT id, 1, 'U', id || '@example.com', 'U', 'U', now(), now() FROM unnest(?::uuid[]) id`,
    [people],
  );
  await database.knex.raw(
    `INSERT INTO ${table} (id, version, display_name, search_text, name, status, owner_id, created_at, updated_at)
     SELECT gen_random_uuid(), 1, 'C' || n, 'c' || n, 'C' || n, CASE WHEN n % 100 = 0 THEN 'completed' ELSE 'planned' END,
       (?::uuid[])[n * 7919 % 200 + 1], now() - n * interval '1 second', now() - n * interval '1 second'
       FROM generate_series(1, ${rows}) n`,
    [people],
  );
  await database.knex.raw(`ANALYZE ${table}`);
}, 120_000);
afterAll(() => database.drop());

function contextWith(grant: EntityGrant): Context {
  const role: RoleMetadata = {
    id: 'role_it',
    name: 'it',
    label: { en: 'It' },
    entities: { campaigns: grant, users: { read: 'all' } },
  };
  const id = people[0] ?? '';
  const reach = { users: people.slice(0, 3), teams: [], shared: [] };
  const user = { id, email: '', name: '', roles: ['it'], language: null, active: true, reach };
  const withRole = { ...registry, roles: new Map([['it', role]]) };
  return { ...systemContext(withRole, 'api'), actor: actorOf(user, withRole) };
}

async function planOf(grant: EntityGrant, query: string): Promise<string> {
  const context = contextWith(grant);
  const entity = seenBy(context).entities.get('campaigns');
  if (entity === undefined) throw new Error('campaigns');
  const { text, values } = pageStatement(context, entity, parseListQuery(seenBy(context), entity, new URLSearchParams(query)));
  const connection = (await database.knex.client.acquireConnection()) as {
    query(query: { text: string; values: unknown[] }): Promise<{ rows: { 'QUERY PLAN': string }[] }>;
  };
  const { rows: lines } = await connection.query({ text: `EXPLAIN ${text}`, values: [...values] });
  await database.knex.client.releaseConnection(connection);
  return lines.map((line) => line['QUERY PLAN']).join('\n');
}

const recent = 'sort=-updated_at&limit=20';

test.each<[string, EntityGrant, string, RegExp]>([
  ['own', { read: 'own' }, recent, /owner_id = /],
  ['team', { read: 'team' }, recent, /owner_id = ANY/],
  ['a record filter', { read: 'all', filter: { fact: 'status', operator: 'equal', value: 'completed' } }, recent, /status = /],
  [
    'a record filter on what is referred to',
    { read: 'all', filter: { fact: 'owner_id', operator: 'equal', value: { fact: 'actor.id' } } },
    recent,
    /owner_id = /,
  ],
])('%s', async (name, grant, query, condition) => {
  const plan = await planOf(grant, query);
  process.stdout.write(`${name}:\n${plan.split('\n').slice(0, 7).join('\n')}\n`);
  expect(plan).toMatch(/Index (Only )?Scan using crm_campaigns_\w+ on crm_campaigns|Bitmap Index Scan on crm_campaigns_/);
  expect(plan).not.toContain('Seq Scan on crm_campaigns');
  expect(plan).toMatch(condition);
});
