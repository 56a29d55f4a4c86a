// The canonical form of a value per kind: what operators compare, in memory and as SQL parameters. Total on any input.
import Big from 'big.js';
import { canonicalDate, canonicalDateTime, canonicalTime } from './calendar.ts';
import type { ValueKind } from './value-kind.ts';

export type Canonical = string | number | boolean | readonly string[];

const decimalPattern = /^[+-]?\d{1,400}(?:\.\d{1,400})?$/;
const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const int8Limit = new Big('9223372036854775807');

/** A decimal string without exponent, or a finite number, as an exact decimal; else undefined. */
export function decimalOf(value: unknown): Big | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? new Big(value) : undefined;
  // big.js takes no plus sign.
  return typeof value === 'string' && decimalPattern.test(value) ? new Big(value.replace('+', '')) : undefined;
}

/** True when PostgreSQL can store the text: no NUL, no lone surrogate. */
export const isStorable = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text);

/** Whole number: a safe JS number as it is, a string of digits within int8 as a string (a number where that is exact). */
function canonicalInteger(value: unknown): number | string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined;
  const big = decimalOf(value);
  if (big === undefined || !big.round(0, 0).eq(big) || big.abs().gt(int8Limit)) return undefined;
  const number = Number(big.toFixed(0));
  return Number.isSafeInteger(number) ? number : big.toFixed(0);
}

/**
 * The value as its kind compares it, or undefined for null and for anything that is not a value of the kind.
 * @example canonicalOf('2024-01-01T02:00:00+02:00', 'dateTime') // '2024-01-01T00:00:00.000Z'
 */
export function canonicalOf(value: unknown, kind: ValueKind): Canonical | undefined {
  if (value === null || value === undefined) return undefined;
  if (kind === 'boolean') return typeof value === 'boolean' ? value : undefined;
  if (kind === 'integer') return canonicalInteger(value);
  if (kind === 'decimal') return decimalOf(value)?.toFixed();
  if (kind === 'set') {
    return Array.isArray(value) && value.every((item) => typeof item === 'string' && isStorable(item)) ? value : undefined;
  }
  if (value instanceof Date && kind === 'dateTime')
    return Number.isNaN(value.getTime()) ? undefined : canonicalDateTime(value.toISOString());
  if (typeof value !== 'string') return undefined;
  switch (kind) {
    case 'text':
      return isStorable(value) ? value : undefined;
    case 'date':
      return canonicalDate(value);
    case 'dateTime':
      return canonicalDateTime(value);
    case 'time':
      return canonicalTime(value);
    case 'id': {
      const id = value.toLowerCase();
      return idPattern.test(id) ? id : undefined;
    }
    default:
      return undefined;
  }
}

/** The kind in which two facts compare, or undefined when they do not. Whole numbers compare with decimals as decimals. */
export function commonKind(left: ValueKind, right: ValueKind): ValueKind | undefined {
  if (left === right) return left;
  const numeric = (kind: ValueKind): boolean => kind === 'integer' || kind === 'decimal';
  return numeric(left) && numeric(right) ? 'decimal' : undefined;
}

/** The kind of the single values that a set holds; every other kind is its own element. */
export const elementKind = (kind: ValueKind): ValueKind => (kind === 'set' ? 'text' : kind);

/** Whether values of the kind can be looked for in a set (lists of texts, which may be ids). */
export const comparesWithSet = (kind: ValueKind): boolean => kind === 'text' || kind === 'id' || kind === 'set';
