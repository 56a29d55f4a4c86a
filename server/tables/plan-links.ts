// Plan: indexes and foreign keys, which come before the swap and go after it.
import { duplicatesCheck, orphansCheck } from './check-queries.ts';
import { addForeignKey, createIndex, dropConstraint, dropIndex, qualified } from './ddl.ts';
import { nextName, quoteName, quoteText } from './names.ts';
import type { ForeignKeyModel, IndexModel, Step, TableModel } from './schema-types.ts';
import { step, stepId } from './step.ts';
import { ofNewName, ofOldName, type Placed, type Stage, type TableChange } from './table-change.ts';
import type { PlacedTable } from './table-places.ts';

/** Indexes that come, go, take another name, or are built anew over a column of another type. */
export function changeIndexes(change: TableChange): readonly Step[] {
  const { before, after } = change;
  const known = new Map(before.indexes.map((index) => [index.id, index]));
  const wanted = new Set(after.indexes.map(({ id }) => id));
  return [
    ...after.indexes.flatMap((index) => {
      const old = known.get(index.id);
      if (old === undefined) return [addIndex(change, index)];
      return isConverted(change, old) ? replaceIndex(change, old, index) : renameIndex(change, old.name, index.name);
    }),
    ...renameIndex(change, before.primaryKey.name, after.primaryKey.name),
    ...before.indexes.filter(({ id }) => !wanted.has(id)).map((index) => removeIndex(change, index)),
  ];
}

const isConverted = (change: TableChange, index: IndexModel): boolean =>
  index.columns.some(({ name }) => change.conversions.some(({ source }) => source.old.name === name));

/** The index over the columns where they stand at that stage. */
function at(index: IndexModel, stage: Stage, placed: (name: string) => Placed | undefined): IndexModel {
  return { ...index, columns: index.columns.map((column) => ({ ...column, name: placed(column.name)?.[stage] ?? column.name })) };
}

/**
 * Built or dropped CONCURRENTLY, outside of any transaction. What a killed attempt left is dropped first.
 * A partitioned table knows no CONCURRENTLY: there it happens in the transaction.
 */
function addIndex(change: TableChange, index: IndexModel, name = index.name): Step {
  const { schema, before, after, names } = change;
  const online = !before.partitioned;
  const built = { ...at(index, 'start', (column) => ofNewName(change, column)), name };
  const drop = dropIndex(schema, built, online);
  const old = index.columns.map((column) => ofNewName(change, column.name)?.old);
  const known = old.flatMap((column) => (column === undefined ? [] : [column.name]));
  const allKnown = known.length === index.columns.length;
  return step(after.entity, names.start, {
    id: stepId('createIndex', before, index.id),
    kind: 'createIndex',
    phase: 'expand',
    up: [drop, createIndex(schema, names.start, built, online)],
    down: [drop],
    lock: online ? 'share update exclusive' : 'share',
    cost: online ? 'deferred' : 'scan',
    additive: !index.unique || !allKnown,
    description: `${index.unique ? 'Unique index' : 'Index'} ${name} on ${names.start} (${index.columns.map((column) => column.name).join(', ')})`,
    checks: index.unique && allKnown ? [duplicatesCheck(schema, before, known)] : [],
  });
}

function removeIndex(change: TableChange, index: IndexModel, name = index.name): Step {
  const { schema, before, names } = change;
  const online = !before.partitioned;
  const built = { ...at(index, 'end', (column) => ofOldName(change, column)), name };
  const drop = dropIndex(schema, built, online);
  return step(before.entity, names.end, {
    id: stepId('dropIndex', before, index.id),
    kind: 'dropIndex',
    phase: 'settle',
    up: [drop],
    down: [drop, createIndex(schema, names.end, built, online)],
    lock: online ? 'share update exclusive' : 'access exclusive',
    cost: online ? 'deferred' : 'instant',
    additive: false,
    description: `Drop index ${name}`,
  });
}

/** The new one takes over the name in the swap; the old one stays until then. */
function replaceIndex(change: TableChange, old: IndexModel, index: IndexModel): readonly Step[] {
  const [fresh, aside] = [nextName(index.name, 'new'), nextName(old.name, 'old')];
  return [
    addIndex(change, index, fresh),
    ...renameIndex(change, old.name, aside),
    ...renameIndex(change, fresh, index.name),
    removeIndex(change, old, aside),
  ];
}

function renameIndex({ schema, before, names }: TableChange, from: string, to: string): readonly Step[] {
  if (from === to) return [];
  return [
    step(before.entity, names.end, {
      id: stepId('renameIndex', before, from, to),
      kind: 'renameIndex',
      phase: 'swap',
      up: [`ALTER INDEX ${qualified(schema, from)} RENAME TO ${quoteName(to)}`],
      down: [`ALTER INDEX ${qualified(schema, to)} RENAME TO ${quoteName(from)}`],
      lock: 'share update exclusive',
      description: `Rename index ${from} → ${to}`,
    }),
  ];
}

