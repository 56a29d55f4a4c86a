// Compiles a condition to a PostgreSQL predicate. Pure text: the caller's scope names the columns and binds the values.
import { operatorByName, type SqlOperand } from './operators.ts';
import { fold, foldSql } from './order.ts';
import { type Condition, isFactOperand, isLeaf, type Leaf, type Quantified } from './tree.ts';
import type { ValueKind } from './value-kind.ts';
import { canonicalOf, commonKind, comparesWithSet, elementKind } from './values.ts';

export interface SqlColumn {
  /** An expression of the kind's PostgreSQL type; a bound value (`$3::uuid` for `actor.id`) serves as well. */
  readonly sql: string;
  readonly kind: ValueKind;
}

/** Where the facts of a condition live. The caller throws its own problem for facts that it does not know. */
export interface SqlScope {
  column(fact: string): SqlColumn;
  /** Adds a parameter and returns its placeholder, e.g. `$1`. Values: string, number, boolean, array of these. */
  bind(value: unknown): string;
  /** `EXISTS (…)` over the live rows of a to-many relation; `where` renders the inner condition in the related row's scope. */
  exists(relation: string, where: ((inner: SqlScope) => string) | undefined): string;
}

/** PostgreSQL type of a parameter of each kind. Sets bind as text[]. */
export const sqlTypes: Readonly<Record<ValueKind, string>> = {
  text: 'text',
  decimal: 'numeric',
  integer: 'int8',
  boolean: 'boolean',
  date: 'date',
  dateTime: 'timestamptz',
  time: 'time',
  id: 'uuid',
  set: 'text[]',
  json: 'jsonb',
};

/**
 * A boolean SQL expression that is true for exactly the rows for which `testCondition` is (false or NULL for the others).
 * Positive comparisons stay bare (`col = $1::text`), so indexes serve them; negations are `(…) IS NOT TRUE`.
 */
export function conditionSql(condition: Condition, scope: SqlScope): string {
  if (isLeaf(condition)) return leafSql(condition, scope);
  if ('all' in condition) return joined(condition.all, ' AND ', 'TRUE', scope);
  if ('any' in condition) return joined(condition.any, ' OR ', 'FALSE', scope);
  if ('not' in condition) return `(${conditionSql(condition.not, scope)}) IS NOT TRUE`;
  const inner = ({ where }: Quantified) => (where === undefined ? undefined : (to: SqlScope) => conditionSql(where, to));
  if ('some' in condition) return scope.exists(condition.some.relation, inner(condition.some));
  if ('none' in condition) return `NOT ${scope.exists(condition.none.relation, inner(condition.none))}`;
  const { relation, where } = condition.every;
  if (where === undefined) return 'TRUE';
  return `NOT ${scope.exists(relation, (to) => `(${conditionSql(where, to)}) IS NOT TRUE`)}`;
}

function joined(parts: readonly Condition[], word: string, none: string, scope: SqlScope): string {
  if (parts.length === 0) return none;
  const [first, ...others] = parts.map((part) => conditionSql(part, scope));
  return others.length === 0 ? (first as string) : `(${[first, ...others].join(word)})`;
}

function leafSql(leaf: Leaf, scope: SqlScope): string {
  const operator = operatorByName(leaf.operator);
  const column = scope.column(leaf.fact);
  if (operator === undefined || !operator.kinds.includes(column.kind)) return 'FALSE';
  if (!isFactOperand(leaf.value)) return operator.sql(column.sql, literalOperand(leaf.value, column.kind, scope), column.kind);
  return operator.sql(
    column.sql,
    columnOperand(column.kind, scope.column(leaf.value.fact), operator.shape === 'many'),
    column.kind,
  );
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

function literalOperand(value: Leaf['value'], kind: ValueKind, scope: SqlScope): SqlOperand {
  const element = elementKind(kind);
  const type = sqlTypes[element];
  const typed = (item: unknown): string => {
    const canonical = canonicalOf(item, element);
    return canonical === undefined ? `NULL::${type}` : `${scope.bind(canonical)}::${type}`;
  };
  return {
    one: () => typed(value),
    many: () => {
      if (!Array.isArray(value)) return `NULL::${type}[]`;
      const items = value.map((item) => canonicalOf(item, element)).filter((item) => item !== undefined);
      return `${scope.bind(items)}::${type}[]`;
    },
    range: () => (Array.isArray(value) ? [typed(value[0]), typed(value[1])] : [typed(null), typed(null)]),
    like: (before, after, folded) => {
      const canonical = canonicalOf(value, 'text');
      if (canonical === undefined) return 'NULL::text';
      const part = folded ? fold(String(canonical)) : String(canonical);
      return `${scope.bind(before + escapeLike(part) + after)}::text`;
    },
    flag: () => value !== false,
  };
}

/** The ids among the texts of a set; a bare cast would fail on the first text that is none. */
const uuidsOf = (set: string): string =>
  `ARRAY(SELECT item::uuid FROM unnest(${set}) item WHERE item ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')`;

function columnOperand(kind: ValueKind, operand: SqlColumn, many: boolean): SqlOperand {
  const element = elementKind(kind);
  const comparable = many ? operand.kind === 'set' && comparesWithSet(kind) : commonKind(element, operand.kind) !== undefined;
  const one = comparable ? operand.sql : `NULL::${sqlTypes[element]}`;
  return {
    one: () => one,
    many: () => {
      if (!comparable) return `NULL::${sqlTypes[element]}[]`;
      return element === 'text' ? operand.sql : uuidsOf(operand.sql);
    },
    range: () => [`NULL::${sqlTypes[element]}`, `NULL::${sqlTypes[element]}`],
    like: (before, after, folded) => {
      const value = folded ? foldSql(one) : one;
      const escaped = `replace(replace(replace(${value}, '\\', '\\\\'), '%', '\\%'), '_', '\\_')`;
      return [before && "'%'", escaped, after && "'%'"].filter((part) => part !== '').join(' || ');
    },
    flag: () => true,
  };
}
