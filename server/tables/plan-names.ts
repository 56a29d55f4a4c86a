// Plan: what is renamed, set aside because the metadata no longer has it, or brought back.
import { alterColumn, renameColumn, renameTable } from './ddl.ts';
import { retiredName } from './names.ts';
import { changeDefault, placeOf } from './plan-columns.ts';
import { orderRenames } from './rename-order.ts';
import type { ColumnModel, Step, TableModel } from './schema-types.ts';
import { step, stepId } from './step.ts';
import type { Placed, TableChange } from './table-change.ts';

type Way = 'rename' | 'retire' | 'restore';
const verb: Readonly<Record<Way, string>> = { rename: 'Rename', retire: 'Rename aside', restore: 'Bring back' };

/** What is kept of a table that went: under another name, without the keys that would hold on to other tables' rows. */
export function retiredTable(table: TableModel): TableModel {
  return { ...table, name: retiredName(table.name, table.entityId), foreignKeys: [], retired: true };
}

export const retiredColumn = (column: ColumnModel, name: string): ColumnModel => ({
  ...column,
  name,
  notNull: false,
  default: null,
  retired: true,
});

export interface TableMove {
  readonly table: TableModel;
  readonly from: string;
  readonly to: string;
  readonly way: Way;
}

/** All at once, since a name may pass from one to another. */
export function moveTables(schema: string, moves: readonly TableMove[]): readonly Step[] {
  return orderRenames(moves.filter(({ from, to }) => from !== to)).map(({ table, from, to, way }) =>
    step(table.entity, to, {
      id: stepId(`${way}Table`, table, from, to),
      kind: `${way}Table`,
      phase: 'swap',
      up: [renameTable(schema, from, to)],
      down: [renameTable(schema, to, from)],
      description: `${verb[way]} table ${from} → ${to}`,
    }),
  );
}

/** Columns of a table: those whose name another one takes step aside in `prepare`, all reach their names in `swap`. */
export function moveColumns(change: TableChange): readonly Step[] {
  const shadows = new Set(change.conversions.map(({ shadow }) => shadow.id));
  return change.columns.filter(({ id }) => !shadows.has(id)).flatMap((column) => moveColumn(change, column));
}

function moveColumn(change: TableChange, column: Placed): readonly Step[] {
  const { old, next, start, prepared, end } = column;
  const way: Way = next === undefined ? 'retire' : old?.retired === true ? 'restore' : 'rename';
  const aside = start === prepared ? [] : [rename(change, column, way, 'prepare')];
  const quiet = way === 'retire' && old?.retired !== true && old !== undefined && old.default !== null;
  if (prepared === end) {
    if (!quiet) return aside;
    return [...aside, changeDefault(placeOf(change, column, 'end'), old.default, null, 'swap')];
  }
  const move = rename(change, column, way, 'swap');
  const set = (value: string): string => alterColumn(change.schema, change.after.name, end, value);
  if (quiet) return [...aside, withDefault(move, set('DROP DEFAULT'), set(`SET DEFAULT ${old.default}`))];
  if (way === 'restore' && next !== undefined && next.default !== null)
    return [...aside, withDefault(move, set(`SET DEFAULT ${next.default}`), set('DROP DEFAULT'))];
  return [...aside, move];
}

const withDefault = (move: Step, up: string, down: string): Step => ({
  ...move,
  up: [...move.up, up],
  down: [down, ...move.down],
});

function rename({ schema, before, after }: TableChange, column: Placed, way: Way, phase: 'prepare' | 'swap'): Step {
  const table = phase === 'prepare' ? before.name : after.name;
  const [from, to] = phase === 'prepare' ? [column.start, column.prepared] : [column.prepared, column.end];
  return step(before.entity, table, {
    id: stepId(`${way}Column`, before, column.id, from, to),
    kind: `${way}Column`,
    phase,
    up: [renameColumn(schema, table, from, to)],
    down: [renameColumn(schema, table, to, from)],
    description: `${verb[way]} column ${table}.${from} → ${to}`,
  });
}
