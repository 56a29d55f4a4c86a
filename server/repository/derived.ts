// Values that the engine works out from the record itself: formulas, and amounts in the base currency.

import Big from 'big.js';
import { decimalOf } from '../conditions/values.ts';
import { evaluateFormula } from '../formulas/evaluate.ts';
import { type FormulaValue, formulaValue } from '../formulas/kinds.ts';
import { type ConvertedField, derivedFields, type FormulaField } from '../metadata/computed.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import { type Issue, problem } from '../problem.ts';
import { columnName } from './columns.ts';
import { rateOf } from './exchange-rates.ts';
import type { RecordValues } from './records.ts';
import type { TransactionContext } from './transaction.ts';

export interface Derived {
  /** By field name, as records hold them. */
  readonly values: RecordValues;
  /** By column. */
  readonly columns: Readonly<Record<string, unknown>>;
}

/**
 * The values worked out for a record as it will be, each after those that it builds on.
 * @throws problem `validation_failed` for a number that its column cannot hold
 */
export async function derive(context: TransactionContext, entity: Entity, record: RecordValues): Promise<Derived> {
  const values: Record<string, unknown> = {};
  const columns: Record<string, unknown> = {};
  const issues: Issue[] = [];
  const all = { ...record };
  for (const field of derivedFields(entity)) {
    const value =
      field.computed.kind === 'formula'
        ? formulaOf(entity, field as FormulaField, all)
        : await convertedOf(context, field as ConvertedField, all);
    const fitted = asStored(field, value);
    if (fitted === undefined)
      issues.push({ pointer: `/${field.name}`, code: 'out_of_range', detail: 'What is worked out here is too large.' });
    all[field.name] = values[field.name] = fitted ?? null;
    columns[columnName(field)] = fitted ?? null;
  }
  if (issues.length > 0) throw problem('validation_failed', { errors: issues });
  return { values, columns };
}

function formulaOf(entity: Entity, field: FormulaField, record: RecordValues): FormulaValue {
  return evaluateFormula(field.computed.formula, (path) => {
    const [name = '', part] = path.split('.');
    const read = entity.fields.get(name);
    if (read === undefined) return null;
    if (part === undefined) return formulaValue(record[name], read.columns[0]?.kind ?? read.type.kind);
    const whole = record[name];
    const value = typeof whole === 'object' && whole !== null ? (whole as Record<string, unknown>)[part] : null;
    return formulaValue(value, read.type.parts?.[part]?.kind ?? 'text');
  });
}

/** No rate, no value: what cannot be converted is not taken for something else. */
async function convertedOf(context: TransactionContext, field: ConvertedField, record: RecordValues): Promise<FormulaValue> {
  const { amount, currency, date } = field.computed;
  const value = decimalOf(record[amount]);
  if (value === undefined) return null;
  const base = context.registry.app.baseCurrency;
  const from = String(record[currency] ?? base);
  if (from === base) return value;
  const day = String(record[date] ?? new Date().toISOString()).slice(0, 10);
  const rate = await rateOf(context, from, day);
  return rate === undefined ? null : value.times(rate);
}

const scaleOf = (field: Field): number | undefined => {
  const [, scale] = /^numeric\(\d+,(\d+)\)$/.exec(field.columns[0]?.type ?? '') ?? [];
  return scale === undefined ? undefined : Number(scale);
};

/** Digits before the point that a column has room for. */
function roomOf(type: string): number {
  const [, precision = '0', scale = '0'] = /^numeric\((\d+),(\d+)\)$/.exec(type) ?? [];
  return Number(precision) - Number(scale);
}

/** The value as its column stores it; undefined when it does not fit. Halves are rounded away from zero, as PostgreSQL does. */
export function asStored(field: Field, value: FormulaValue): unknown {
  const type = field.columns[0]?.type ?? 'text';
  if (value instanceof Big) {
    const scale = scaleOf(field);
    const rounded = value.round(scale ?? 0, Big.roundHalfUp);
    if (scale !== undefined) return rounded.abs().lt(new Big(10).pow(roomOf(type))) ? plain(rounded, scale) : undefined;
    if (type === 'bigint') return rounded.abs().lt('9223372036854775808') ? rounded.toFixed(0) : undefined;
    return rounded.abs().lt(2 ** 31) ? Number(rounded) : undefined;
  }
  if (typeof value !== 'string' || field.columns[0]?.kind !== 'text') return value;
  return cut(value, maxLengthOf(field));
}

const plain = (number: Big, scale: number): string => (number.eq(0) ? new Big(0) : number).toFixed(scale);

/** Code points of a worked out text. */
export const maxLengthOf = ({ meta }: Field): number => (meta.maxLength === undefined ? 1000 : Number(meta.maxLength));

function cut(text: string, length: number): string | null {
  const short = text.length <= length ? text : [...text].slice(0, length).join('');
  return short === '' ? null : short;
}
