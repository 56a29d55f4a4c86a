// What is worked out from what: formulas in the order in which they build on each other, and roll-ups by what feeds them.

import { factsOf } from '../conditions/facts.ts';
import { baseSuffix } from '../fields/money.ts';
import { pathsOf } from '../formulas/tree.ts';
import { type Entity, type Field, perRegistry, type Registry, type Relation } from './registry.ts';

type ComputedField<Kind extends NonNullable<Field['computed']>['kind']> = Field & {
  readonly computed: Extract<NonNullable<Field['computed']>, { readonly kind: Kind }>;
};
export type FormulaField = ComputedField<'formula'>;
export type ConvertedField = ComputedField<'converted'>;
export type InheritedField = ComputedField<'inherited'>;
/** What follows from the record itself, and from records that it belongs to. */
export type DerivedField = FormulaField | ConvertedField | InheritedField;
export type RollupField = ComputedField<'rollup'>;

/** The fields of the record itself that a value is worked out from. */
export function readsOf({ computed }: Field): readonly string[] {
  if (computed === undefined || computed.kind === 'rollup') return [];
  if (computed.kind === 'converted') return [computed.amount, computed.currency, computed.date];
  if (computed.kind === 'inherited') return [computed.reference];
  const read = pathsOf(computed.formula).map((path) => path.split('.')[0] ?? path);
  return [...new Set(computed.currency === undefined ? read : [...read, computed.currency])];
}

const orders = new WeakMap<Entity['fields'], readonly DerivedField[]>();

/** Formulas, currencies and converted amounts, each after those that it reads. A circle, which the checks refuse, is cut somewhere. */
export function derivedFields({ fields }: Pick<Entity, 'fields'>): readonly DerivedField[] {
  const known = orders.get(fields);
  if (known !== undefined) return known;
  const ordered = new Set<DerivedField>();
  const begun = new Set<Field>();
  const visit = (field: Field): void => {
    if (field.computed === undefined || field.computed.kind === 'rollup' || begun.has(field)) return;
    begun.add(field);
    for (const name of readsOf(field)) {
      const read = fields.get(name);
      if (read !== undefined) visit(read);
    }
    ordered.add(field as DerivedField);
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

const summed = new WeakMap<Entity['fields'], ReadonlySet<string>>();

/** Names of the roll-ups, their currencies, and what is worked out from them: a new record has nothing to tell by these. */
export function followRollups(entity: Pick<Entity, 'fields'>): ReadonlySet<string> {
  const known = summed.get(entity.fields);
  if (known !== undefined) return known;
  const names = new Set(rollupsOf(entity).flatMap(({ name }) => [name, `${name}_currency`]));
  for (const field of derivedFields(entity)) {
    if (!readsOf(field).some((name) => names.has(name))) continue;
    names.add(field.name).add(`${field.name}_currency`);
  }
  summed.set(entity.fields, names);
  return names;
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
  /** The field of the source that is summed up: of an amount its value in the base currency, unless all are in the parent's. */
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
  const value = valueField(source, field);
  return { parent, field, relation, source, by: 'source', ...(value === undefined ? {} : { value }) };
}

/** Amounts of several currencies do not add up: those of the base currency do, and those of the parent's own. */
function valueField(source: Entity, { computed, meta }: RollupField): Field | undefined {
  const field = computed.field === undefined ? undefined : source.fields.get(computed.field);
  return field?.type.name === 'money' && !inOwnCurrency({ meta }) ? source.fields.get(`${field.name}${baseSuffix}`) : field;
}

/** Whether a roll-up over money is in the currency of its record, in which all that it sums up is. */
export const inOwnCurrency = ({ meta }: Pick<RollupField, 'meta'>): boolean => meta['currencyFrom'] !== undefined;

/** The fields of the source that decide what it contributes. */
export const feedReads = ({ field, value }: Pick<Feed, 'field' | 'value'>): readonly string[] => [
  ...(value === undefined ? [] : [value.name]),
  ...(field.computed.filter === undefined ? [] : factsOf(field.computed.filter).map((fact) => fact.split('.')[0] ?? fact)),
];

/** The field of another record that a currency is taken from; undefined where the relation leads nowhere. */
export function inheritedFrom(
  registry: Registry,
  entity: Entity,
  { relation: name, field: source }: InheritedField['computed'],
): { readonly entity: Entity; readonly field: Field } | undefined {
  const relation = entity.relations.get(name);
  const target = relation?.kind === 'belongsTo' ? registry.entities.get(relation.target) : undefined;
  const field = target?.fields.get(source);
  return target === undefined || field === undefined ? undefined : { entity: target, field };
}

/** An amount's currency that records of `entity` take from the field of another they belong to. */
export interface Heir {
  readonly entity: Entity;
  readonly field: InheritedField;
}

/** By the name of the entity that they take it from. */
export const heirsOf = perRegistry((registry): ReadonlyMap<string, readonly Heir[]> => {
  const heirs = new Map<string, Heir[]>();
  for (const entity of registry.entities.values()) {
    for (const field of entity.fields.values()) {
      if (field.computed?.kind !== 'inherited') continue;
      const source = inheritedFrom(registry, entity, field.computed);
      if (source === undefined) continue;
      const { name } = source.entity;
      heirs.set(name, [...(heirs.get(name) ?? []), { entity, field: field as InheritedField }]);
    }
  }
  return heirs;
});
