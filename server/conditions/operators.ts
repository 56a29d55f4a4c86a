// THE table of operators: each with its names, the kinds it takes, its in-memory test and its SQL. Everything else is derived.
import { operatorLabels } from './operator-labels.ts';
import { compare, fold, foldSql } from './order.ts';
import type { ValueKind } from './value-kind.ts';
import { type Canonical, canonicalOf, elementKind } from './values.ts';

/** one value · many: a list · range: `[low, high]`, both included · flag: true (also when absent) or false */
export type OperandShape = 'one' | 'many' | 'range' | 'flag';

/** The right side as SQL, typed and bound (or another column). Values that are not of the kind are NULL. */
export interface SqlOperand {
  one(): string;
  many(): string;
  range(): readonly [string, string];
  /** A LIKE pattern with the value's own wildcards escaped. */
  like(before: '' | '%', after: '' | '%', folded: boolean): string;
  flag(): boolean;
}

export interface Operator {
  /** json-rules-engine style; what stands in condition trees. */
  readonly name: string;
  /** What stands in the brackets of a REST filter and in GraphQL filter inputs. */
  readonly alias: string;
  readonly label: Readonly<Record<string, string>>;
  readonly kinds: readonly ValueKind[];
  readonly shape: OperandShape;
  /** Total: any value, any operand, no throw. `kind` is the fact's (`decimal` where a whole number meets a decimal). */
  test(value: unknown, operand: unknown, kind: ValueKind): boolean;
  /** SQL that is true exactly when `test` is; false or NULL otherwise. `column` is an expression of the kind. */
  sql(column: string, operand: SqlOperand, kind: ValueKind): string;
}

const every: readonly ValueKind[] = ['text', 'decimal', 'integer', 'boolean', 'date', 'dateTime', 'time', 'id', 'set', 'json'];
const scalar: readonly ValueKind[] = ['text', 'decimal', 'integer', 'boolean', 'date', 'dateTime', 'time', 'id'];
const ordered: readonly ValueKind[] = ['text', 'decimal', 'integer', 'date', 'dateTime', 'time'];
const text: readonly ValueKind[] = ['text'];
const set: readonly ValueKind[] = ['set'];

/** Text is ordered by code point, the same in every database; other kinds have one order anyway. */
const orderable = (column: string, kind: ValueKind): string => (kind === 'text' ? `${column} COLLATE "C"` : column);

type Unlabelled = Omit<Operator, 'label'>;
type Definition = Omit<Unlabelled, 'test' | 'sql'>;
type One = (value: Canonical, operand: Canonical, kind: ValueKind) => boolean;

/** An operator on one value; false when either side is null or not of its kind. */
function onOne(definition: Omit<Definition, 'shape'>, test: One, sql: Operator['sql']): Unlabelled {
  return {
    ...definition,
    shape: 'one',
    test: (value, operand, kind) => {
      const left = canonicalOf(value, kind);
      const right = canonicalOf(operand, elementKind(kind));
      return left !== undefined && right !== undefined && test(left, right, kind);
    },
    sql,
  };
}

/** An operator on a list of values; list entries that are not of the kind are as if absent. */
function onMany(
  definition: Omit<Definition, 'shape'>,
  test: (value: Canonical, list: readonly Canonical[], kind: ValueKind) => boolean,
  sql: Operator['sql'],
): Unlabelled {
  return {
    ...definition,
    shape: 'many',
    test: (value, operand, kind) => {
      const left = canonicalOf(value, kind);
      if (left === undefined || !Array.isArray(operand)) return false;
      const list = operand.map((item) => canonicalOf(item, elementKind(kind))).filter((item) => item !== undefined);
      return test(left, list, kind);
    },
    sql,
  };
}

/** The opposite, true on null too: exactly when the positive operator is not true. */
function negation(of: Unlabelled, definition: Pick<Definition, 'name' | 'alias'>): Unlabelled {
  return {
    ...of,
    ...definition,
    test: (value, operand, kind) => !of.test(value, operand, kind),
    sql: (column, operand, kind) => `(${of.sql(column, operand, kind)}) IS NOT TRUE`,
  };
}

const order = (name: string, alias: string, sign: string, holds: (sign: number) => boolean): Unlabelled =>
  onOne(
    { name, alias, kinds: ordered },
    (value, operand, kind) => holds(compare(value, operand, kind)),
    (column, operand, kind) => `${orderable(column, kind)} ${sign} ${operand.one()}`,
  );

const match = (
  definition: Pick<Definition, 'name' | 'alias'>,
  [before, after]: readonly ['' | '%', '' | '%'],
  folded: boolean,
  test: (value: string, part: string) => boolean,
): Unlabelled =>
  onOne(
    { ...definition, kinds: text },
    (value, part) => (folded ? test(fold(String(value)), fold(String(part))) : test(String(value), String(part))),
    (column, operand) => `${folded ? foldSql(column) : column} LIKE ${operand.like(before, after, folded)}`,
  );

