// duration: a length of time in whole seconds, so that it sorts, adds up and compares like any number.
import { boundIssue, checkBounds, readDecimal } from './decimal-value.ts';
import { defineFieldType } from './define-field-type.ts';
import { durationSeconds } from './duration-text.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';

/** Of the column: 68 years. */
const longest = 2147483647;
const limits = (field: FieldMetadata) => ({ min: field.min ?? 0, max: field.max ?? longest });

function parse(value: unknown, field: FieldMetadata) {
  if (typeof value !== 'number' || !Number.isInteger(value)) return refused('type', 'Expected a whole number of seconds.');
  const read = readDecimal(value);
  if ('issues' in read) return read;
  return boundIssue(read.decimal, { ...field, ...limits(field) }) ?? accepted(value + 0);
}

export const duration: FieldType = defineFieldType({
  name: 'duration',
  label: { en: 'Duration', ar: 'مدة', he: 'משך זמן' },
  kind: 'integer',
  settings: {
    min: { type: 'integer', minimum: -longest, maximum: longest },
    max: { type: 'integer', minimum: -longest, maximum: longest },
  },
  widget: 'duration',
  column: 'integer',
  jsonSchema: (field) => ({
    type: 'integer',
    description: 'Seconds.',
    minimum: Number(limits(field).min),
    maximum: Number(limits(field).max),
  }),
  parse,
  fromText: (cell, _field, format) => {
    const value = durationSeconds(cell.trim(), format.decimalSeparator);
    return value === undefined
      ? refused('duration', `"${cell}" is not a length of time like 1h 30m, 90 min, 1:30 or PT1H30M.`)
      : { value };
  },
  check: (field) => checkBounds({ ...field, ...limits(field) }),
});
