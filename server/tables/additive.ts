// How far a schema may go towards the wanted one without disturbing anybody who still works with the old one.
import { conversion } from './conversions.ts';
import type { ColumnModel, SchemaModel, TableModel } from './schema-types.ts';

/**
 * The model that `start` may bring about by itself: new tables, columns, plain indexes, looser columns; nothing is
 * renamed, set aside, tightened or rewritten. `planChanges(from, additiveTarget(from, to))` has additive steps only.
 */
export function additiveTarget(from: SchemaModel, to: SchemaModel): SchemaModel {
  const next = new Map(to.tables.map((table) => [table.entityId, table]));
  const known = new Set(from.tables.map((table) => table.entityId));
  const names = new Set(from.tables.map((table) => table.name));
  const kept = from.tables.map((table) => {
    const wanted = next.get(table.entityId);
    if (wanted === undefined || wanted.partitioned !== table.partitioned) return table;
    return table.retired === true
      ? { ...table, name: freeName(table.name, wanted.name, names), retired: undefined }
      : mergeTable(table, wanted);
  });
  const added = to.tables.filter((table) => !known.has(table.entityId) && !names.has(table.name));
  const tables = [...kept, ...added].map(withoutUndefined);
  const present = new Map(tables.map((table) => [table.entityId, table.name]));
  return { schema: to.schema, tables: tables.map((table) => withReachableKeys(table, present)) };
}

const freeName = (current: string, wanted: string, names: ReadonlySet<string>): string => (names.has(wanted) ? current : wanted);

/** A retired table that comes back loses its mark; JSON knows no undefined. */
function withoutUndefined(table: Omit<TableModel, 'retired'> & { readonly retired?: true | undefined }): TableModel {
  const { retired, ...rest } = table;
  return retired === true ? { ...rest, retired } : rest;
}

function mergeTable(table: TableModel, wanted: TableModel): TableModel {
  const next = new Map(wanted.columns.map((column) => [column.id, column]));
  const known = new Set(table.columns.map((column) => column.id));
  const names = new Set(table.columns.map((column) => column.name));
  const added = wanted.columns
    .filter((column) => !known.has(column.id) && !names.has(column.name))
    .map((column) => ({ ...column, notNull: column.notNull && column.default !== null }));
  const columns = [...table.columns.map((column) => mergeColumn(column, next.get(column.id), names)), ...added];
  const fresh = new Set(added.map((column) => column.name));
  const there = new Set(
    columns.filter((column) => column.retired !== true && isSame(column, next.get(column.id))).map((column) => column.name),
  );
  const indexes = new Set(table.indexes.map((index) => index.id));
  const keys = new Set(table.foreignKeys.map((key) => key.id));
  const welcome = wanted.indexes.filter(
    (index) =>
      !indexes.has(index.id) &&
      index.columns.every((column) => there.has(column.name)) &&
      (!index.unique || index.columns.some((column) => fresh.has(column.name))),
  );
  return {
    ...table,
    columns,
    indexes: [...table.indexes, ...welcome],
    foreignKeys: [...table.foreignKeys, ...wanted.foreignKeys.filter((key) => !keys.has(key.id) && fresh.has(key.column))],
  };
}

const isSame = (column: ColumnModel, wanted: ColumnModel | undefined): boolean => column.name === wanted?.name;

function mergeColumn(column: ColumnModel, wanted: ColumnModel | undefined, names: ReadonlySet<string>): ColumnModel {
  if (wanted === undefined) return column;
  const widens = conversion(column.type, wanted.type)?.cost === 'instant' && column.collation === wanted.collation;
  const type = widens ? wanted.type : column.type;
  if (column.retired === true) {
    const free = !names.has(wanted.name) && column.type === wanted.type;
    return free ? { ...wanted, collation: column.collation, notNull: false } : column;
  }
  return {
    ...column,
    type,
    notNull: column.notNull && wanted.notNull,
    default: type === wanted.type ? wanted.default : column.default,
  };
}

/** Keys to tables that are not there yet under the wanted name wait with the rest. */
function withReachableKeys(table: TableModel, present: ReadonlyMap<string, string>): TableModel {
  const foreignKeys = table.foreignKeys.filter((key) => present.has(key.targetEntityId));
  const named = foreignKeys.map((key) => ({ ...key, targetTable: present.get(key.targetEntityId) ?? key.targetTable }));
  return { ...table, foreignKeys: named };
}