export type Places = ReadonlyMap<string, PlacedTable>;

/** Foreign keys of a table that stays or comes back. */
export function changeKeys(change: TableChange, places: Places): readonly Step[] {
  const { before, after, names } = change;
  const known = new Map(before.foreignKeys.map((key) => [key.id, key]));
  const wanted = new Set(after.foreignKeys.map(({ id }) => id));
  return [
    ...after.foreignKeys.flatMap((key) => {
      const old = known.get(key.id);
      return old === undefined ? addKey(change, places, key) : renameKey(change, old, key);
    }),
    ...before.foreignKeys
      .filter(({ id }) => !wanted.has(id))
      .map((key) =>
        removeKey(change.schema, before, names.end, {
          ...key,
          column: ofOldName(change, key.column)?.end ?? key.column,
          targetTable: places.get(key.targetEntityId)?.end ?? key.targetTable,
        }),
      ),
  ];
}

function renameKey({ schema, before, names }: TableChange, old: ForeignKeyModel, key: ForeignKeyModel): readonly Step[] {
  if (old.name === key.name) return [];
  const rename = (from: string, to: string): string =>
    `ALTER TABLE ${qualified(schema, names.end)} RENAME CONSTRAINT ${quoteName(from)} TO ${quoteName(to)}`;
  return [
    step(before.entity, names.end, {
      id: stepId('renameForeignKey', before, key.id),
      kind: 'renameForeignKey',
      phase: 'swap',
      up: [rename(old.name, key.name)],
      down: [rename(key.name, old.name)],
      description: `Rename foreign key ${old.name} → ${key.name}`,
    }),
  ];
}

const title = (table: string, key: ForeignKeyModel): string => `foreign key ${table}.${key.column} → ${key.targetTable}`;

/** The key as it is told while tables and columns have their names from before the swap. */
const early = (key: ForeignKeyModel, places: Places): ForeignKeyModel => ({
  ...key,
  targetTable: places.get(key.targetEntityId)?.start ?? key.targetTable,
});

/** Of a table that is made in the same version: it has no rows yet. */
export function keyOfNewTable(schema: string, table: TableModel, name: string, key: ForeignKeyModel, places: Places): Step {
  return step(table.entity, name, {
    id: stepId('addForeignKey', table, key.id),
    kind: 'addForeignKey',
    phase: 'expand',
    up: [addForeignKey(schema, name, early(key, places), true)],
    down: [dropConstraint(schema, name, key.name)],
    lock: 'share row exclusive',
    description: `Add ${title(table.name, key)}`,
  });
}

/** NOT VALID first, and the scan of the rows in a transaction of its own. */
function addKey(change: TableChange, places: Places, key: ForeignKeyModel): readonly Step[] {
  const { schema, before, names } = change;
  const placed = ofNewName(change, key.column);
  const target = places.get(key.targetEntityId)?.old;
  const given = { ...early(key, places), column: placed?.start ?? key.column };
  const checks =
    placed?.old === undefined || target === undefined ? [] : [orphansCheck(schema, before, placed.old.name, key, target.name)];
  const additive = placed?.old === undefined;
  return [
    step(before.entity, names.start, {
      id: stepId('addForeignKey', before, key.id),
      kind: 'addForeignKey',
      phase: 'expand',
      up: [addForeignKey(schema, names.start, given, false)],
      down: [dropConstraint(schema, names.start, key.name)],
      lock: 'share row exclusive',
      additive,
      description: `Add ${title(before.name, key)}`,
      checks,
    }),
    step(before.entity, names.start, {
      id: stepId('validateForeignKey', before, key.id),
      kind: 'validateForeignKey',
      phase: 'expand',
      up: [validation(schema, names.start, key)],
      down: [],
      lock: 'share update exclusive',
      cost: 'scan',
      additive,
      description: `Validate ${title(before.name, key)}`,
    }),
  ];
}

const validation = (schema: string, table: string, key: ForeignKeyModel): string =>
  `ALTER TABLE ${qualified(schema, table)} VALIDATE CONSTRAINT ${quoteName(key.name)}`;

/**
 * Going back, rows purged meanwhile may be missed: the key then guards new values only and stays NOT VALID. `invertSteps`
 * takes the two statements for two steps.
 * @param name of the table, and in `key` of column and target, once the version is swapped
 */
export function removeKey(schema: string, table: TableModel, name: string, key: ForeignKeyModel): Step {
  const body = `BEGIN ${validation(schema, name, key)}; EXCEPTION WHEN foreign_key_violation THEN NULL; END`;
  return step(table.entity, name, {
    id: stepId('dropForeignKey', table, key.id),
    kind: 'dropForeignKey',
    phase: 'settle',
    up: [dropConstraint(schema, name, key.name)],
    down: [addForeignKey(schema, name, key, false), `DO ${quoteText(body)}`],
    additive: false,
    description: `Drop ${title(table.name, key)}`,
  });
}
