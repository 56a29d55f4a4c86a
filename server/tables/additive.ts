// How far a schema may go towards the wanted one without disturbing anybody who still works with the old one.
import { conversion } from './conversions.ts';
import { baseId } from './generations.ts';
import type { ColumnModel, SchemaModel, TableModel } from './schema-types.ts';

/**
 * The model that `start` may bring about by itself: new tables, columns, plain indexes, looser columns; nothing is
 * renamed, set aside, brought back, tightened or rewritten. `planChanges(from, additiveTarget(from, to))` has additive
 * steps only.
 */
export function additiveTarget(from: SchemaModel, to: SchemaModel): SchemaModel {
  const next = new Map(to.tables.map((table) => [table.entityId, table]));
  const known = new Set(from.tables.map((table) => table.entityId));
  const names = new Set(from.tables.map((table) => table.name));
  const kept = from.tables.map((table) => {
    const wanted = next.get(table.entityId);
    return wanted === undefined || table.retired === true ? table : mergeTable(table, wanted);
  });
  const added = to.tables.filter((table) => !known.has(table.entityId) && !names.has(table.name));
  const tables = [...kept, ...added];
  const present = new Map(tables.map((table) => [table.entityId, table]));
  return { schema: to.schema, tables: tables.map((table) => withReachableKeys(table, present)) };
}

/** Columns of a changed type have their generation in their ids; the wanted ones do not know it. */
function mergeTable(table: TableModel, wanted: TableModel): TableModel {
  const next = new Map(wanted.columns.map((column) => [column.id, column]));
  const known = new Set(table.columns.map((column) => baseId(column.id)));
  const live = table.columns.filter((column) => column.retired !== true);
  const names = new Set(table.columns.map((column) => column.name));
  const added = wanted.columns
    .filter((column) => !known.has(column.id) && !names.has(column.name))
    .map((column) => ({ ...column, notNull: column.notNull && column.default !== null }));
  const columns = [...table.columns.map((column) => mergeColumn(column, next.get(baseId(column.id)))), ...added];
  const fresh = new Set(added.map((column) => column.name));
  const ready = new Set(
    [...live, ...added].filter((column) => next.get(baseId(column.id))?.name === column.name).map((column) => column.name),
  );
  const indexes = wanted.indexes.filter(
    (index) =>
      index.columns.every((column) => ready.has(column.name)) &&
      (!index.unique || index.columns.some((column) => fresh.has(column.name))),
  );
  const foreignKeys = wanted.foreignKeys.filter((key) => fresh.has(key.column));
  return { ...table, columns, indexes: joined(table.indexes, indexes), foreignKeys: joined(table.foreignKeys, foreignKeys) };
}

function joined<T extends { readonly id: string }>(old: readonly T[], more: readonly T[]): readonly T[] {
  const ids = new Set(old.map((item) => item.id));
  return [...old, ...more.filter((item) => !ids.has(item.id))];
}

function mergeColumn(column: ColumnModel, wanted: ColumnModel | undefined): ColumnModel {
  if (wanted === undefined || column.retired === true) return column;
  const notNull = column.notNull && wanted.notNull;
  const widens = conversion(column.type, wanted.type)?.cost === 'instant' && conversion(wanted.type, column.type) !== undefined;
  if (!widens || column.collation !== wanted.collation) return { ...column, notNull };
  return { ...column, notNull, type: wanted.type, default: wanted.default };
}

/** A key to a table that is not there, or not yet under its new name, waits with the rest. */
function withReachableKeys(table: TableModel, present: ReadonlyMap<string, TableModel>): TableModel {
  const foreignKeys = table.foreignKeys.filter((key) => {
    const target = present.get(key.targetEntityId);
    return target !== undefined && target.retired !== true;
  });
  const named = foreignKeys.map((key) => ({ ...key, targetTable: present.get(key.targetEntityId)?.name ?? key.targetTable }));
  return { ...table, foreignKeys: named };
}