const contains = (value: string, part: string): boolean => value.includes(part);
const startsWith = (value: string, part: string): boolean => value.startsWith(part);
const endsWith = (value: string, part: string): boolean => value.endsWith(part);

const equal = onOne(
  { name: 'equal', alias: 'eq', kinds: scalar },
  (value, operand, kind) => compare(value, operand, kind) === 0,
  (column, operand) => `${column} = ${operand.one()}`,
);
const isIn = onMany(
  { name: 'in', alias: 'in', kinds: scalar },
  (value, list, kind) => list.some((item) => compare(value, item, kind) === 0),
  (column, operand) => `${column} = ANY(${operand.many()})`,
);
const textContains = match({ name: 'contains', alias: 'contains' }, ['%', '%'], false, contains);

const between: Unlabelled = {
  name: 'between',
  alias: 'between',
  kinds: ordered,
  shape: 'range',
  test: (value, operand, kind) => {
    const [left, low, high] = [value, ...(Array.isArray(operand) ? operand : [])].map((item) => canonicalOf(item, kind));
    if (left === undefined || low === undefined || high === undefined) return false;
    return compare(left, low, kind) >= 0 && compare(left, high, kind) <= 0;
  },
  sql: (column, operand, kind) => `${orderable(column, kind)} BETWEEN ${operand.range().join(' AND ')}`,
};

const emptySql: Partial<Record<ValueKind, string>> = { text: "''", set: "'{}'" };
const isEmpty: Unlabelled = {
  name: 'isEmpty',
  alias: 'null',
  kinds: every,
  shape: 'flag',
  test: (value, operand) => {
    const empty = value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
    return empty === (operand !== false);
  },
  sql: (column, operand, kind) => {
    const none = emptySql[kind];
    if (operand.flag()) return none === undefined ? `${column} IS NULL` : `(${column} IS NULL OR ${column} = ${none})`;
    return none === undefined ? `${column} IS NOT NULL` : `${column} <> ${none}`;
  },
};

const table: readonly Unlabelled[] = [
  equal,
  negation(equal, { name: 'notEqual', alias: 'ne' }),
  order('lessThan', 'lt', '<', (sign) => sign < 0),
  order('lessThanInclusive', 'lte', '<=', (sign) => sign <= 0),
  order('greaterThan', 'gt', '>', (sign) => sign > 0),
  order('greaterThanInclusive', 'gte', '>=', (sign) => sign >= 0),
  between,
  isIn,
  negation(isIn, { name: 'notIn', alias: 'nin' }),
  textContains,
  negation(textContains, {
    name: 'doesNotContain',
    alias: 'ncontains',
  }),
  match({ name: 'startsWith', alias: 'startsWith' }, ['', '%'], false, startsWith),
  match({ name: 'endsWith', alias: 'endsWith' }, ['%', ''], false, endsWith),
  match({ name: 'iEqual', alias: 'ieq' }, ['', ''], true, (value, part) => value === part),
  match(
    {
      name: 'iContains',
      alias: 'icontains',
    },
    ['%', '%'],
    true,
    contains,
  ),
  match(
    {
      name: 'iStartsWith',
      alias: 'istartsWith',
    },
    ['', '%'],
    true,
    startsWith,
  ),
  match(
    {
      name: 'iEndsWith',
      alias: 'iendsWith',
    },
    ['%', ''],
    true,
    endsWith,
  ),
  onOne(
    { name: 'has', alias: 'has', kinds: set },
    (value, operand) => (value as readonly string[]).includes(String(operand)),
    (column, operand) => `${column} @> ARRAY[${operand.one()}]`,
  ),
  onMany(
    { name: 'hasAny', alias: 'hasAny', kinds: set },
    (value, list) => list.some((item) => (value as readonly string[]).includes(String(item))),
    (column, operand) => `${column} && ${operand.many()}`,
  ),
  onMany(
    { name: 'hasAll', alias: 'hasAll', kinds: set },
    (value, list) => list.every((item) => (value as readonly string[]).includes(String(item))),
    (column, operand) => `${column} @> ${operand.many()}`,
  ),
  isEmpty,
];

/** All operators, in the order in which a filter builder offers them. */
export const operators: readonly Operator[] = Object.freeze(
  table.map((operator) => ({ ...operator, label: operatorLabels[operator.name] ?? {} })),
);
const byName: ReadonlyMap<string, Operator> = new Map(operators.map((operator) => [operator.name, operator]));
const byAlias: ReadonlyMap<string, Operator> = new Map(operators.map((operator) => [operator.alias, operator]));

export const operatorByName = (name: string): Operator | undefined => byName.get(name);
export const operatorByAlias = (alias: string): Operator | undefined => byAlias.get(alias);
/** The operators that facts of the kind take. */
export const operatorsFor = (kind: ValueKind): readonly Operator[] =>
  operators.filter((operator) => operator.kinds.includes(kind));
