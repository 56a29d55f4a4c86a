// The difference between two schema models as ordered steps, each with its inverse, lock and cost. Pure.

import type { DataChange } from '../metadata/data-change.ts';
import { unsupportedCheck } from './check-queries.ts';
import { createTable, qualified } from './ddl.ts';
import { baseId } from './generations.ts';
import { changeColumns } from './plan-columns.ts';
import { computeColumns } from './plan-computed.ts';
import { changeValues } from './plan-data.ts';
import { changeIndexes, changeKeys, keyOfNewTable, type Places, removeKey } from './plan-links.ts';
import { moveColumns, moveTables, retiredColumn, retiredTable } from './plan-names.ts';
import { changeTypes } from './plan-types.ts';
import type { Naming, SchemaModel, Step, TableModel } from './schema-types.ts';
import { inPhases, step, stepId } from './step.ts';
import { type TableChange, tableChange } from './table-change.ts';
import { type PlacedTable, placeTables } from './table-places.ts';

export interface PlanOptions {
  readonly data?: readonly DataChange[];
  /** Needed where `data` replaces values: the way back is kept in a table of the engine. */
  readonly naming?: Naming;
  /** Ids of columns whose values may be left behind where they do not convert. */
  readonly emptyUnconvertible?: ReadonlySet<string>;
}

export interface SchemaPlan {
  /** In the order of their phases, and within a phase in the order in which they run; undone in the reverse. */
  readonly steps: readonly Step[];
  /** What is there once they have run. */
  readonly model: SchemaModel;
  /** Column or entity id → the name that the column or table has between `prepare` and `swap`, where that is another one. */
  readonly physical: Readonly<Record<string, string>>;
}

/** The plan from what is applied (null: nothing) to what is wanted. */
export function planSchema(from: SchemaModel | null, to: SchemaModel, options: PlanOptions = {}): SchemaPlan {
  const { schema } = to;
  const { data = [], naming = { schema, prefix: '' }, emptyUnconvertible = new Set<string>() } = options;
  const placed = placeTables(from, to);
  const places: Places = new Map(placed.map((place) => [place.entityId, place]));
  const changes = placed.flatMap((place) =>
    place.old === undefined || place.next === undefined ? [] : [tableChange(schema, place, place.old, place.next)],
  );
  const made = placed.filter((place) => place.old === undefined);
  const gone = placed.filter(({ old, next }) => next === undefined && old?.retired !== true);
  const tables = moveTables(schema, placed);
  // In `prepare` columns move while the tables still have their names, in `swap` once they have the new ones.
  const steps = [
    ...tables.filter(({ phase }) => phase === 'swap'),
    ...made.map((place) => createStep(schema, place)),
    ...changes.flatMap(refusePartitioning),
    ...changes.flatMap((change) => changeTypes(change, (id) => emptyUnconvertible.has(baseId(id)))),
    ...changes.flatMap(moveColumns),
    ...tables.filter(({ phase }) => phase === 'prepare'),
    ...changes.flatMap(changeColumns),
    ...changes.flatMap(changeIndexes),
    ...made.flatMap(({ next, start }) =>
      (next?.foreignKeys ?? []).map((key) => keyOfNewTable(schema, next as TableModel, start, key, places)),
    ),
    ...changes.flatMap((change) => changeKeys(change, places)),
    ...changes.flatMap(computeColumns),
    ...gone.flatMap((place) => keysOfGone(schema, place, places)),
    ...changeValues(naming, changes, data),
  ];
  return { steps: inPhases(steps), model: appliedModel(placed, changes, to), physical: physicalNames(placed, changes) };
}

function createStep(schema: string, { next, start, entityId }: PlacedTable): Step {
  const table = next as TableModel;
  return step(table.entity, start, {
    id: stepId('createTable', { entityId }, '', start),
    kind: 'createTable',
    phase: 'expand',
    up: createTable(schema, { ...table, name: start }),
    down: [`DROP TABLE ${qualified(schema, start)}`],
    lock: 'none',
    description: `Create table ${table.name} (${table.columns.length} columns, ${table.indexes.length} indexes)`,
  });
}

function refusePartitioning({ before, after, names }: TableChange): readonly Step[] {
  if (before.partitioned === after.partitioned) return [];
  return [
    step(before.entity, names.start, {
      id: stepId('partition', before),
      kind: 'changeType',
      phase: 'expand',
      up: [],
      down: [],
      cost: 'rewrite',
      additive: false,
      description: `Partitioning of ${after.name}`,
      checks: [unsupportedCheck(after, '', 'A table cannot turn into monthly partitions or back.')],
    }),
  ];
}

/** What is set aside must not hold on to other tables' rows. */
const keysOfGone = (schema: string, { old, end }: PlacedTable, places: Places): readonly Step[] =>
  (old?.foreignKeys ?? []).map((key) =>
    removeKey(schema, old as TableModel, end, { ...key, targetTable: places.get(key.targetEntityId)?.end ?? key.targetTable }),
  );

/** What was wanted, and what was set aside now or earlier. */
function appliedModel(placed: readonly PlacedTable[], changes: readonly TableChange[], to: SchemaModel): SchemaModel {
  const changed = new Map(changes.map((change) => [change.before.entityId, change]));
  const tables = to.tables.map((table) => {
    const change = changed.get(table.entityId);
    if (change === undefined) return table;
    const retired = change.columns.flatMap(({ old, next, end }) =>
      next !== undefined || old === undefined ? [] : [old.retired === true ? old : retiredColumn(old, end)],
    );
    return { ...change.after, columns: [...change.after.columns, ...retired] };
  });
  const aside = placed.flatMap(({ old, next, end }) =>
    next !== undefined || old === undefined ? [] : [old.retired === true ? old : retiredTable(old, end)],
  );
  return { ...to, tables: [...tables, ...aside] };
}

/** Of what is in force before the swap: live columns and tables that step aside in `prepare`. */
function physicalNames(placed: readonly PlacedTable[], changes: readonly TableChange[]): Readonly<Record<string, string>> {
  const tables = placed.filter(({ old, start, prepared }) => old !== undefined && old.retired !== true && start !== prepared);
  const columns = changes.flatMap(({ columns: all }) =>
    all.filter(({ old, start, prepared }) => old !== undefined && old.retired !== true && start !== prepared),
  );
  return Object.fromEntries([
    ...tables.map(({ entityId, prepared }) => [entityId, prepared] as const),
    ...columns.map(({ id, prepared }) => [baseId(id), prepared] as const),
  ]);
}
