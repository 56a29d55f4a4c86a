// Names of entities in stored values: while an entity takes another name, records of any kind still hold the one before.
import type { Entity, Field, Registry } from '../metadata/registry.ts';
import { literal } from './statement.ts';

/** The entity's name first, then every other one that values may hold. */
export const storedNames = ({ aliases }: Registry, name: string): readonly string[] =>
  aliases.size === 0 ? [name] : [name, ...[...aliases].flatMap(([other, alias]) => (alias.name === name ? [other] : []))];

/** Predicate over the quoted column of a type field: its value means the entity. */
export function namesEntity(registry: Registry, column: string, name: string): string {
  const names = storedNames(registry, name);
  return names.length === 1 ? `${column} = ${literal(name)}` : `${column} IN (${names.map(literal).join(', ')})`;
}

/** `WHEN … THEN` for each name that a value of the entity may have. */
export const whenEntity = (registry: Registry, name: string, then: string): string =>
  storedNames(registry, name)
    .map((one) => `WHEN ${literal(one)} THEN ${then}`)
    .join(' ');

/** The column of a type field with the names in force; of any other field as it is. */
export function shownColumn(registry: Registry, entity: Entity, field: Field, column: string): string {
  if (registry.aliases.size === 0) return column;
  const isType = [...entity.relations.values()].some(
    (relation) => relation.kind === 'belongsToAny' && relation.typeField === field.name,
  );
  if (!isType) return column;
  const cases = [...registry.aliases].map(([other, { name }]) => `WHEN ${literal(other)} THEN ${literal(name)}`);
  return `(CASE ${column} ${cases.join(' ')} ELSE ${column} END)`;
}
