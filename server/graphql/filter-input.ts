// Filter inputs: `{ stage: { eq: "won" }, account: { industry: { in: […] } }, or: […] }` ↔ the condition tree.
import type { InputTypeComposer, SchemaComposer } from 'graphql-compose';
import { operatorByAlias, operatorsFor } from '../conditions/operators.ts';
import type { Condition, Operand } from '../conditions/tree.ts';
import type { ValueKind } from '../conditions/value-kind.ts';
import { currentMember } from '../metadata/aliases.ts';
import { type Entity, isToMany, type Registry } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { namesOf } from './names.ts';
import { underOtherNames } from './other-names.ts';

const scalarOf: Readonly<Record<ValueKind, string>> = {
  text: 'String',
  decimal: 'Decimal',
  integer: 'BigInt',
  boolean: 'Boolean',
  date: 'Date',
  dateTime: 'DateTime',
  time: 'Time',
  id: 'ID',
  set: 'String',
  json: 'JSON',
};

const kindFilter = (kind: ValueKind): string => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Filter`;

/** One input type a kind of value, from the operator table. */
export function addKindFilters(composer: SchemaComposer): void {
  for (const kind of Object.keys(scalarOf) as ValueKind[]) {
    const scalar = scalarOf[kind];
    const shapes = { one: scalar, many: `[${scalar}!]`, range: `[${scalar}!]`, flag: 'Boolean' };
    const fields = Object.fromEntries(
      operatorsFor(kind).map((operator) => [operator.alias, { type: shapes[operator.shape], description: operator.label.en }]),
    );
    composer.createInputTC({ name: kindFilter(kind), fields });
  }
}

/** The filter input of an entity: its fields, its to-one relations' filters, its to-many relations' some/none/every. */
export function addEntityFilter(composer: SchemaComposer, registry: Registry, entity: Entity): InputTypeComposer {
  const names = namesOf(entity);
  composer.createInputTC({
    name: names.manyFilter,
    fields: { some: names.filter, none: names.filter, every: names.filter },
  });
  const fields: Record<string, string> = { and: `[${names.filter}!]`, or: `[${names.filter}!]`, not: names.filter };
  for (const field of entity.fields.values()) {
    // What is masked for some of its records is no question to ask.
    if (!field.hidden && field.type.secret !== true && field.guard === undefined)
      fields[field.name] =
        field.type.parts === undefined ? kindFilter(field.type.kind) : partsFilter(composer, field.type.name, field.type.parts);
  }
  for (const relation of entity.relations.values()) {
    const target = relation.kind === 'belongsToAny' ? undefined : registry.entities.get(relation.target);
    if (target !== undefined) fields[relation.name] = isToMany(relation) ? namesOf(target).manyFilter : namesOf(target).filter;
  }
  return composer.createInputTC({ name: names.filter, fields: { ...fields, ...underOtherNames(entity, fields) } });
}

function partsFilter(
  composer: SchemaComposer,
  type: string,
  parts: Readonly<Record<string, { readonly kind: ValueKind }>>,
): string {
  const name = `${type.charAt(0).toUpperCase()}${type.slice(1)}PartsFilter`;
  if (!composer.has(name))
    composer.createInputTC({
      name,
      fields: Object.fromEntries(Object.entries(parts).map(([part, { kind }]) => [part, kindFilter(kind)])),
    });
  return name;
}

/** The condition tree that a filter input means; the query language checks it. `prefix` is the path of to-one relations so far. */
export function filterCondition(
  registry: Registry,
  entity: Entity,
  input: Readonly<Record<string, unknown>>,
  prefix = '',
): Condition | undefined {
  const parts = Object.entries(input).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : partsOf(registry, entity, key, value, prefix),
  );
  return parts.length === 0 ? undefined : parts.length === 1 ? parts[0] : { all: parts };
}

type Inputs = Readonly<Record<string, unknown>>;

function partsOf(registry: Registry, entity: Entity, given: string, value: unknown, prefix: string): readonly Condition[] {
  const key = currentMember(entity, given);
  if (key === 'and' || key === 'or') {
    const inner = (value as Inputs[])
      .map((item) => filterCondition(registry, entity, item, prefix))
      .filter((part) => part !== undefined);
    return inner.length === 0 ? [] : [key === 'and' ? { all: inner } : { any: inner }];
  }
  if (key === 'not') {
    const inner = filterCondition(registry, entity, value as Inputs, prefix);
    return inner === undefined ? [] : [{ not: inner }];
  }
  const relation = entity.relations.get(key);
  const target = relation === undefined || relation.kind === 'belongsToAny' ? undefined : registry.entities.get(relation.target);
  if (relation !== undefined && target !== undefined && !entity.fields.has(key)) {
    if (!isToMany(relation))
      return [filterCondition(registry, target, value as Inputs, `${prefix}${key}.`)].filter((part) => part !== undefined);
    if (prefix !== '')
      throw problem('invalid_query', {
        detail: `"${prefix}${key}" cannot be filtered: quantify over relations of the record itself.`,
      });
    return quantified(registry, target, key, value as Inputs);
  }
  const field = entity.fields.get(key);
  if (field?.type.parts !== undefined)
    return Object.entries(value as Inputs).flatMap(([part, tests]) => leaves(`${prefix}${key}.${part}`, tests as Inputs));
  return leaves(`${prefix}${key}`, value as Inputs);
}

function quantified(registry: Registry, target: Entity, relation: string, value: Inputs): readonly Condition[] {
  return (['some', 'none', 'every'] as const).flatMap((quantifier): Condition[] => {
    const inner = value[quantifier];
    if (inner === null || inner === undefined) return [];
    const where = filterCondition(registry, target, inner as Inputs);
    const quantity = where === undefined ? { relation } : { relation, where };
    return [quantifier === 'some' ? { some: quantity } : quantifier === 'none' ? { none: quantity } : { every: quantity }];
  });
}

function leaves(fact: string, tests: Inputs): readonly Condition[] {
  return Object.entries(tests).flatMap(([alias, value]) => {
    const operator = operatorByAlias(alias);
    return operator === undefined || value === null || value === undefined
      ? []
      : [{ fact, operator: operator.name, value: value as Operand }];
  });
}
