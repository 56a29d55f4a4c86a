// Plan: what is renamed, set aside because the metadata no longer has it, or brought back.
import { otherColumnsCheck } from './check-queries.ts';
import { alterColumn, renameColumn, renameTable } from './ddl.ts';
import { changeDefault, placeOf } from './plan-columns.ts';
import type { Check, ColumnModel, Step, TableModel } from './schema-types.ts';
import { step, stepId } from './step.ts';
import type { Placed, TableChange } from './table-change.ts';
import type { PlacedTable } from './table-places.ts';

type Way = 'rename' | 'retire' | 'restore';
const verb: Readonly<Record<Way, string>> = { rename: 'Rename', retire: 'Rename aside', restore: 'Bring back' };

/** What is kept of a table that went: under another name, without the keys that would hold on to other tables' rows. */
export const retiredTable = (table: TableModel, name: string): TableModel => ({
  ...table,
  name,
  foreignKeys: [],
  retired: true,
});

export const retiredColumn = (column: ColumnModel, name: string): ColumnModel => ({
  ...column,
  name,
  notNull: false,
  default: null,
  retired: true,
});

/** Tables whose name another one takes step aside in `prepare`, all reach their names in `swap`. */
export function moveTables(schema: string, places: readonly PlacedTable[]): readonly Step[] {
  return places.flatMap((place) => {
    const { start, prepared, end } = place;
    return [
      ...(start === prepared ? [] : [moveTable(schema, place, start, prepared, 'prepare')]),
      ...(prepared === end ? [] : [moveTable(schema, place, prepared, end, 'swap')]),
    ];
  });
}

function moveTable(schema: string, { old, next }: PlacedTable, from: string, to: string, phase: Step['phase']): Step {
  const table = next ?? old;
  const way: Way = next === undefined ? 'retire' : old?.retired === true ? 'restore' : 'rename';
  const entity = table?.entity ?? '';
  return step(entity, to, {
    id: stepId(`${way}Table`, { entityId: table?.entityId ?? '' }, from, to),
    kind: `${way}Table`,
    phase,
    up: [renameTable(schema, from, to)],
    down: [renameTable(schema, to, from)],
    description: `${verb[way]} table ${from} → ${to}`,
  });
}

/** Columns of a table, likewise. Those that take the place of another type's are moved with that change of type. */
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
  const set = (value: string): string => alterColumn(change.schema, change.names.end, end, value);
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

/** In `prepare` the tables still have their names, in `swap` they have the new ones. */
function rename(change: TableChange, column: Placed, way: Way, phase: 'prepare' | 'swap'): Step {
  const { schema, before, names } = change;
  const table = phase === 'prepare' ? names.start : names.end;
  const [from, to] = phase === 'prepare' ? [column.start, column.prepared] : [column.prepared, column.end];
  return step(before.entity, table, {
    id: stepId(`${way}Column`, before, column.id, from, to),
    kind: `${way}Column`,
    phase,
    up: [renameColumn(schema, table, from, to)],
    down: [renameColumn(schema, table, to, from)],
    description: `${verb[way]} column ${table}.${from} → ${to}`,
    checks: way === 'retire' ? leftBehind(change, column) : [],
  });
}

/** Values that would silently stay behind when the field goes on with a type of other columns. */
function leftBehind({ schema, before, columns, conversions }: TableChange, { id, old }: Placed): readonly Check[] {
  if (old?.field === undefined || old.retired === true || conversions.some(({ source }) => source.id === id)) return [];
  const goesOn = columns.some(({ next }) => next?.field === old.field);
  return goesOn ? [otherColumnsCheck(schema, before, old)] : [];
}
