// Formulas: arithmetic with exact decimals. Quotients are rounded to ten digits after the point, halves away from zero.
import Big from 'big.js';
import type { FormulaFunction } from '../function.ts';
import type { FormulaKind, FormulaValue } from '../kinds.ts';

/** Digits after the point of a quotient. */
const quotientScale = 10;
/** Those that it is worked out with before it is rounded, in memory as in SQL. */
const workingScale = 20;

// A constructor of its own: its settings are nobody else's.
const Divided = Big();
Divided.DP = workingScale;
Divided.RM = Big.roundHalfUp;

const asBig = (value: FormulaValue | undefined): Big => (value instanceof Big ? value : new Big(0));

const binary = (name: string, value: (left: Big, right: Big) => Big | null, sql: FormulaFunction['sql']): FormulaFunction => ({
  name,
  parameters: ['number', 'number'],
  result: 'number',
  value: ([left, right]) => value(asBig(left), asBig(right)),
  sql,
});

const unary = (name: string, value: (number: Big) => Big, sql: (number: string) => string): FormulaFunction => ({
  name,
  parameters: ['number'],
  result: 'number',
  value: ([number]) => value(asBig(number)),
  sql: ([number = '']) => sql(number),
});

export function divided(left: Big, right: Big): Big | null {
  if (right.eq(0)) return null;
  const quotient = new Divided(left.toFixed()).div(new Divided(right.toFixed()));
  return new Big(quotient.round(quotientScale, Big.roundHalfUp).toFixed());
}

/** The same in SQL. */
export const quotientSql = (left: string, right: string): string =>
  `round((${left})::numeric * 1.${'0'.repeat(workingScale)} / nullif(${right}, 0), ${quotientScale})`;

const down = (number: Big): Big => number.round(0, Big.roundDown);
const floor = (number: Big): Big => (down(number).gt(number) ? down(number).minus(1) : down(number));
const ceiling = (number: Big): Big => (down(number).lt(number) ? down(number).plus(1) : down(number));

/** Rounding to more or fewer digits than this is left alone. */
const maxDigits = 20;

const ordered: readonly FormulaKind[] = ['number', 'date', 'dateTime'];

const extreme = (name: 'MIN' | 'MAX', sql: string, wins: (difference: number) => boolean): readonly FormulaFunction[] =>
  ordered.map((kind) => ({
    name,
    parameters: [kind, kind],
    rest: [kind],
    result: kind,
    // As `least` and `greatest`: what has no value does not count.
    strict: false,
    value: (args) =>
      args.reduce<FormulaValue>((best, value) => {
        if (value === null || best === null) return best ?? value;
        const difference = value instanceof Big ? value.cmp(asBig(best)) : value < best ? -1 : 1;
        return wins(difference) ? value : best;
      }, null),
    sql: (args) => `${sql}(${args.join(', ')})`,
  }));

export const numberFunctions: readonly FormulaFunction[] = [
  binary(
    '+',
    (left, right) => left.plus(right),
    ([left, right]) => `(${left} + ${right})`,
  ),
  binary(
    '-',
    (left, right) => left.minus(right),
    ([left, right]) => `(${left} - ${right})`,
  ),
  binary(
    '*',
    (left, right) => left.times(right),
    ([left, right]) => `(${left} * ${right})`,
  ),
  binary('/', divided, ([left = '', right = '']) => quotientSql(left, right)),
  binary(
    '%',
    (left, right) => (right.eq(0) ? null : left.mod(right)),
    ([left, right]) => `((${left}) % nullif(${right}, 0))`,
  ),
  unary(
    'negate',
    (number) => number.times(-1),
    (number) => `(- ${number})`,
  ),
  unary(
    'ABS',
    (number) => number.abs(),
    (number) => `abs(${number})`,
  ),
  unary('FLOOR', floor, (number) => `floor(${number})`),
  unary('CEILING', ceiling, (number) => `ceil(${number})`),
  {
    name: 'ROUND',
    parameters: ['number', 'number'],
    optional: 1,
    result: 'number',
    value([number, digits]) {
      const places = digits === undefined ? new Big(0) : down(asBig(digits));
      return places.abs().gt(maxDigits) ? null : asBig(number).round(Number(places), Big.roundHalfUp);
    },
    sql: ([number, digits = '0']) =>
      `(CASE WHEN abs(trunc(${digits})) <= ${maxDigits} THEN round(${number}, trunc(${digits})::int) END)`,
  },
  ...extreme('MIN', 'least', (difference) => difference < 0),
  ...extreme('MAX', 'greatest', (difference) => difference > 0),
  {
    name: 'VALUE',
    parameters: ['text'],
    result: 'number',
    value: ([text]) => {
      const plain = String(text);
      return /^-?[0-9]{1,30}(\.[0-9]{1,30})?$/.test(plain) ? new Big(plain) : null;
    },
    sql: ([text]) => `(CASE WHEN ${text} ~ '^-?[0-9]{1,30}(\\.[0-9]{1,30})?$' THEN (${text})::numeric END)`,
  },
];
