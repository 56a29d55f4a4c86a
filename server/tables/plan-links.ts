// Plan, third part: indexes and foreign keys, which come and go around the changes of tables and columns.
import { duplicatesCheck, orphansCheck } from './check-queries.ts';
import { addForeignKey, createIndex, dropConstraint, dropIndex, qualified } from './ddl.ts';
import { quoteName, quoteText } from './names.ts';
import type { ForeignKeyModel, IndexModel, SchemaModel, Step, TableModel } from './schema-types.ts';

const common = (table: TableModel): Pick<Step, 'entity' | 'table' | 'checks'> => ({
  entity: table.entity,
  table: table.name,
  checks: [],
});

/**
 * Built or dropped CONCURRENTLY, outside of any transaction. What a killed attempt left is dropped first.
 * A partitioned table knows no CONCURRENTLY: there it happens in the transaction.
 */
export function addIndex(schema: string, before: TableModel, after: TableModel, index: IndexModel): Step {
  const drop = dropIndex(schema, index, !after.partitioned);
  const create = createIndex(schema, after.name, index, !after.partitioned);
  const ids = new Map(after.columns.map((column) => [column.name, column.id]));
  const old = index.columns.map(({ name }) => before.columns.find((column) => column.id === ids.get(name)));
  const known = old.flatMap((column) => (column === undefined ? [] : [column.name]));
  const allKnown = known.length === index.columns.length;
  return {
    ...common(after),
    id: `createIndex:${after.entityId}:${index.id}`,
    kind: 'createIndex',
    phase: 'expand',
    up: [drop, create],
    down: [drop],
    lock: after.partitioned ? 'share' : 'share update exclusive',
    cost: after.partitioned ? 'scan' : 'deferred',
    additive: !index.unique || !allKnown,
    description: `${index.unique ? 'Unique index' : 'Index'} ${index.name} on ${after.name} (${index.columns.map((column) => column.name).join(', ')})`,
    checks: index.unique && allKnown ? [duplicatesCheck(schema, before, known)] : [],
  };
}

export function removeIndex(schema: string, table: TableModel, index: IndexModel): Step {
  return {
    ...common(table),
    id: `dropIndex:${table.entityId}:${index.id}`,
    kind: 'dropIndex',
    phase: 'settle',
    up: [dropIndex(schema, index, !table.partitioned)],
    down: [dropIndex(schema, index, !table.partitioned), createIndex(schema, table.name, index, !table.partitioned)],
    lock: table.partitioned ? 'access exclusive' : 'share update exclusive',
    cost: table.partitioned ? 'instant' : 'deferred',
    additive: false,
    description: `Drop index ${index.name}`,
  };
}

export function renameIndexes(schema: string, before: TableModel, after: TableModel): readonly Step[] {
  const known = new Map(before.indexes.map((index) => [index.id, index.name]));
  const pairs = after.indexes.map((index) => ({ from: known.get(index.id) ?? index.name, to: index.name }));
  return [...pairs, { from: before.primaryKey.name, to: after.primaryKey.name }]
    .filter(({ from, to }) => from !== to)
    .map(({ from, to }) => ({
      ...common(after),
      id: `renameIndex:${after.entityId}:${to}`,
      kind: 'renameIndex',
      phase: 'swap',
      up: [`ALTER INDEX ${qualified(schema, from)} RENAME TO ${quoteName(to)}`],
      down: [`ALTER INDEX ${qualified(schema, to)} RENAME TO ${quoteName(from)}`],
      lock: 'share update exclusive',
      cost: 'instant',
      additive: false,
      description: `Rename index ${from} → ${to}`,
    }));
}

export function renameForeignKeys(schema: string, before: TableModel, after: TableModel): readonly Step[] {
  const rename = (from: string, to: string): string =>
    `ALTER TABLE ${qualified(schema, after.name)} RENAME CONSTRAINT ${quoteName(from)} TO ${quoteName(to)}`;
  return after.foreignKeys.flatMap((key) => {
    const old = before.foreignKeys.find((candidate) => candidate.id === key.id);
    if (old === undefined || old.name === key.name) return [];
    return {
      ...common(after),
      id: `renameForeignKey:${after.entityId}:${key.id}`,
      kind: 'renameForeignKey' as const,
      phase: 'swap' as const,
      up: [rename(old.name, key.name)],
      down: [rename(key.name, old.name)],
      lock: 'access exclusive',
      cost: 'instant' as const,
      additive: false,
      description: `Rename foreign key ${old.name} → ${key.name}`,
    };
  });
}

/** On a table without rows at once; else NOT VALID first and the scan of the rows in a transaction of its own. */
export function addKey(
  from: SchemaModel | null,
  schema: string,
  before: TableModel | undefined,
  after: TableModel,
  key: ForeignKeyModel,
): readonly Step[] {
  const name = `foreign key ${after.name}.${key.column} → ${key.targetTable}`;
  const columnId = after.columns.find((column) => column.name === key.column)?.id;
  const column = before?.columns.find((candidate) => candidate.id === columnId);
  const target = from?.tables.find((table) => table.entityId === key.targetEntityId);
  const add: Step = {
    ...common(after),
    id: `addForeignKey:${after.entityId}:${key.id}`,
    kind: 'addForeignKey',
    phase: 'expand',
    up: [addForeignKey(schema, after.name, key, before === undefined)],
    down: [dropConstraint(schema, after.name, key.name)],
    lock: 'share row exclusive',
    cost: 'instant',
    additive: column === undefined,
    description: `Add ${name}`,
    checks:
      before === undefined || column === undefined || target === undefined
        ? []
        : [orphansCheck(schema, before, column.name, key, target.name)],
  };
  if (before === undefined) return [add];
  const validate: Step = {
    ...common(after),
    id: `validateForeignKey:${after.entityId}:${key.id}`,
    kind: 'validateForeignKey',
    phase: 'expand',
    up: [validation(schema, after.name, key)],
    down: [],
    lock: 'share update exclusive',
    cost: 'scan',
    additive: column === undefined,
    description: `Validate ${name}`,
  };
  return [add, validate];
}

const validation = (schema: string, table: string, key: ForeignKeyModel): string =>
  `ALTER TABLE ${qualified(schema, table)} VALIDATE CONSTRAINT ${quoteName(key.name)}`;

/** Going back, rows purged meanwhile may be missed: the key then guards new values only and stays NOT VALID. */
export function removeKey(schema: string, table: TableModel, key: ForeignKeyModel): Step {
  const body = `BEGIN ${validation(schema, table.name, key)}; EXCEPTION WHEN foreign_key_violation THEN NULL; END`;
  return {
    ...common(table),
    id: `dropForeignKey:${table.entityId}:${key.id}`,
    kind: 'dropForeignKey',
    phase: 'settle',
    up: [dropConstraint(schema, table.name, key.name)],
    down: [addForeignKey(schema, table.name, key, false), `DO ${quoteText(body)}`],
    lock: 'access exclusive',
    cost: 'instant',
    additive: false,
    description: `Drop foreign key ${table.name}.${key.column} → ${key.targetTable}`,
  };
}
