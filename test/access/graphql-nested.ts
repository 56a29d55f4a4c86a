// The matrix over GraphQL: records related to others, which show only to whoever may read both.
import { type Cell, idsIn } from './cell.ts';
import { camel, run } from './graphql-run.ts';
import { entityFile } from './metadata.ts';
import { levelOf, listed, open } from './oracle.ts';
import { links, parentOf, type Seed } from './records.ts';

/** Through the record that they hang to; where there is none, through the log of what was done to them. */
export async function graphqlNestedCases(cell: Cell): Promise<void> {
  const { caller, entity, seeds } = cell;
  const [[, , inverse = ''] = []] = links[entity] ?? [];
  for (const hub of new Set(seeds.map((seed) => (entity === 'timeline' ? (seed.parent as Seed) : seed.hub)))) {
    const hanging = seeds.filter((seed) => (entity === 'timeline' ? seed.parent : seed.hub) === hub);
    if (hub === undefined) {
      await logCases(cell, hanging);
      continue;
    }
    const name = entity === 'timeline' ? 'timeline' : inverse;
    const document = `{ hub: ${camel(entityFile(hub.entity).singular)}(id: "${hub.id}") { ${name}(first: 200) { nodes { id display_name } } } }`;
    const { outcome, data } = await run(cell, document);
    const known = open(caller.role, hub.entity) && open(caller.role, entity);
    const expected = known ? (listed(caller, hub, false) ? 200 : 'null') : 'unknown';
    for (const seed of hanging) {
      const shown = idsIn(data?.['hub']?.[name]?.['nodes'], [seed]).length === 1;
      cell.check(
        'GraphQL',
        'nested',
        seed.kind,
        [outcome('hub'), shown],
        [expected, expected === 200 && listed(caller, seed, false)],
      );
    }
  }
}

async function logCases(cell: Cell, seeds: readonly Seed[]): Promise<void> {
  const of = (seed: Seed): Seed => (seed.entity === 'auditlog' ? (seed.parent as Seed) : seed);
  const entries = seeds.map(
    (seed, at) => `k${at}: auditlog(filter: { record_id: { eq: "${of(seed).id}" } }) { nodes { record { id display_name } } }`,
  );
  const { data } = await run(cell, `{ ${entries.join(' ')} }`);
  for (const [at, seed] of seeds.entries()) {
    const nodes = (data?.[`k${at}`]?.['nodes'] ?? []) as unknown as { record: unknown }[];
    const shown =
      idsIn(
        nodes.map(({ record }) => record),
        [of(seed)],
      ).length === 1;
    const expected = isLogged(cell, of(seed)) && open(cell.caller.role, 'auditlog') && listed(cell.caller, of(seed), false);
    cell.check('GraphQL', 'nested', seed.kind, shown, expected);
  }
}

/** What belongs to a record of any kind tells in the log only of itself to those who may read all of its kind. */
function isLogged({ caller }: Cell, { entity }: Seed): boolean {
  if (entityFile(entity).audit?.off === true) return false;
  return parentOf[entity]?.[2] === undefined || levelOf(caller.role, entity, 'read') === 'all';
}
