// The kinds of values that formulas work on, and how values of records become such.
import type Big from 'big.js';
import type { ValueKind } from '../conditions/value-kind.ts';
import { canonicalOf, decimalOf } from '../conditions/values.ts';

/** Numbers are exact decimals; `none` is the kind of a bare `null`, which fits every other. */
export type FormulaKind = 'number' | 'text' | 'boolean' | 'date' | 'dateTime' | 'set' | 'none';

/** `Big` for numbers, ISO text for dates and times, else the plain value; null where there is none. */
export type FormulaValue = Big | string | boolean | readonly string[] | null;

/** What each kind of field value is to a formula; JSON is nothing that can be calculated with. */
const kinds: Readonly<Record<ValueKind, FormulaKind | undefined>> = {
  text: 'text',
  decimal: 'number',
  integer: 'number',
  boolean: 'boolean',
  date: 'date',
  dateTime: 'dateTime',
  time: 'text',
  id: 'text',
  set: 'set',
  json: undefined,
};

export const formulaKind = (kind: ValueKind): FormulaKind | undefined => kinds[kind];

/** An API value of a field as a formula takes it; what is no value of the kind counts as none. */
export function formulaValue(value: unknown, kind: ValueKind): FormulaValue {
  const canonical = canonicalOf(value, kind);
  if (canonical === undefined) return null;
  if (kind === 'decimal' || kind === 'integer') return decimalOf(canonical) ?? null;
  return canonical as string | boolean | readonly string[];
}

/** PostgreSQL type that values of a kind have in compiled SQL. */
export const formulaSqlTypes: Readonly<Record<FormulaKind, string>> = {
  number: 'numeric',
  text: 'text',
  boolean: 'boolean',
  date: 'date',
  dateTime: 'timestamptz',
  set: 'text[]',
  none: 'text',
};

/** A column of a field as formulas take it: whole numbers divide like decimals, ids and times of day are text. */
export function formulaColumn(sql: string, kind: ValueKind): string {
  if (kind === 'integer') return `(${sql})::numeric`;
  if (kind === 'id' || kind === 'time') return `(${sql})::text`;
  return sql;
}
