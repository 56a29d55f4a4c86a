// Former and coming names in the GraphQL schema: what has been renamed is still there under its old name, deprecated.
import type { Alias, Entity, Registry } from '../metadata/registry.ts';

interface Deprecation {
  deprecationReason?: string;
}

/** A former name is answered for as long as the schema lives; a coming one is none to warn of. */
export const deprecated = (name: string, until: number): Deprecation =>
  Number.isFinite(until) ? { deprecationReason: `renamed to ${name}` } : {};

/** Those whose time is not over when the schema is built. */
export const understood = (aliases: ReadonlyMap<string, Alias>): readonly (readonly [string, Alias])[] =>
  [...aliases].filter(([, { until }]) => until > Date.now());

/** Other names of the members that `types` has, each with the type of the current one. */
export function underOtherNames(
  entity: Entity,
  types: Readonly<Record<string, string>>,
): Record<string, { type: string; deprecationReason?: string }> {
  const others = understood(entity.aliases).flatMap(([other, { name, until }]) => {
    const type = types[name];
    return type === undefined ? [] : [[other, { type, ...deprecated(name, until) }] as const];
  });
  return Object.fromEntries(others);
}

export interface OtherEntity extends Deprecation {
  /** The entity as it was called, or will be. */
  readonly entity: Entity;
}

/** The entity under each pair of other names that it has. The two names of one rename end at one time. */
export function otherEntities(registry: Registry, entity: Entity): readonly OtherEntity[] {
  const renames = new Map<number, string[]>();
  for (const [other, { name, until }] of understood(registry.aliases))
    if (name === entity.name) renames.set(until, [...(renames.get(until) ?? []), other]);
  return [...renames].map(([until, [first = '', second]]) => {
    const names = second === undefined ? { singular: entity.singular, plural: first } : formsOf(first, second);
    return { entity: { ...entity, name: names.plural, singular: names.singular }, ...deprecated(entity.name, until) };
  });
}

/** Metadata do not tell which of two former names was the plural: the one that ends in s, else the longer. */
function formsOf(left: string, right: string): { readonly singular: string; readonly plural: string } {
  const leftIsPlural = left.endsWith('s') === right.endsWith('s') ? left.length > right.length : left.endsWith('s');
  return leftIsPlural ? { singular: right, plural: left } : { singular: left, plural: right };
}
