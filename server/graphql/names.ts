// GraphQL names from metadata names: types in PascalCase, root fields in camelCase; record fields keep their own names.
import type { Entity } from '../metadata/registry.ts';

const pascal = (name: string): string =>
  name
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

const camel = (name: string): string => {
  const joined = pascal(name);
  return joined.charAt(0).toLowerCase() + joined.slice(1);
};

export interface EntityNames {
  readonly type: string;
  readonly connection: string;
  readonly filter: string;
  readonly manyFilter: string;
  readonly createInput: string;
  readonly updateInput: string;
  readonly one: string;
  readonly many: string;
  /** `create` → `createContact`; `createMany` → `createContacts`. */
  mutation(verb: string): string;
  mutationOfMany(verb: string): string;
}

/** Types that the schema has anyway: an entity of such a name (`subscription`, `date`) gets `…Record` as its type. */
const taken = new Set([
  'Query',
  'Mutation',
  'Subscription',
  'PageInfo',
  'Any',
  'Deleted',
  'Aggregates',
  'AggregateGroup',
  'String',
  'Int',
  'Float',
  'Boolean',
  'Id',
]);
const kinds = new Set(['Text', 'Decimal', 'Integer', 'BigInt', 'Date', 'DateTime', 'Time', 'Set', 'Json']);

export function namesOf(entity: Entity): EntityNames {
  const name = pascal(entity.singular);
  const type = taken.has(name) || kinds.has(name) ? `${name}Record` : name;
  return {
    type,
    connection: `${type}Connection`,
    filter: `${type}Filter`,
    manyFilter: `${type}ManyFilter`,
    createInput: `${type}Create`,
    updateInput: `${type}Update`,
    one: camel(entity.singular),
    many: camel(entity.name),
    mutation: (verb) => `${verb}${name}`,
    mutationOfMany: (verb) => `${verb}${pascal(entity.name)}`,
  };
}
