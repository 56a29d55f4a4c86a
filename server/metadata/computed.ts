// What is worked out from what: formulas in the order in which they build on each other, and roll-ups by what feeds them.

import { factsOf } from '../conditions/facts.ts';
import { pathsOf } from '../formulas/tree.ts';
import { type Entity, type Field, perRegistry, type Registry, type Relation } from './registry.ts';

type ComputedField<Kind extends NonNullable<Field['computed']>['kind']> = Field & {
  readonly computed: Extract<NonNullable<Field['computed']>, { readonly kind: Kind }>;
};
export type FormulaField = ComputedField<'formula'>;
export type ConvertedField = ComputedField<'converted'>;
export type RollupField = ComputedField<'rollup'>;

/** The fields of the record itself that a value is worked out from. */
export function readsOf({ computed }: Field): readonly string[] {
  if (computed === undefined || computed.kind === 'rollup') return [];
  if (computed.kind === 'converted') return [computed.amount, computed.currency, computed.date];
  return [...new Set(pathsOf(computed.formula).map((path) => path.split('.')[0] ?? path))];
}

const orders = new WeakMap<Entity['fields'], readonly (FormulaField | ConvertedField)[]>();

/** Formulas and converted amounts, each after those that it reads. A circle, which the checks refuse, is cut somewhere. */
export function derivedFields({ fields }: Pick<Entity, 'fields'>): readonly (FormulaField | ConvertedField)[] {
  const known = orders.get(fields);
  if (known !== undefined) return known;
  const ordered = new Set<FormulaField | ConvertedField>();
  const begun = new Set<Field>();
  const visit = (field: Field): void => {
    if (field.computed === undefined || field.computed.kind === 'rollup' || begun.has(field)) return;
    begun.add(field);
    for (const name of readsOf(field)) {
      const read = fields.get(name);
      if (read !== undefined) visit(read);
    }
    ordered.add(field as FormulaField | ConvertedField);
  };
  for (const field of fields.values()) visit(field);
  const list = [...ordered];
  orders.set(fields, list);
  return list;
}

const rollups = new WeakMap<Entity['fields'], readonly RollupField[]>();

export function rollupsOf({ fields }: Pick<Entity, 'fields'>): readonly RollupField[] {
  const known =
    rollups.get(fields) ?? [...fields.values()].filter((field): field is RollupField => field.computed?.kind === 'rollup');
  rollups.set(fields, known);
  return known;
}

/** Whether any value of its records follows from others. */
export const isComputed = (entity: Pick<Entity, 'fields'>): boolean =>
  derivedFields(entity).length > 0 || rollupsOf(entity).length > 0;

/** A roll-up and the relation that it goes over. */
export interface Feed {
  readonly parent: Entity;
  readonly field: RollupField;
  readonly relation: Extract<Relation, { readonly kind: 'hasMany' | 'hasManyAny' | 'manyToMany' }>;
  /** The entity whose records are summed up. */
  readonly source: Entity;
  /** `link`: what changes is who is related, not a value. */
  readonly by: 'source' | 'link';
  /** The field of the source that is summed up: of an amount, its value in the base currency. */
  readonly value?: Field;
}

/** By the name of the entity whose records feed them. */
export const feedsOf = perRegistry((registry): ReadonlyMap<string, readonly Feed[]> => {
  const feeds = new Map<string, Feed[]>();
  const add = (name: string, feed: Feed): void => {
    feeds.set(name, [...(feeds.get(name) ?? []), feed]);
  };
  for (const parent of registry.entities.values()) {
    for (const field of rollupsOf(parent)) {
      const feed = feedOf(registry, parent, field);
      if (feed === undefined) continue;
      add(feed.source.name, feed);
      if (feed.relation.kind === 'manyToMany') add(feed.relation.through, { ...feed, by: 'link' });
    }
  }
  return feeds;
});

/** What a roll-up goes over; undefined where its relation leads nowhere. */
export function feedOf(registry: Registry, parent: Entity, field: RollupField): Feed | undefined {
  const relation = parent.relations.get(field.computed.relation);
  if (relation === undefined || relation.kind === 'belongsTo' || relation.kind === 'belongsToAny') return undefined;
  const source = registry.entities.get(relation.target);
  if (source === undefined) return undefined;
  const value = valueField(source, field.computed.field);
  return { parent, field, relation, source, by: 'source', ...(value === undefined ? {} : { value }) };
}

/** Amounts of several currencies do not add up: those of the base currency do. */
function valueField(source: Entity, name: string | undefined): Field | undefined {
  const field = name === undefined ? undefined : source.fields.get(name);
  return field?.type.name === 'money' ? source.fields.get(`${field.name}_base`) : field;
}

/** The fields of the source that decide what it contributes. */
export const feedReads = ({ field, value }: Pick<Feed, 'field' | 'value'>): readonly string[] => [
  ...(value === undefined ? [] : [value.name]),
  ...(field.computed.filter === undefined ? [] : factsOf(field.computed.filter).map((fact) => fact.split('.')[0] ?? fact)),
];
