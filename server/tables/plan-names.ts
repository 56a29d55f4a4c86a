// Plan, first part: what is renamed or, because the metadata no longer has it, renamed aside.
import { alterColumn, qualified, renameColumn, renameTable } from './ddl.ts';
import { quoteName, quoteText, retiredName } from './names.ts';
import { orderRenames, type Rename } from './rename-order.ts';
import type { ColumnModel, SchemaModel, Step, TableModel } from './schema-types.ts';

interface Move<T> extends Rename {
  readonly model: T;
  readonly kind: 'rename' | 'retire' | 'restore';
}

/** What is kept of a table that went: under another name, without the keys that would hold on to other tables' rows. */
export function retiredTable(table: TableModel): TableModel {
  return { ...table, name: retiredName(table.name, table.entityId), foreignKeys: [], retired: true };
}

export function retiredColumn(column: ColumnModel): ColumnModel {
  return { ...column, name: retiredName(column.name, column.id), notNull: false, default: null, retired: true };
}

const moveKind = (before: { retired?: true }, after: unknown): Move<unknown>['kind'] =>
  after === undefined ? 'retire' : before.retired === true ? 'restore' : 'rename';

export function moveTables(from: SchemaModel, to: SchemaModel): readonly Step[] {
  const wanted = new Map(to.tables.map((table) => [table.entityId, table]));
  const moves = from.tables.flatMap((table): Move<TableModel>[] => {
    const after = wanted.get(table.entityId);
    if (after === undefined && table.retired === true) return [];
    const name = after === undefined ? retiredTable(table).name : after.name;
    return name === table.name ? [] : [{ from: table.name, to: name, model: table, kind: moveKind(table, after) }];
  });
  return orderRenames(moves).map((move) => ({
    ...moveStep(move, 'Table'),
    id: `${move.kind}Table:${move.model.entityId}:${move.to}`,
    entity: move.model.entity,
    table: move.to,
    up: [renameTable(from.schema, move.from, move.to)],
    down: [renameTable(from.schema, move.to, move.from)],
  }));
}

/** `table` is the name the table has by now. */
export function moveColumns(schema: string, before: TableModel, after: TableModel): readonly Step[] {
  const wanted = new Map(after.columns.map((column) => [column.id, column]));
  const moves = before.columns.flatMap((column): Move<ColumnModel>[] => {
    const next = wanted.get(column.id);
    if (next === undefined && column.retired === true) return [];
    const name = next === undefined ? retiredColumn(column).name : next.name;
    return name === column.name ? [] : [{ from: column.name, to: name, model: column, kind: moveKind(column, next) }];
  });
  return orderRenames(moves).map((move) => {
    const rename = renameColumn(schema, after.name, move.from, move.to);
    const back = renameColumn(schema, after.name, move.to, move.from);
    const aside = move.kind === 'retire';
    return {
      ...moveStep(move, 'Column'),
      id: `${move.kind}Column:${after.entityId}:${move.model.id}:${move.to}`,
      entity: after.entity,
      table: after.name,
      up: aside ? [rename, ...loosen(schema, after.name, move)] : [rename],
      down: aside ? [...tighten(schema, after.name, move), back] : [back],
    };
  });
}

function moveStep(move: Move<unknown>, what: 'Table' | 'Column') {
  const verb = { rename: 'Rename', retire: 'Rename aside', restore: 'Bring back' }[move.kind];
  return {
    kind: move.kind === 'retire' ? (`retire${what}` as const) : (`rename${what}` as const),
    phase: 'swap' as const,
    lock: 'access exclusive',
    cost: 'instant' as const,
    additive: false,
    description: `${verb} ${what.toLowerCase()} ${move.from} → ${move.to}`,
    checks: [],
  };
}

/** A column set aside must not refuse or fill new rows. */
function loosen(schema: string, table: string, { to, model }: Move<ColumnModel>): string[] {
  return [
    ...(model.notNull ? [alterColumn(schema, table, to, 'DROP NOT NULL')] : []),
    ...(model.default === null ? [] : [alterColumn(schema, table, to, 'DROP DEFAULT')]),
  ];
}

/** The way back. Rows written meanwhile lack the value: they take the default, and without one the column stays nullable. */
function tighten(schema: string, table: string, { to, model }: Move<ColumnModel>): string[] {
  const [rows, column] = [qualified(schema, table), quoteName(to)];
  const sql: string[] = [];
  if (model.default !== null) sql.push(alterColumn(schema, table, to, `SET DEFAULT ${model.default}`));
  if (model.notNull && model.default !== null) sql.push(`UPDATE ${rows} SET ${column} = DEFAULT WHERE ${column} IS NULL`);
  if (model.notNull) {
    const set = alterColumn(schema, table, to, 'SET NOT NULL');
    const body = `BEGIN IF NOT EXISTS (SELECT FROM ${rows} WHERE ${column} IS NULL) THEN ${set}; END IF; END`;
    sql.push(`DO ${quoteText(body)}`);
  }
  return sql;
}
