// Steps that make a column required or let it be empty, without a long lock either way.
import { batchStatement } from './batch.ts';
import { alterColumn, dropConstraint, qualified } from './ddl.ts';
import { objectName, quoteName, quoteText, shortHash } from './names.ts';
import type { Check, Step } from './schema-types.ts';
import { byBatch, step, stepId } from './step.ts';

/** A column where it stands when the step runs. */
export interface Place {
  readonly schema: string;
  readonly entityId: string;
  readonly entity: string;
  readonly table: string;
  readonly id: string;
  readonly column: string;
}

const nullCheckName = (table: string, entityId: string, id: string): string =>
  objectName(table, shortHash(entityId, id), 'check');

const idOf = (kind: string, place: Place): string => stepId(kind, place, place.id);
const statement = (body: string): string => `DO ${quoteText(`BEGIN ${body} END`)}`;

interface Statements {
  readonly add: string;
  readonly validate: string;
  readonly require: string;
  readonly allow: string;
  readonly drop: string;
}

function statementsOf({ schema, table, entityId, id, column }: Place): Statements {
  const check = nullCheckName(table, entityId, id);
  const name = qualified(schema, table);
  return {
    add: `ALTER TABLE ${name} ADD CONSTRAINT ${quoteName(check)} CHECK (${quoteName(column)} IS NOT NULL) NOT VALID`,
    validate: `ALTER TABLE ${name} VALIDATE CONSTRAINT ${quoteName(check)}`,
    require: alterColumn(schema, table, column, 'SET NOT NULL'),
    allow: alterColumn(schema, table, column, 'DROP NOT NULL'),
    drop: dropConstraint(schema, table, check),
  };
}

/** The same three steps where rows without a value are nobody's fault: then the column stays as it is, and the repository alone minds. */
function requireIfFilled(place: Place): readonly [string, string, string] {
  const { add, validate, require, drop } = statementsOf(place);
  const { schema, table, entityId, id, column } = place;
  const name = qualified(schema, table);
  const check = quoteText(nullCheckName(table, entityId, id));
  const there = `EXISTS (SELECT FROM pg_constraint WHERE conname = ${check} AND conrelid = ${quoteText(name)}::regclass)`;
  return [
    statement(`IF NOT EXISTS (SELECT FROM ${name} WHERE ${quoteName(column)} IS NULL) THEN ${add}; END IF;`),
    statement(`IF ${there} THEN ${validate}; END IF;`),
    statement(`IF ${there} THEN ${require}; ${drop}; END IF;`),
  ];
}

/** CHECK … NOT VALID, VALIDATE, SET NOT NULL: each in its own transaction, so that only the middle one takes long, and it blocks nobody. */
export function requireSteps(place: Place, checks: readonly Check[], lenient = false): readonly Step[] {
  const { add, validate, require, allow, drop } = statementsOf(place);
  const [addUp, validateUp, requireUp] = lenient
    ? requireIfFilled(place).map((sql) => [sql])
    : [[add], [validate], [require, drop]];
  const required = `${place.table}.${place.column} is required`;
  const common = { phase: 'settle', additive: false } as const;
  const { entity, table } = place;
  return [
    step(entity, table, {
      ...common,
      id: idOf('addNotNullCheck', place),
      kind: 'addNotNullCheck',
      up: addUp ?? [],
      down: [dropConstraint(place.schema, place.table, nullCheckName(place.table, place.entityId, place.id), true)],
      description: `${required}: from now on`,
      checks,
    }),
    step(entity, table, {
      ...common,
      id: idOf('validateNotNull', place),
      kind: 'validateNotNull',
      up: validateUp ?? [],
      down: [],
      lock: 'share update exclusive',
      cost: 'scan',
      description: `${required}: in every row`,
    }),
    step(entity, table, {
      ...common,
      id: idOf('setNotNull', place),
      kind: 'setNotNull',
      up: requireUp ?? [],
      down: lenient ? [allow] : [add, allow],
      description: required,
    }),
  ];
}

/** The way back requires a value again, where no row lacks one. `invertSteps` takes its three statements for three steps. */
export function allowNull(place: Place): Step {
  return step(place.entity, place.table, {
    id: idOf('dropNotNull', place),
    kind: 'dropNotNull',
    phase: 'expand',
    up: [statementsOf(place).allow],
    down: requireIfFilled(place),
    description: `${place.table}.${place.column} may be empty`,
  });
}

/** Rows without a value take the default, when going in the given direction. */
export function fillDefault(place: Place, value: string, direction: 'up' | 'down'): Step {
  const column = quoteName(place.column);
  const { schema, entity, table } = place;
  const sql = [batchStatement({ schema, table, set: `${column} = ${value}`, where: `t.${column} IS NULL`, sparse: true })];
  return step(entity, table, {
    ...byBatch,
    id: idOf('fillDefault', place),
    kind: 'backfill',
    phase: direction === 'up' ? 'settle' : 'expand',
    up: direction === 'up' ? sql : [],
    down: direction === 'up' ? [] : sql,
    description: `${direction === 'up' ? '' : 'On the way back: '}records without ${table}.${place.column} take its default`,
  });
}
