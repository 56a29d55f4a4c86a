// Order and case folding of canonical values: the same answers as PostgreSQL gives for the SQL in operators.ts.
import Big from 'big.js';
import type { ValueKind } from './value-kind.ts';
import type { Canonical } from './values.ts';

/** Code point order, which is the byte order of UTF-8 and so PostgreSQL's `COLLATE "C"`; JS `<` compares UTF-16 units. */
export function compareText(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at++) {
    if (left.charCodeAt(at) === right.charCodeAt(at)) continue;
    // Inside a pair the first half is equal; stepping back to it reads both whole code points.
    const start = at > 0 && isTrail(left.charCodeAt(at)) && isTrail(right.charCodeAt(at)) ? at - 1 : at;
    return (left.codePointAt(start) as number) - (right.codePointAt(start) as number);
  }
  return left.length - right.length;
}
const isTrail = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Negative, zero or positive. Both values are canonical and of the kind. */
export function compare(left: Canonical, right: Canonical, kind: ValueKind): number {
  if (kind === 'integer' || kind === 'decimal') {
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return new Big(left as string | number).cmp(new Big(right as string | number));
  }
  if (kind === 'boolean') return Number(left) - Number(right);
  return compareText(String(left), String(right));
}

/**
 * Folds case: the locale-independent lower-casing of the Unicode standard, with final sigma (ς) read as sigma (σ), the one
 * mapping that depends on its neighbours. `foldSql` is the same rule in PostgreSQL.
 */
export const fold = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ');

/** ICU's root locale lower-cases like JavaScript does, whatever the locale of the database. */
export const foldSql = (expression: string): string => `translate(lower((${expression}) COLLATE "und-x-icu"), 'ς', 'σ')`;
