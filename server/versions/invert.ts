// The way back of a version as a version: its steps inverted, and what is there once they have run.
import { moveColumns, moveTables, retiredColumn, retiredTable } from '../tables/plan-names.ts';
import type { ColumnModel, Phase, SchemaModel, Step, TableModel } from '../tables/schema-types.ts';
import type { RecordedStep } from './journal.ts';

const inverse: Readonly<Record<Phase, Phase>> = { expand: 'settle', prepare: 'swap', swap: 'prepare', settle: 'expand' };
const order: readonly Phase[] = ['expand', 'prepare', 'swap', 'settle'];

/** Newest first, up and down exchanged; what was added goes only where nobody has put anything into it, else it is set aside. */
export function invertSteps(
  steps: readonly RecordedStep[],
  current: SchemaModel,
  isEmpty: (step: RecordedStep) => boolean,
): readonly Step[] {
  const inverted = [...steps].reverse().flatMap((step): readonly Step[] => {
    if (step.down.length === 0) return [];
    const aside = added(step) && !isEmpty(step) ? setAside(step, current) : undefined;
    if (aside !== undefined) return aside;
    const { id, kind, entity, table, lock, cost } = step;
    return [
      {
        ...{ id: `undo ${id}`, kind, entity, table, lock, cost, additive: false, checks: [] },
        up: step.down,
        down: step.up,
        phase: inverse[step.phase],
        description: `Back: ${step.description}`,
        ...(step.batched ? { batched: true as const } : {}),
      },
    ];
  });
  return order.flatMap((phase) => inverted.filter((step) => step.phase === phase));
}

export const added = ({ id }: Pick<Step, 'id'>): boolean => id.startsWith('addColumn:') || id.startsWith('createTable:');

function setAside(step: RecordedStep, current: SchemaModel): readonly Step[] | undefined {
  const table = current.tables.find((candidate) => candidate.entityId === step.id.split(':')[1]);
  if (table === undefined) return undefined;
  const without = step.id.startsWith('createTable')
    ? moveTables({ ...current, tables: [table] }, { ...current, tables: [] })
    : moveColumns(current.schema, table, {
        ...table,
        columns: table.columns.filter((column) => column.id !== step.id.split(':')[2]),
      });
  return without.filter((move) => move.kind.startsWith('retire')).map((move) => ({ ...move, phase: 'settle' }));
}

/**
 * @param before what was there before the version that goes
 * @param isAside whether what the version had added is kept under another name
 */
export function modelBehind(
  current: SchemaModel,
  before: SchemaModel,
  isAside: (table: TableModel, column?: ColumnModel) => boolean,
): SchemaModel {
  const now = new Map(current.tables.map((table) => [table.entityId, table]));
  const kept = before.tables
    .filter((table) => table.retired !== true)
    .map((table) => ({ ...table, columns: [...live(table), ...asideColumns(now.get(table.entityId), table, before, isAside)] }));
  const standing = new Set(kept.map((table) => table.entityId));
  const aside = current.tables
    .filter((table) => !standing.has(table.entityId))
    .flatMap((table) => {
      if (table.retired === true) return [table];
      const earlier = before.tables.find((candidate) => candidate.entityId === table.entityId);
      if (earlier !== undefined) return [earlier];
      return isAside(table) ? [retiredTable(table)] : [];
    });
  return { ...before, tables: [...kept, ...aside] };
}

const live = (table: TableModel): readonly ColumnModel[] => table.columns.filter((column) => column.retired !== true);

function asideColumns(
  current: TableModel | undefined,
  table: TableModel,
  before: SchemaModel,
  isAside: (table: TableModel, column?: ColumnModel) => boolean,
): readonly ColumnModel[] {
  const standing = new Set(live(table).map((column) => column.id));
  return (current?.columns ?? []).flatMap((column) => {
    if (standing.has(column.id)) return [];
    if (column.retired === true) return [column];
    const earlier = before.tables
      .find((candidate) => candidate.entityId === table.entityId)
      ?.columns.find((candidate) => candidate.id === column.id);
    if (earlier !== undefined) return [earlier];
    return current !== undefined && isAside(current, column) ? [retiredColumn(column)] : [];
  });
}
