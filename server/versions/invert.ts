// The way back of a version as a version: its steps inverted, and what is there once they have run.
import { alterColumn, renameColumn, renameTable } from '../tables/ddl.ts';
import { retiredName } from '../tables/names.ts';
import { allowNull, fillDefault } from '../tables/not-null.ts';
import { retiredColumn, retiredTable } from '../tables/plan-names.ts';
import type { ColumnModel, Phase, SchemaModel, Step, StepKind, TableModel } from '../tables/schema-types.ts';
import { inPhases, step } from '../tables/step.ts';
import type { RecordedStep } from './journal.ts';

const inverse: Readonly<Record<Phase, Phase>> = { expand: 'settle', prepare: 'swap', swap: 'prepare', settle: 'expand' };

/** What a step added: a table, or a column of one, under the name that it had then. */
export interface Added {
  readonly entityId: string;
  /** '' for a table. */
  readonly columnId: string;
  readonly name: string;
}

export function addedBy({ id }: Pick<Step, 'id'>): Added | undefined {
  const [kind, entityId = '', columnId = '', name = ''] = id.split(':');
  return kind === 'addColumn' || kind === 'addShadow' || kind === 'createTable' ? { entityId, columnId, name } : undefined;
}

/** Newest first, up and down exchanged; what was added goes only where nobody has put anything into it, else it is set aside. */
export function invertSteps(
  steps: readonly RecordedStep[],
  current: SchemaModel,
  isEmpty: (step: RecordedStep) => boolean,
): readonly Step[] {
  const inverted = [...steps].reverse().flatMap((recorded): readonly Step[] => {
    const added = addedBy(recorded);
    if (added !== undefined && !isEmpty(recorded)) return setAside(recorded, added, current);
    return exchanged(recorded);
  });
  return inPhases(inverted);
}

/** Going back, these take what going there does in several steps: one statement scans, and must not hold the other's lock. */
const apart: ReadonlySet<StepKind> = new Set(['dropNotNull', 'dropForeignKey']);

/** A step without statements one way stays, so that the way back of the way back has them again. */
function exchanged(recorded: RecordedStep): readonly Step[] {
  const { id, kind, entity, table, lock, cost, up, down, batched } = recorded;
  const made: Step = {
    ...{ id: `undo ${id}`, kind, entity, table, lock, cost, additive: false, checks: [] },
    up: down,
    down: up,
    phase: inverse[recorded.phase],
    description: `Back: ${recorded.description}`,
    ...(batched ? { batched: true as const } : {}),
  };
  if (!apart.has(kind) || down.length < 2) return [made];
  return down.map((statement, at) => ({
    ...made,
    id: `${made.id} ${at + 1}`,
    up: [statement],
    down: at === 0 ? up : [],
    ...(/\bVALIDATE\b/.test(statement) ? { lock: 'share update exclusive', cost: 'scan' as const } : {}),
  }));
}

/** What was added is renamed away and asks for nothing any more. Its table has the name from before the version by then. */
function setAside(recorded: RecordedStep, { entityId, columnId, name }: Added, { schema, tables }: SchemaModel): readonly Step[] {
  const { entity } = recorded;
  const table = tables.find((candidate) => candidate.entityId === entityId);
  const column = table?.columns.find(({ id }) => id === columnId);
  if (table === undefined) return [];
  const aside = retiredName(column?.name ?? table.name, columnId === '' ? entityId : columnId);
  const common = { phase: 'settle', additive: false } as const;
  if (columnId === '')
    return [
      step(entity, aside, {
        ...common,
        id: `retireTable:${entityId}:${name}:${aside}`,
        kind: 'retireTable',
        up: [renameTable(schema, name, aside)],
        down: [renameTable(schema, aside, name)],
        description: `Rename aside table ${name} → ${aside}: it has records`,
      }),
    ];
  if (column === undefined) return [];
  const place = { schema, entityId, entity, table: recorded.table, id: columnId, column: name };
  const set = (value: string): string => alterColumn(schema, recorded.table, name, value);
  const value = column.default;
  const loosened = column.notNull
    ? [allowNull(place), ...(value === null ? [] : [fillDefault(place, value, 'down')])].map((one) => ({ ...one, ...common }))
    : [];
  return [
    ...loosened,
    step(entity, recorded.table, {
      ...common,
      id: `retireColumn:${entityId}:${columnId}:${name}:${aside}`,
      kind: 'retireColumn',
      up: [...(value === null ? [] : [set('DROP DEFAULT')]), renameColumn(schema, recorded.table, name, aside)],
      down: [renameColumn(schema, recorded.table, aside, name), ...(value === null ? [] : [set(`SET DEFAULT ${value}`)])],
      description: `Rename aside column ${recorded.table}.${name} → ${aside}: records have values there`,
    }),
  ];
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
      return isAside(table) ? [retiredTable(table, retiredName(table.name, table.entityId))] : [];
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
    return current !== undefined && isAside(current, column) ? [retiredColumn(column, retiredName(column.name, column.id))] : [];
  });
}
