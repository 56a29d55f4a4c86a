// Keyset paging: the order of a list, the predicate "after this record", and the cursor of a row.
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { SortKey } from '../query/ast.ts';
import { type Cursor, decodeCursor, encodeCursor } from '../query/cursor.ts';
import { formatSort } from '../query/sort.ts';
import { type Parameters, quoted } from './statement.ts';

interface OrderKey {
  readonly column: string;
  readonly sqlType: string;
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
    keys.push({ column: column.name, sqlType: column.type, descending, nullable: !neverNull.has(name) && !field.required });
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
  const cursor = decodeCursor(text);
  if (cursor === undefined || cursor.sort !== formatSort(sort) || cursor.values.length !== keys.length || !fits(keys, cursor)) {
    const pointer = reversed ? '?before' : '?after';
    throw problem('invalid_query', {
      errors: [{ pointer, code: 'cursor', detail: 'This cursor does not belong to this list and order.' }],
    });
  }
  const placed = keys.map((key, index) => {
    const value = cursor.values[index] ?? null;
    return {
      key,
      column: `${alias}.${quoted(key.column)}`,
      value: value === null ? null : `${bound.bind(value)}::${key.sqlType}`,
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

/** A tampered cursor must not reach a cast that fails in the database. */
function fits(keys: readonly OrderKey[], cursor: Cursor): boolean {
  return keys.every((key, index) => {
    const value = cursor.values[index] ?? null;
    if (value === null) return key.nullable;
    if (key.sqlType === 'uuid') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
    if (/^(integer|bigint|smallint|numeric)/.test(key.sqlType)) return /^-?\d{1,40}(\.\d{1,40})?$/.test(value);
    if (/^(timestamp|date|time)/.test(key.sqlType)) return value.length <= 40 && /^[\d: .+-]+( BC)?$/.test(value);
    if (key.sqlType === 'boolean') return value === 'true' || value === 'false';
    return true;
  });
}
