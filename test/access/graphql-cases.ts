// The matrix over GraphQL: one record, lists and mutations; in a schema of what the caller may read.
import { type Cell, idsIn } from './cell.ts';
import { camel, literal, pascal, run } from './graphql-run.ts';
import { type Making, makings } from './makings.ts';
import { entityFile } from './metadata.ts';
import { fieldOf, listed, open, recordStatus } from './oracle.ts';
import { patchOf, type Seed } from './records.ts';
import { delegated, successOf } from './rest-cases.ts';

/** What may be read and holds texts or amounts. */
function selection({ caller, entity }: Cell): string {
  const types = ['text', 'longText', 'email', 'url', 'phone', 'money', 'date', 'json'];
  const fields = Object.entries(entityFile(entity).fields).filter(([, { type }]) => types.includes(type));
  return [
    'id',
    'display_name',
    ...fields.map(([name]) => name).filter((name) => fieldOf(caller.role, entity, name) !== 'closed'),
  ].join(' ');
}

export async function graphqlReadCases(cell: Cell): Promise<void> {
  const { caller, entity, seeds, world } = cell;
  const { singular } = entityFile(entity);
  const one = (seed: Seed, at: number): string => `k${at}: ${camel(singular)}(id: "${seed.id}") { ${selection(cell)} }`;
  const asked = open(caller.role, entity) ? seeds : seeds.slice(0, 1);
  const { outcome } = await run(cell, `{ ${asked.map(one).join(' ')} }`);
  for (const [at, seed] of seeds.entries()) {
    const shown = listed(caller, seed, false) ? 200 : 'null';
    cell.check('GraphQL', 'read', seed.kind, outcome(`k${at}`), open(caller.role, entity) ? shown : 'unknown');
  }
  const known = world.allOf(entity);
  const ids = JSON.stringify(known.map(({ id }) => id));
  const all = await run(
    cell,
    `{ all: ${camel(entity)}(filter: { id: { in: ${ids} } }, first: 200) { totalCount nodes { ${selection(cell)} } } }`,
  );
  const expected = known.filter((seed) => listed(caller, seed, false));
  const closed = open(caller.role, entity) ? 200 : 'unknown';
  cell.check('GraphQL', 'list', 'all', [all.outcome('all'), all.data?.['all']?.['totalCount'] ?? 0], [closed, expected.length]);
  for (const seed of seeds)
    cell.check('GraphQL', 'list', seed.kind, idsIn(all.data?.['all']?.['nodes'], [seed]).length === 1, expected.includes(seed));
}

type Act = 'update' | 'delete' | 'restore';

export async function graphqlWriteCases(cell: Cell): Promise<void> {
  const { caller, entity, seeds } = cell;
  const name = pascal(entityFile(entity).singular);
  const documents: Readonly<Record<Act, (id: string) => string>> = {
    update: (id) => `update${name}(id: "${id}", patch: ${literal(patchOf(entity))}) { id }`,
    delete: (id) => `delete${name}(id: "${id}"${delegated(entity) ? ', ifVersion: 999' : ''}) { id }`,
    restore: (id) => `restore${name}(id: "${id}") { id }`,
  };
  const known = (operation: string): boolean => open(caller.role, entity) && entityFile(entity).operations.includes(operation);
  for (const act of ['update', 'delete', 'restore'] as const) {
    const together = (seed: Seed): string | undefined =>
      !known(act) || recordStatus(cell.who(seed), act, seed) === 200 ? cell.who(seed).id : undefined;
    for (const group of grouped(seeds, together, entity)) {
      const [first] = group;
      // Where there is no such mutation no id is looked at: one stands for all.
      const document = (known(act) ? group : group.slice(0, 1)).map((seed, at) => `k${at}: ${documents[act](seed.id)}`).join(' ');
      const { outcome } = await run(cell, `mutation { ${document} }`, cell.who(first));
      for (const [at, seed] of group.entries()) {
        const expected = successOf(entity, act, recordStatus(cell.who(seed), act, seed));
        const got = outcome(`k${at}`);
        cell.check('GraphQL', act, seed.kind, got, known(act) ? expected : 'unknown');
        if (got === 200) await cell.undo(seed, act);
      }
    }
  }
  const together = ({ expected }: Making): string | undefined => (!known('create') || expected === 200 ? 'one' : undefined);
  for (const group of grouped(await makings(cell), together, entity)) {
    const document = (known('create') ? group : group.slice(0, 1))
      .map(({ input }, at) => `k${at}: create${name}(input: ${literal(input)}) { id }`)
      .join(' ');
    const { outcome } = await run(cell, `mutation { ${document} }`);
    for (const [at, { kind, expected, referred }] of group.entries()) {
      const got = outcome(`k${at}`);
      cell.check('GraphQL', 'create', kind, got, known('create') ? successOf(entity, 'create', expected) : 'unknown');
      if (got === 200) referred(1);
    }
  }
}

/** What is refused stands alone: a mutation ends with the first refusal. So does what stands for metadata. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string | undefined, entity: string): readonly (readonly T[])[] {
  const groups = new Map<unknown, T[]>();
  for (const item of items) {
    const key = delegated(entity) ? item : (keyOf(item) ?? item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}
