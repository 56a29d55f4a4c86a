// Values that the engine works out for a record: formulas, currencies taken from another, and amounts in the base currency.

import Big from 'big.js';
import { decimalOf } from '../conditions/values.ts';
import { currencyByCode } from '../fields/currency.ts';
import { evaluateFormula } from '../formulas/evaluate.ts';
import { type FormulaValue, formulaValue } from '../formulas/kinds.ts';
import {
  type ConvertedField,
  type DerivedField,
  derivedFields,
  type FormulaField,
  type InheritedField,
  inheritedFrom,
} from '../metadata/computed.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import { type Issue, problem } from '../problem.ts';
import { columnName } from './columns.ts';
import { rateOf } from './exchange-rates.ts';
import type { RecordValues } from './records.ts';
import { quoted, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

export interface Derived {
  /** By field name, as records hold them. */
  readonly values: RecordValues;
  /** By column. */
  readonly columns: Readonly<Record<string, unknown>>;
}

/**
 * The values worked out for a record as it will be, each after those that it builds on.
 * @throws problem `validation_failed` for a number that its column cannot hold, and for an amount that would be in another
 * currency all at once
 */
export async function derive(context: TransactionContext, entity: Entity, record: RecordValues): Promise<Derived> {
  const values: Record<string, unknown> = {};
  const columns: Record<string, unknown> = {};
  const issues: Issue[] = [];
  const all = { ...record };
  // Amounts of one document take one currency: it is read once.
  const inherited = new Map<string, Promise<FormulaValue>>();
  for (const field of derivedFields(entity)) {
    const value = await derivedValue(context, entity, field, all, inherited);
    if (field.computed.kind === 'inherited') issues.push(...otherCurrency(field as InheritedField, all, value));
    const fitted = asStored(field, value);
    if (fitted === undefined)
      issues.push({ pointer: `/${field.name}`, code: 'out_of_range', detail: 'What is worked out here is too large.' });
    all[field.name] = values[field.name] = fitted ?? null;
    columns[columnName(field)] = fitted ?? null;
  }
  if (issues.length > 0) throw problem('validation_failed', { errors: issues });
  return { values, columns };
}

async function derivedValue(
  context: TransactionContext,
  entity: Entity,
  field: DerivedField,
  record: RecordValues,
  inherited: Map<string, Promise<FormulaValue>>,
): Promise<FormulaValue> {
  switch (field.computed.kind) {
    case 'formula':
      return formulaOf(entity, field as FormulaField, record);
    case 'converted':
      return convertedOf(context, field as ConvertedField, record);
    case 'inherited': {
      const source = `${field.computed.reference} ${field.computed.field}`;
      const value = inherited.get(source) ?? inheritedOf(context, entity, field as InheritedField, record);
      inherited.set(source, value);
      return value;
    }
  }
}

/** An amount of money is rounded to what can be paid in its currency. */
function formulaOf(entity: Entity, field: FormulaField, record: RecordValues): FormulaValue {
  const value = resultOf(entity, field, record);
  const currency = field.computed.currency === undefined ? undefined : record[field.computed.currency];
  const digits = currencyByCode(String(currency ?? ''))?.digits;
  return value instanceof Big && digits !== undefined && digits < (scaleOf(field) ?? 0)
    ? value.round(digits, Big.roundHalfUp)
    : value;
}

function resultOf(entity: Entity, field: FormulaField, record: RecordValues): FormulaValue {
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

async function inheritedOf(
  context: TransactionContext,
  entity: Entity,
  { computed }: InheritedField,
  record: RecordValues,
): Promise<FormulaValue> {
  const source = inheritedFrom(context.registry, entity, computed);
  const id = record[computed.reference] ?? null;
  if (source === undefined || id === null) return null;
  const [row] = await run<{ value: string | null }>(context.transaction, {
    text: `SELECT ${quoted(columnName(source.field))} AS value FROM ${source.entity.qualifiedTable} WHERE "id" = $1::uuid`,
    values: [id],
  });
  return row?.value ?? null;
}

/** 100 dollars do not become 100 euros because the record belongs to another now. */
function otherCurrency({ name, computed }: InheritedField, record: RecordValues, now: FormulaValue): readonly Issue[] {
  const [amount, was] = [record[computed.amount] ?? null, record[name] ?? null];
  if (amount === null || was === null || was === now) return [];
  const detail = `${computed.amount} is in ${String(was)}, and would be in ${now === null ? 'no currency' : String(now)}.`;
  return [{ pointer: `/${computed.reference}`, code: 'currency', detail }];
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
