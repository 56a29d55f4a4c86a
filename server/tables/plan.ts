// The difference between two schema models as ordered steps, each with its inverse, lock and cost. Pure.

import { unsupportedCheck } from './check-queries.ts';
import { createTable, qualified } from './ddl.ts';
import { changeColumns } from './plan-columns.ts';
import { addIndex, addKey, removeIndex, removeKey, renameForeignKeys, renameIndexes } from './plan-links.ts';
import { moveColumns, moveTables, retiredColumn, retiredTable } from './plan-names.ts';
import type { SchemaModel, Step, TableModel } from './schema-types.ts';

/**
 * Steps that lead from what is applied to what is wanted, in the order in which they can run; undone in the reverse.
 * @param from null: nothing is there yet
 */
export function planChanges(from: SchemaModel | null, to: SchemaModel): readonly Step[] {
  const { schema } = to;
  const old = new Map((from?.tables ?? []).map((table) => [table.entityId, table]));
  const next = new Map(to.tables.map((table) => [table.entityId, table]));
  const created = to.tables.filter((table) => !old.has(table.entityId));
  const kept = to.tables.flatMap((after): Pair[] => {
    const before = old.get(after.entityId);
    return before === undefined ? [] : [{ before, after }];
  });
  const gone = [...old.values()].filter((table) => table.retired !== true && !next.has(table.entityId));
  return [
    ...gone.flatMap((table) => table.foreignKeys.map((key) => removeKey(schema, table, key))),
    ...kept.flatMap(({ before, after }) =>
      missing(before.foreignKeys, after.foreignKeys).map((key) => removeKey(schema, before, key)),
    ),
    ...kept.flatMap(({ before, after }) =>
      missing(before.indexes, after.indexes).map((index) => removeIndex(schema, before, index)),
    ),
    ...(from === null ? [] : moveTables(from, to)),
    ...kept.flatMap(({ before, after }) => [...refusePartitioning(before, after), ...moveColumns(schema, before, after)]),
    ...kept.flatMap(({ before, after }) => [
      ...renameIndexes(schema, before, after),
      ...renameForeignKeys(schema, before, after),
    ]),
    ...created.map((table) => createStep(schema, table)),
    ...kept.flatMap(({ before, after }) => changeColumns(schema, before, after)),
    ...kept.flatMap(({ before, after }) =>
      missing(after.indexes, before.indexes).map((index) => addIndex(schema, before, after, index)),
    ),
    ...created.flatMap((table) => table.foreignKeys.flatMap((key) => addKey(from, schema, undefined, table, key))),
    ...kept.flatMap(({ before, after }) =>
      missing(after.foreignKeys, before.foreignKeys).flatMap((key) => addKey(from, schema, before, after, key)),
    ),
  ];
}

interface Pair {
  readonly before: TableModel;
  readonly after: TableModel;
}

function missing<T extends { readonly id: string }>(from: readonly T[], others: readonly T[]): readonly T[] {
  const ids = new Set(others.map((other) => other.id));
  return from.filter((candidate) => !ids.has(candidate.id));
}

function createStep(schema: string, table: TableModel): Step {
  return {
    id: `createTable:${table.entityId}`,
    kind: 'createTable',
    phase: 'expand',
    entity: table.entity,
    table: table.name,
    up: createTable(schema, table),
    down: [`DROP TABLE ${qualified(schema, table.name)}`],
    lock: 'none',
    cost: 'instant',
    additive: true,
    description: `Create table ${table.name} (${table.columns.length} columns, ${table.indexes.length} indexes)`,
    checks: [],
  };
}

function refusePartitioning(before: TableModel, after: TableModel): readonly Step[] {
  if (before.partitioned === after.partitioned) return [];
  return [
    {
      ...createStep('', after),
      id: `partition:${after.entityId}`,
      kind: 'changeType',
      up: [],
      down: [],
      cost: 'rewrite',
      additive: false,
      description: `Partitioning of ${after.name}`,
      checks: [unsupportedCheck(after, '', 'A table cannot turn into monthly partitions or back.')],
    },
  ];
}

export interface SchemaPlan {
  /** In the order of their phases, and within a phase in the order in which they run. */
  readonly steps: readonly Step[];
  /** What is there once they have run. */
  readonly model: SchemaModel;
  /** Column id → the name that the column has between `prepare` and `swap`. */
  readonly physical: Readonly<Record<string, string>>;
}

/** A change of stored values that goes with a version. */
export type DataChange =
  | {
      readonly kind: 'replaceValues';
      readonly entityId: string;
      readonly columnId: string;
      /** Old value → new one; null empties it. */
      readonly values: Readonly<Record<string, string | null>>;
    }
  | { readonly kind: 'renameEntityValue'; readonly from: string; readonly to: string };

/** The plan from what is applied (null: nothing) to what is wanted. */
export function planSchema(from: SchemaModel | null, to: SchemaModel, _data: readonly DataChange[] = []): SchemaPlan {
  return { steps: planChanges(from, to), model: appliedModel(from, to), physical: {} };
}

/** What is there once the steps have run: what was wanted, and what was set aside now or earlier. */
export function appliedModel(from: SchemaModel | null, to: SchemaModel): SchemaModel {
  const next = new Map(to.tables.map((table) => [table.entityId, table]));
  const old = new Map((from?.tables ?? []).map((table) => [table.entityId, table]));
  const aside = [...old.values()]
    .filter((table) => !next.has(table.entityId))
    .map((table) => (table.retired === true ? table : retiredTable(table)));
  const tables = to.tables.map((table) => {
    const ids = new Set(table.columns.map((column) => column.id));
    const before = old.get(table.entityId)?.columns ?? [];
    const retired = before
      .filter((column) => !ids.has(column.id))
      .map((column) => (column.retired === true ? column : retiredColumn(column)));
    return retired.length === 0 ? table : { ...table, columns: [...table.columns, ...retired] };
  });
  return { ...to, tables: [...tables, ...aside] };
}
