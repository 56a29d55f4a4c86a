// Formulas: choices, comparisons and three-valued logic, as SQL has it.
import Big from 'big.js';
import { compareText } from '../../conditions/order.ts';
import type { FormulaFunction } from '../function.ts';
import type { FormulaKind, FormulaValue } from '../kinds.ts';

const comparable: readonly FormulaKind[] = ['number', 'text', 'boolean', 'date', 'dateTime'];

/** Numbers by value, text by code point, false before true, ISO dates as text. */
function order(left: FormulaValue, right: FormulaValue): number {
  if (left instanceof Big && right instanceof Big) return left.cmp(right);
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  return Number(left) - Number(right);
}

const comparison = (name: string, sign: string, holds: (difference: number) => boolean): readonly FormulaFunction[] =>
  comparable.map((kind) => ({
    name,
    parameters: [kind, kind],
    result: 'boolean',
    value: ([left = null, right = null]) => holds(order(left, right)),
    sql: ([left = '', right = '']) =>
      kind === 'text' ? `((${left}) COLLATE "C" ${sign} (${right}))` : `(${left} ${sign} ${right})`,
  }));

const isBlank = (value: FormulaValue): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0);

function blankSql(sql: string, kind: FormulaKind | undefined): string {
  if (kind === 'text') return `(coalesce(${sql}, '') = '')`;
  if (kind === 'set') return `(coalesce(cardinality(${sql}), 0) = 0)`;
  return `(${sql} IS NULL)`;
}

const and = (args: readonly FormulaValue[]): FormulaValue => (args.includes(false) ? false : args.includes(null) ? null : true);
const or = (args: readonly FormulaValue[]): FormulaValue => (args.includes(true) ? true : args.includes(null) ? null : false);

/** @param names the sign, and the word that SQL has for it as well */
const connective = (names: readonly [string, string], value: FormulaFunction['value']): readonly FormulaFunction[] =>
  names.map((name) => ({
    name,
    parameters: ['boolean', 'boolean'],
    rest: ['boolean'],
    result: 'boolean',
    strict: false,
    value,
    sql: (args) => `(${args.join(` ${names[1]} `)})`,
  }));

const not = {
  parameters: ['boolean'],
  result: 'boolean',
  value: ([condition]) => condition !== true,
  sql: ([condition]) => `(NOT ${condition})`,
} satisfies Omit<FormulaFunction, 'name'>;

export const logicFunctions: readonly FormulaFunction[] = [
  ...comparison('==', '=', (difference) => difference === 0),
  ...comparison('!=', '<>', (difference) => difference !== 0),
  ...comparison('<', '<', (difference) => difference < 0),
  ...comparison('<=', '<=', (difference) => difference <= 0),
  ...comparison('>', '>', (difference) => difference > 0),
  ...comparison('>=', '>=', (difference) => difference >= 0),
  ...connective(['&&', 'AND'], and),
  ...connective(['||', 'OR'], or),
  { name: '!', ...not },
  { name: 'NOT', ...not },
  {
    name: 'IF',
    parameters: ['boolean', 'same', 'same'],
    result: 'same',
    strict: false,
    value: ([condition, yes = null, no = null]) => (condition === true ? yes : no),
    sql: ([condition, yes, no]) => `(CASE WHEN ${condition} THEN ${yes} ELSE ${no} END)`,
  },
  ...comparable.map(
    (kind): FormulaFunction => ({
      name: 'SWITCH',
      parameters: [kind, kind, 'same'],
      rest: [kind, 'same'],
      last: 'same',
      result: 'same',
      strict: false,
      value([given = null, ...cases]) {
        for (let at = 0; at + 1 < cases.length; at += 2) {
          const wanted = cases[at] ?? null;
          if (given !== null && wanted !== null && order(given, wanted) === 0) return cases[at + 1] ?? null;
        }
        return cases.at(-1) ?? null;
      },
      sql([given, ...cases]) {
        const whens = cases
          .slice(0, -1)
          .flatMap((wanted, at) => (at % 2 === 0 ? [`WHEN ${given} = ${wanted} THEN ${cases[at + 1]}`] : []));
        return `(CASE ${whens.join(' ')} ELSE ${cases.at(-1)} END)`;
      },
    }),
  ),
  {
    name: 'ISBLANK',
    parameters: ['any'],
    result: 'boolean',
    strict: false,
    value: ([value = null]) => isBlank(value),
    sql: ([sql = ''], [kind]) => blankSql(sql, kind),
  },
  {
    name: 'COALESCE',
    parameters: ['same', 'same'],
    rest: ['same'],
    result: 'same',
    strict: false,
    value: (args) => args.find((value) => value !== null) ?? null,
    sql: (args) => `coalesce(${args.join(', ')})`,
  },
  {
    name: 'INCLUDES',
    parameters: ['set', 'text'],
    result: 'boolean',
    value: ([set, text]) => Array.isArray(set) && set.includes(text),
    // Nothing is in an empty list, says PostgreSQL; here nothing is asked then.
    sql: ([set, text]) => `(CASE WHEN ${text} IS NOT NULL THEN ${text} = ANY (${set}) END)`,
  },
];
