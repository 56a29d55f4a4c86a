// The columns of a field as an actor may see them: whole, masked, empty, or without what they tell of closed fields.
import type { Column, Entity, Field } from '../metadata/registry.ts';
import { seenBy } from './access.ts';
import { columnOf } from './columns.ts';
import type { Context } from './context.ts';
import { grantedRows } from './row-rights.ts';
import { literal, type Parameters, quoted } from './statement.ts';
import { whenEntity } from './stored-names.ts';

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
  if (about !== undefined) return (suffix) => withoutClosed(context, entity, about, alias, column(suffix));
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

/** Fields of an entity that the actor cannot read in every record that they may read; all when they may read none. */
function closedFields(context: Context, entity: Entity): readonly string[] | 'all' {
  const seen = seenBy(context).entities.get(entity.name);
  if (seen === undefined) return 'all';
  if (seen.fields === entity.fields) return [];
  return [...entity.fields.keys()].filter(
    (name) => seen.fields.get(name) === undefined || seen.fields.get(name)?.guard !== undefined,
  );
}

/** A value that tells of fields of another record, or of its name, tells nothing of those that are closed. */
function withoutClosed(context: Context, entity: Entity, about: About, alias: string, sql: string): string {
  const relation = context.registry.entities.get(entity.name)?.relations.get(about.relation);
  if (relation?.kind !== 'belongsToAny') return sql;
  const cases = relation.targets.flatMap((name) => {
    const target = context.registry.entities.get(name);
    const closed = target === undefined ? 'all' : closedFields(context, target);
    const shown = without(about.tells, sql, closed);
    return shown === undefined ? [] : [whenEntity(context.registry, name, shown)];
  });
  return cases.length === 0 ? sql : `(CASE ${alias}.${quoted(relation.typeField)} ${cases.join(' ')} ELSE ${sql} END)`;
}

/** undefined: the value can stay as it is. */
function without(tells: About['tells'], sql: string, closed: readonly string[] | 'all'): string | undefined {
  if (closed.length === 0) return undefined;
  if (tells === 'name') return closed === 'all' || closed.includes('display_name') ? literal(maskText) : undefined;
  if (closed === 'all') return "'{}'::jsonb";
  const names = `ARRAY[${closed.map(literal).join(', ')}]::text[]`;
  if (tells === 'values') return `${sql} - ${names}`;
  return `CASE WHEN jsonb_typeof(${sql} -> 'changed') = 'array' THEN jsonb_set(${sql}, '{changed}', (${sql} -> 'changed') - ${names}) ELSE ${sql} END`;
}
