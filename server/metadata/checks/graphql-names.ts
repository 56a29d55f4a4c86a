// Names that differ here but not in the GraphQL schema: `order_line_filter` beside `order_line`, `a_1` beside `a1`.
import { step } from '../pointer.ts';
import type { EntityMetadata } from '../types.ts';
import type { Check } from './subject.ts';

/** `server/graphql/names.ts` makes the names; a test holds that these are all of them. */
const pascal = (name: string): string =>
  name
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

/** What stands after the type's own name in the types that come with it. */
export const typeParts: readonly string[] = ['', 'Connection', 'Edge', 'Filter', 'ManyFilter', 'Create', 'Update'];
/** Types that are there without any entity; one of an entity that would be called like the first ones gets `…Record`. */
const yielding = ['Query', 'Mutation', 'Subscription', 'PageInfo', 'Any', 'Deleted', 'String', 'Int', 'Float', 'Boolean', 'Id'];
const kinds = ['Text', 'Decimal', 'Integer', 'BigInt', 'Date', 'DateTime', 'Time', 'Set', 'Json'];
const shared: ReadonlySet<string> = new Set([
  ...['AnyRecord', 'DeletedRecord', 'ID', 'JSON', 'IdFilter', 'BooleanFilter'],
  ...kinds.map((kind) => `${kind}Filter`),
]);
/** Types for the parts of a field type are called after it. */
const partsFilter = /PartsFilter$/;

const typeOf = (name: string): string => (yielding.includes(name) || kinds.includes(name) ? `${name}Record` : name);

const verbs = ['create', 'update', 'upsert', 'delete', 'restore'];

interface Made {
  readonly name: string;
  /** Which of the entity's names it is made from. */
  readonly key: 'singular' | 'name';
}

/** The types, the fields of Query and those of Mutation: within each, a name stands once. */
const madeBy: readonly ((entity: EntityMetadata) => readonly Made[])[] = [
  ({ singular }) => typeParts.map((part) => ({ name: typeOf(pascal(singular)) + part, key: 'singular' })),
  ({ singular, name }) => [
    { name: pascal(singular), key: 'singular' },
    { name: pascal(name), key: 'name' },
  ],
  ({ singular, name }) => [
    ...verbs.map((verb): Made => ({ name: verb + pascal(singular), key: 'singular' })),
    { name: `create${pascal(name)}`, key: 'name' },
  ],
];

export const checkGraphqlNames: Check = ({ source, report }) => {
  for (const entity of source.entities) {
    const taken = madeBy[0]?.(entity).find(({ name }) => shared.has(name) || partsFilter.test(name));
    if (taken !== undefined) report(entity, '/singular', `In GraphQL "${taken.name}" is a type of the engine.`, 'name');
  }
  for (const namesOf of madeBy) {
    const owners = new Map<string, EntityMetadata>();
    for (const entity of source.entities) {
      for (const { name, key } of namesOf(entity)) {
        const owner = owners.get(name);
        if (owner === undefined) owners.set(name, entity);
        else if (!sameWord(owner, entity))
          report(entity, step('', key), `In GraphQL "${name}" is already taken by the entity "${owner.name}".`, 'name');
      }
    }
  }
};

/** Words that are the same here already have a finding of their own. */
function sameWord(one: EntityMetadata, other: EntityMetadata): boolean {
  if (one === other) return one.singular === one.name;
  return [one.name, one.singular].some((word) => word === other.name || word === other.singular);
}
