// Keyset paging: the order of a list, the predicate "after this record", and the cursor of a row.
import { sqlTypes } from '../conditions/sql.ts';
import type { ValueKind } from '../conditions/value-kind.ts';
import { canonicalOf } from '../conditions/values.ts';
import { rfc3339 } from '../database/value-parsers.ts';
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { SortKey } from '../query/ast.ts';
import { decodeCursor, encodeCursor } from '../query/cursor.ts';
import { currentSort, formatSort } from '../query/sort.ts';
import { type Parameters, quoted } from './statement.ts';

interface OrderKey {
  readonly column: string;
  readonly kind: ValueKind;
  readonly descending: boolean;
  readonly nullable: boolean;
}

/** Sort keys with the id behind them (in the last key's direction, so that one index serves), each column once. */
function orderKeys(entity: Entity, sort: readonly SortKey[]): readonly OrderKey[] {
  const keys: OrderKey[] = [];
  const last = sort.at(-1)?.descending ?? false;
  for (const { field: name, descending } of [...sort, { field: 'id', descending: last }]) {
    const field = entity.fields.get(name);
    const column = field?.columns[0];
    if (field === undefined || column === undefined) throw problem('invalid_query', { detail: `Cannot sort by "${name}".` });
    if (keys.some((key) => key.column === column.name)) continue;
    keys.push({ column: column.name, kind: column.kind, descending, nullable: !neverNull.has(name) && !field.required });
    if (name === 'id') break;
  }
  return keys;
}

const neverNull = new Set(['id', 'version', 'display_name', 'created_at', 'updated_at']);

/** `ORDER BY` list; nulls last in both directions. `reversed` walks the same order backwards. */
export function orderBy(entity: Entity, alias: string, sort: readonly SortKey[], reversed = false): string {
  return orderKeys(entity, sort)
    .map((key) => {
      const descending = key.descending !== reversed;
      const nulls = key.nullable ? (reversed ? ' NULLS FIRST' : ' NULLS LAST') : '';
      return `${alias}.${quoted(key.column)}${descending ? ' DESC' : ''}${nulls}`;
    })
    .join(', ');
}

/** Select list of the cursor's values, as texts `k0`, `k1` … */
export function cursorColumns(entity: Entity, alias: string, sort: readonly SortKey[]): string {
  return orderKeys(entity, sort)
    .map((key, index) => `${alias}.${quoted(key.column)}::text AS k${index}`)
    .join(', ');
}

/** The cursor's values of a row as one JSON array. */
export function cursorArray(entity: Entity, alias: string, sort: readonly SortKey[]): string {
  return `json_build_array(${orderKeys(entity, sort)
    .map((key) => `${alias}.${quoted(key.column)}::text`)
    .join(', ')})`;
}

/** The cursor of a row that was selected with `cursorColumns`. */
export function cursorOf(entity: Entity, sort: readonly SortKey[], row: Readonly<Record<string, unknown>>): string {
  const values = orderKeys(entity, sort).map((_key, index) => (row[`k${index}`] ?? null) as string | null);
  return encodeCursor({ sort: formatSort(sort), values });
}

/** Predicate for the rows behind the cursor, in list order or (`reversed`) before it. */
export function beyondCursor(
  entity: Entity,
  alias: string,
  sort: readonly SortKey[],
  text: string,
  reversed: boolean,
  bound: Parameters,
): string {
  const keys = orderKeys(entity, sort);
  const values = cursorValues(entity, keys, sort, text);
  if (values === undefined) {
    const pointer = reversed ? '?before' : '?after';
    throw problem('invalid_query', {
      errors: [{ pointer, code: 'cursor', detail: 'This cursor does not belong to this list and order.' }],
    });
  }
  const placed = keys.map((key, index) => {
    const value = values[index] ?? null;
    return {
      key,
      column: `${alias}.${quoted(key.column)}`,
      value: value === null ? null : `${bound.bind(value)}::${sqlTypes[key.kind]}`,
    };
  });
  const sameDirection = keys.every((key) => !key.nullable && key.descending === keys[0]?.descending);
  if (sameDirection) {
    const operator = keys[0]?.descending !== reversed ? '<' : '>';
    return `(${placed.map((place) => place.column).join(', ')}) ${operator} (${placed.map((place) => place.value).join(', ')})`;
  }
  const alternatives = placed.map((place, index) => {
    const ties = placed
      .slice(0, index)
      .map((tie) => (tie.value === null ? `${tie.column} IS NULL` : `${tie.column} = ${tie.value}`));
    return `(${[...ties, strictlyBeyond(place, reversed)].join(' AND ')})`;
  });
  return `(${alternatives.join(' OR ')})`;
}

function strictlyBeyond(place: { key: OrderKey; column: string; value: string | null }, reversed: boolean): string {
  const { key, column, value } = place;
  // Nulls stand last: behind a null there is no other value, before a null stands everything.
  if (value === null) return reversed ? `${column} IS NOT NULL` : 'false';
  const operator = key.descending !== reversed ? '<' : '>';
  return !reversed && key.nullable ? `(${column} ${operator} ${value} OR ${column} IS NULL)` : `${column} ${operator} ${value}`;
}

/** The values to compare with, canonical; undefined for a cursor of another list and for one that was tampered with. */
function cursorValues(
  entity: Entity,
  keys: readonly OrderKey[],
  sort: readonly SortKey[],
  text: string,
): readonly unknown[] | undefined {
  const cursor = decodeCursor(text);
  if (cursor === undefined || currentSort(entity, cursor.sort) !== formatSort(sort) || cursor.values.length !== keys.length)
    return undefined;
  const values = keys.map((key, index) => {
    const value = cursor.values[index] ?? null;
    if (value === null) return key.nullable ? null : undefined;
    return canonicalOf(key.kind === 'boolean' ? spelled[value] : key.kind === 'dateTime' ? rfc3339(value) : value, key.kind);
  });
  return values.includes(undefined) ? undefined : values;
}

const spelled: Readonly<Record<string, boolean>> = { true: true, false: false };
