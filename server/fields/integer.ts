// integer: a whole number; `big` makes it 64 bits wide and a string in JSON.
import Big from 'big.js';
import { boundIssue, checkBounds, decimalFromText, readDecimal } from './decimal-value.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType, JsonSchema } from './field-type.ts';
import { accepted, refused } from './outcome.ts';

const int4 = { min: -2147483648, max: 2147483647 };
const int8 = { min: '-9223372036854775808', max: '9223372036854775807' };
const isBig = (field: FieldMetadata): boolean => field['big'] === true;

function parse(value: unknown, field: FieldMetadata) {
  const big = isBig(field);
  if (!big && typeof value !== 'number') return refused('type', 'Expected a whole number.');
  const read = readDecimal(value);
  if ('issues' in read) return big ? read : refused('type', 'Expected a whole number.');
  const { decimal } = read;
  if (!decimal.round(0, Big.roundDown).eq(decimal)) return refused('type', 'Expected a whole number.');
  const limits = big ? int8 : int4;
  const outside = boundIssue(decimal, { ...field, ...limits }) ?? boundIssue(decimal, field);
  if (outside !== undefined) return outside;
  if (big) return accepted(decimal.eq(0) ? '0' : decimal.toFixed(0));
  return accepted(Number(decimal.toFixed(0)) + 0);
}

function jsonSchema(field: FieldMetadata): JsonSchema {
  if (isBig(field)) return { type: ['string', 'integer'], pattern: '^\\s*[+-]?\\d+(\\.0+)?\\s*$' };
  const bound = (setting: number | string | undefined, limit: number): number =>
    setting === undefined ? limit : Number(setting);
  return { type: 'integer', minimum: bound(field.min, int4.min), maximum: bound(field.max, int4.max) };
}

export const integer: FieldType = defineFieldType({
  name: 'integer',
  label: { en: 'Whole number', ar: 'عدد صحيح', he: 'מספר שלם' },
  kind: 'integer',
  settings: {
    big: { type: 'boolean' },
    min: { type: ['string', 'number'] },
    max: { type: ['string', 'number'] },
  },
  widget: 'integer',
  // 64-bit values are decimal strings everywhere outside PostgreSQL, so they compare as decimals.
  columns: (field) => [
    isBig(field) ? { suffix: '', type: 'bigint', kind: 'decimal' } : { suffix: '', type: 'integer', kind: 'integer' },
  ],
  jsonSchema,
  graphql: (field) => (isBig(field) ? { output: 'Decimal', input: 'Decimal' } : { output: 'Int', input: 'Int' }),
  parse,
  fromText: (cell, field, format) => {
    const read = decimalFromText(cell, format);
    return 'issues' in read || isBig(field) ? read : { value: Number(read.value) };
  },
  json: (column, field) => (isBig(field) ? `${column('')}::text` : column('')),
  check: (field) => {
    const limits = isBig(field) ? int8 : int4;
    const beyond = (['min', 'max'] as const).flatMap((bound) => {
      const value = field[bound];
      const read = value === undefined ? undefined : readDecimal(value);
      if (read === undefined || 'issues' in read) return [];
      return boundIssue(read.decimal, { ...field, ...limits }) === undefined
        ? []
        : [{ pointer: `/${bound}`, detail: `${bound} ${value} is outside of what the column holds; see "big".` }];
    });
    return [...checkBounds(field), ...beyond];
  },
});
