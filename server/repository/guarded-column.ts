// The columns of a field as an actor may see them: whole, masked, empty, or without what they tell of closed fields.
import type { Column, Entity, Field } from '../metadata/registry.ts';
import { seenBy } from './access.ts';
import { columnOf } from './columns.ts';
import type { Context } from './context.ts';
import { grantedRows } from './row-rights.ts';
import { literal, type Parameters, quoted } from './statement.ts';
import { storedNames, whenEntity } from './stored-names.ts';

type About = NonNullable<Entity['meta']['about']>[string];

/** What a mask shows of a value that is there. */
export const maskText = '•••';

/** @param field as the actor sees it; @returns an expression by suffix, as field types ask for it */
export function guardedColumn(
  context: Context,
  entity: Entity,
  field: Field,
  alias: string,
  bound: Parameters,
): (suffix: string) => string {
  const column = columnOf(field, alias);
  const about = entity.meta.about?.[field.name];
  if (about !== undefined) return (suffix) => withoutClosed(context, entity, about, alias, bound, column(suffix));
  const { guard } = field;
  if (guard === undefined) return column;
  const rows = (grants: typeof guard.open): string => grantedRows(context, entity, alias, bound, 'read', grants);
  return (suffix) => {
    const masked = maskOf(
      field.columns.find((one) => one.suffix === suffix),
      column(suffix),
      guard.keepEnd,
    );
    return `(CASE WHEN ${rows(guard.open)} THEN ${column(suffix)} WHEN ${rows(guard.masked)} THEN ${masked} END)`;
  };
}

/** Of a short text nothing is left: half of it at most. */
function maskOf(column: Column | undefined, sql: string, keepEnd: number): string {
  if (column?.kind !== 'text') return 'NULL';
  const end = keepEnd === 0 ? '' : ` || CASE WHEN length(${sql}) >= ${2 * keepEnd} THEN right(${sql}, ${keepEnd}) ELSE '' END`;
  return `CASE WHEN ${sql} IS NOT NULL THEN ${literal(maskText)}${end} END`;
}

/**
 * A value that tells of fields of another record, or of its name, tells nothing of those that are closed. What was written
 * long ago may tell of fields that have had another name or are gone since, and whose they were to read nobody knows any
 * more: only names that are open today are told of, but to those who see everything.
 */
function withoutClosed(context: Context, entity: Entity, about: About, alias: string, bound: Parameters, sql: string): string {
  const relation =
    entity.relations.get(about.relation) ?? context.registry.entities.get(entity.name)?.relations.get(about.relation);
  if (relation?.kind !== 'belongsToAny' || seenBy(context) === context.registry) return sql;
  const type = `${alias}.${quoted(relation.typeField)}`;
  if (about.tells === 'proof') return 'NULL';
  if (about.tells === 'name') {
    const closed = [...context.registry.entities.keys()].filter((name) => !openNames(context, name).includes('display_name'));
    const cases = closed.map((name) => whenEntity(context.registry, name, literal(maskText)));
    return cases.length === 0 ? sql : `(CASE ${type} ${cases.join(' ')} ELSE ${sql} END)`;
  }
  const open = `${bound.bind(openByName(context))}::jsonb -> ${type}`;
  if (about.tells === 'values')
    return `(SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(CASE jsonb_typeof(${sql}) WHEN 'object' THEN ${sql} END) e WHERE ${open} ? e.key)`;
  const changed = `(SELECT coalesce(jsonb_agg(e.name), '[]') FROM jsonb_array_elements_text(${sql} -> 'changed') e (name) WHERE ${open} ? e.name)`;
  return `(CASE WHEN jsonb_typeof(${sql} -> 'changed') = 'array' THEN jsonb_set(${sql}, '{changed}', ${changed}) ELSE ${sql} END)`;
}

/** The fields of an entity that are open to the actor in all records that they may read, under all their names. */
function openNames(context: Context, name: string): readonly string[] {
  const seen = seenBy(context).entities.get(name);
  if (seen === undefined) return [];
  const isOpen = (field: string): boolean => seen.fields.get(field)?.guard === undefined && seen.fields.has(field);
  return [...seen.fields.keys(), ...seen.aliases.keys()].filter((one) => isOpen(seen.aliases.get(one)?.name ?? one));
}

/** JSON text: the open fields by each name that a stored type may have. */
function openByName(context: Context): string {
  const entries = [...context.registry.entities.keys()].flatMap((name) =>
    storedNames(context.registry, name).map((stored) => [stored, openNames(context, name)] as const),
  );
  return JSON.stringify(Object.fromEntries(entries));
}
