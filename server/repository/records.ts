// Rows ↔ records: what the columns of a row mean as API values by field name, and when two values are the same.
import type { Entity, Field } from '../metadata/registry.ts';
import { columnName } from './columns.ts';
import { quoted } from './statement.ts';

export type RecordValues = Readonly<Record<string, unknown>>;

/** Column list of a whole row: what records hold, JSON as text. */
export function rowColumns(entity: Entity): string {
  return recordFields(entity)
    .flatMap((field) => field.columns)
    .map((column) => (column.kind === 'json' ? `${quoted(column.name)}::text AS ${quoted(column.name)}` : quoted(column.name)))
    .join(', ');
}

/** The fields of a record in memory: neither secret nor hidden. */
export const recordFields = (entity: Entity): readonly Field[] =>
  [...entity.fields.values()].filter((field) => field.type.secret !== true && !field.hidden);

/** The API value of a field, from its columns as they were read or are to be written. */
export function fieldValue(field: Field, columns: Readonly<Record<string, unknown>>): unknown {
  const parts = field.type.parts;
  if (parts !== undefined) {
    const entries = Object.entries(parts).map(
      ([part, { suffix }]) => [part, columns[columnName(field, suffix)] ?? null] as const,
    );
    return entries.every(([, value]) => value === null) ? null : Object.fromEntries(entries);
  }
  const value = columns[columnName(field)] ?? null;
  return field.type.kind === 'json' && typeof value === 'string' ? JSON.parse(value) : value;
}

/** A row as a record. */
export function recordOf(entity: Entity, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(recordFields(entity).map((field) => [field.name, fieldValue(field, row)]));
}

/** The value at a path of field names and parts; undefined where there is none. */
export function valueIn(record: RecordValues, path: string): unknown {
  let value: unknown = record;
  for (const segment of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

/** No value: null, the empty text, the empty list. */
export const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** Whether two API values are the same. Both are as they are stored, so `5` and `5.00` of one field do not meet here. */
export function sameValue(left: unknown, right: unknown): boolean {
  const [one, other] = [left ?? null, right ?? null];
  if (one === other) return true;
  // Most values are texts and numbers, which need no canonical form to differ.
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  return canonical(one) === canonical(other);
}

/** JSON with sorted keys: equal for equal values. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Fields the engine keeps by itself: they never count as a change. */
const bookkeeping = new Set([
  'id',
  'version',
  'display_name',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'deleted_at',
  'deleted_by',
]);

/** Names of the fields whose values differ. */
export function changedFields(entity: Entity, before: RecordValues, after: RecordValues): readonly string[] {
  return recordFields(entity)
    .filter((field) => !bookkeeping.has(field.name) && !sameValue(before[field.name], after[field.name]))
    .map((field) => field.name);
}
