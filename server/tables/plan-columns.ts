// Plan, second part: columns that are added or change their type, default or whether they may be null.
import { nullsCheck, unconvertibleCheck, unsupportedCheck } from './check-queries.ts';
import { type Conversion, conversion } from './conversions.ts';
import { alterColumn, columnDefinition, dropConstraint, qualified } from './ddl.ts';
import { objectName, quoteName, shortHash } from './names.ts';
import type { ColumnModel, Step, TableModel } from './schema-types.ts';

/** Columns have their new names by now; the checks ask by the old ones, since they run before anything changes. */
export function changeColumns(schema: string, before: TableModel, after: TableModel): readonly Step[] {
  const known = new Map(before.columns.map((column) => [column.id, column]));
  return after.columns.flatMap((column) => {
    const old = known.get(column.id);
    const steps = old === undefined ? addColumn(schema, after, column) : alterSteps(schema, before, after, old, column);
    const wasNullable = old === undefined ? column.default === null : !old.notNull;
    return column.notNull && wasNullable ? [...steps, ...requireColumn(schema, before, after, old, column)] : steps;
  });
}

type Common = Pick<Step, 'entity' | 'table'>;
const common = (table: TableModel): Common => ({ entity: table.entity, table: table.name });
const stepId = (kind: string, table: TableModel, column: ColumnModel): string => `${kind}:${table.entityId}:${column.id}`;
const instant = { lock: 'access exclusive', cost: 'instant' } as const;

/** NOT NULL at once only with a default, which old rows then take without a rewrite. */
function addColumn(schema: string, table: TableModel, column: ColumnModel): readonly Step[] {
  const name = qualified(schema, table.name);
  const definition = columnDefinition({ ...column, notNull: column.notNull && column.default !== null });
  return [
    {
      ...common(table),
      ...instant,
      id: stepId('addColumn', table, column),
      kind: 'addColumn',
      phase: 'expand',
      up: [`ALTER TABLE ${name} ADD COLUMN ${definition}`],
      down: [`ALTER TABLE ${name} DROP COLUMN ${quoteName(column.name)}`],
      additive: true,
      description: `Add ${table.name}.${column.name} ${column.type}`,
      checks: [],
    },
  ];
}

function alterSteps(
  schema: string,
  before: TableModel,
  table: TableModel,
  old: ColumnModel,
  column: ColumnModel,
): readonly Step[] {
  const steps: Step[] = [];
  const alter = (change: string): string => alterColumn(schema, table.name, column.name, change);
  if (old.type !== column.type || old.collation !== column.collation) {
    steps.push(changeType(schema, before, table, old, column));
  } else if (old.default !== column.default) {
    steps.push({
      ...common(table),
      ...instant,
      id: stepId('changeDefault', table, column),
      kind: 'changeDefault',
      phase: 'expand',
      up: [alter(defaultClause(column.default))],
      down: [alter(defaultClause(old.default))],
      additive: true,
      description: `Default of ${table.name}.${column.name}: ${column.default ?? 'none'}`,
      checks: [],
    });
  }
  if (old.notNull && !column.notNull) {
    steps.push({
      ...common(table),
      ...instant,
      id: stepId('dropNotNull', table, column),
      kind: 'dropNotNull',
      phase: 'expand',
      up: [alter('DROP NOT NULL')],
      down: [alter('SET NOT NULL')],
      additive: true,
      description: `${table.name}.${column.name} may be empty`,
      checks: [],
    });
  }
  return steps;
}

const defaultClause = (value: string | null): string => (value === null ? 'DROP DEFAULT' : `SET DEFAULT ${value}`);

function changeType(schema: string, before: TableModel, table: TableModel, old: ColumnModel, column: ColumnModel): Step {
  const [forth, back] = [conversion(old.type, column.type), conversion(column.type, old.type)];
  const step = {
    ...common(table),
    id: stepId('changeType', table, column),
    kind: 'changeType',
    phase: 'expand',
    lock: 'access exclusive',
    description: `Type of ${table.name}.${column.name}: ${old.type} → ${column.type}`,
  } as const;
  if (forth === undefined || back === undefined) {
    const what = `There is no conversion of "${column.name}" from ${old.type} to ${column.type} and back.`;
    return { ...step, up: [], down: [], cost: 'rewrite', additive: false, checks: [unsupportedCheck(table, column.name, what)] };
  }
  const recollates = old.collation !== column.collation;
  const oldColumn = `t.${quoteName(old.name)}`;
  return {
    ...step,
    up: typeStatements(schema, table, old, column, forth),
    down: typeStatements(schema, table, column, { ...old, name: column.name }, back),
    cost: forth.cost === 'instant' && recollates ? 'scan' : forth.cost,
    additive: forth.cost === 'instant' && !recollates,
    checks: forth.invalid === null ? [] : [unconvertibleCheck(schema, before, old, column.type, forth.invalid(oldColumn))],
  };
}

/** A default of the old type would stop the change, so it steps aside and comes back as a value of the new one. */
function typeStatements(
  schema: string,
  table: TableModel,
  from: ColumnModel,
  to: ColumnModel,
  convert: Conversion,
): readonly string[] {
  const alter = (change: string): string => alterColumn(schema, table.name, to.name, change);
  const collation = to.collation === null ? '' : ` COLLATE ${quoteName(to.collation)}`;
  return [
    ...(from.default === null ? [] : [alter('DROP DEFAULT')]),
    alter(`TYPE ${to.type}${collation} USING ${convert.using(quoteName(to.name))}`),
    ...(to.default === null ? [] : [alter(`SET DEFAULT ${to.default}`)]),
  ];
}

/** CHECK … NOT VALID, VALIDATE, SET NOT NULL: each in its own transaction, so that only the middle one takes long, and it blocks nobody. */
function requireColumn(
  schema: string,
  before: TableModel,
  table: TableModel,
  old: ColumnModel | undefined,
  column: ColumnModel,
): readonly Step[] {
  const check = objectName(table.name, shortHash(table.entityId, column.id), 'check');
  const name = qualified(schema, table.name);
  const add = `ALTER TABLE ${name} ADD CONSTRAINT ${quoteName(check)} CHECK (${quoteName(column.name)} IS NOT NULL) NOT VALID`;
  const drop = dropConstraint(schema, table.name, check);
  const validate = `ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoteName(check)}`;
  const alter = (change: string): string => alterColumn(schema, table.name, column.name, change);
  const step = {
    ...common(table),
    phase: 'settle',
    additive: false,
    checks: [],
    description: `${table.name}.${column.name} is required`,
  } as const;
  return [
    {
      ...step,
      ...instant,
      id: stepId('addNotNullCheck', table, column),
      kind: 'addNotNullCheck',
      up: [add],
      down: [drop],
      description: `${step.description}: from now on`,
      checks: [nullsCheck(schema, before, old, column)],
    },
    {
      ...step,
      id: stepId('validateNotNull', table, column),
      kind: 'validateNotNull',
      up: [validate],
      down: [],
      lock: 'share update exclusive',
      cost: 'scan',
      description: `${step.description}: in every row`,
    },
    {
      ...step,
      ...instant,
      id: stepId('setNotNull', table, column),
      kind: 'setNotNull',
      up: [alter('SET NOT NULL'), drop],
      down: [add, alter('DROP NOT NULL')],
    },
  ];
}
