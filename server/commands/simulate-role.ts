// `formwork simulate-role <role…>`: what users with these roles may do with every entity, and how many records that is.
import type { Command } from 'commander';
import { actorOf } from '../auth/actor-of.ts';
import { actorsOf } from '../auth/actors.ts';
import { allRights, rightsOf } from '../auth/rights.ts';
import { said } from '../auth/rights-difference.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Right } from '../metadata/types.ts';
import type { Actor } from '../repository/actor.ts';
import { systemContext } from '../repository/context.ts';
import { entityPredicate } from '../repository/row-rights.ts';
import { parameters, run } from '../repository/statement.ts';
import type { VersionServices } from '../versions/services.ts';
import { textTable } from './text-table.ts';
import { withMetadata } from './with-metadata.ts';

interface Options {
  readonly user?: string;
  readonly entity?: string;
}

export function simulateRoleCommand(program: Command): void {
  program
    .command('simulate-role')
    .description('Show what users with these roles may do, entity by entity')
    .argument('<roles...>', 'names of roles; the rights of several add up')
    .option('--user <email>', 'with the teams and records of this user: how many records they could read and change')
    .option('--entity <name>', 'only this entity')
    .action((roles: string[], options: Options) =>
      withMetadata(2, async ({ live, versions }) => {
        const registry = await live();
        const unknown = roles.filter((role) => !registry.roles.has(role));
        if (unknown.length > 0)
          throw new Error(`There is no role ${unknown.join(', ')}. There are: ${[...registry.roles.keys()].join(', ')}.`);
        if (options.entity !== undefined && !registry.entities.has(options.entity))
          throw new Error(`There is no entity ${options.entity}.`);
        const names = [...registry.entities.keys()].filter((name) => options.entity === undefined || name === options.entity);
        const counts =
          options.user === undefined ? undefined : await countsFor(await versions(), registry, roles, options.user, names);
        return { text: table(registry, roles, names, counts) };
      }),
    );
}

type Counts = ReadonlyMap<string, readonly [read: string, changed: string]>;

function table(registry: Registry, roles: readonly string[], names: readonly string[], counts: Counts | undefined): string {
  const { grants } = rightsOf(registry, roles);
  const heading = ['entity', ...allRights, ...(counts === undefined ? [] : ['readable rows', 'changeable rows'])];
  const rows = names.map((name) => [name, ...allRights.map((right) => said(grants(name, right))), ...(counts?.get(name) ?? [])]);
  return textTable([heading, ...rows]);
}

/** @throws Error when there is no such active user */
async function countsFor(
  { knex }: VersionServices,
  registry: Registry,
  roles: readonly string[],
  email: string,
  names: readonly string[],
): Promise<Counts> {
  const user = await actorsOf(knex).byEmail(registry, email);
  if (user === undefined) throw new Error(`There is no active user ${email}.`);
  const { id, name, reach } = user;
  const actor = actorOf({ id, email, name, roles, language: null, active: true, reach }, registry);
  const counts = new Map<string, readonly [string, string]>();
  for (const name of names) {
    const count = (right: Right): Promise<string> => countOf(knex, registry, actor, name, right);
    counts.set(name, [await count('read'), await count('update')]);
  }
  return counts;
}

async function countOf(
  knex: VersionServices['knex'],
  registry: Registry,
  actor: Actor,
  name: string,
  right: Right,
): Promise<string> {
  const entity = registry.entities.get(name);
  if (entity === undefined) return '';
  const bound = parameters();
  const context = systemContext(registry, 'api', { actor });
  const read = entityPredicate(context, entity, 't', bound, 'read');
  const rows = right === 'read' ? read : `${read} AND ${entityPredicate(context, entity, 't', bound, right)}`;
  const [row] = await run<{ n: string }>(knex, {
    text: `SELECT count(*)::text AS n FROM ${entity.qualifiedTable} t WHERE t."deleted_at" IS NULL AND ${rows}`,
    values: bound.values,
  });
  return row?.n ?? '';
}
