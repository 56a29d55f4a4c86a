// date: a calendar day without a zone.
import { canonicalDate } from '../conditions/calendar.ts';
import { dateFromText } from './date-text.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';

const day = (setting: unknown): string | undefined => (typeof setting === 'string' ? canonicalDate(setting) : undefined);
const dayPattern = '^\\d{4}-\\d{2}-\\d{2}$';

function parse(value: unknown, field: FieldMetadata) {
  const date = day(value);
  if (date === undefined) return refused('date', 'Expected a day that exists, like "2024-02-29".');
  const [min, max] = [day(field.min), day(field.max)];
  if (min !== undefined && date < min) return refused('min', `Not before ${min}.`);
  if (max !== undefined && date > max) return refused('max', `Not after ${max}.`);
  return accepted(date);
}

function check(field: FieldMetadata) {
  const found = (['min', 'max'] as const)
    .filter((bound) => field[bound] !== undefined && day(field[bound]) === undefined)
    .map((bound) => ({ pointer: `/${bound}`, detail: `"${field[bound]}" is not a day like "2024-02-29".` }));
  if (found.length > 0) return found;
  const [min, max] = [day(field.min), day(field.max)];
  return min !== undefined && max !== undefined && min > max
    ? [{ pointer: '/min', detail: `min ${min} is after max ${max}.` }]
    : [];
}

export const date: FieldType = defineFieldType({
  name: 'date',
  label: { en: 'Date', ar: 'تاريخ', he: 'תאריך' },
  kind: 'date',
  settings: { min: { type: 'string', pattern: dayPattern }, max: { type: 'string', pattern: dayPattern } },
  widget: 'date',
  column: 'date',
  jsonSchema: () => ({ type: 'string', format: 'date' }),
  parse,
  fromText: (cell, _field, format) => {
    const text = cell.trim();
    const value = canonicalDate(text) ?? dateFromText(text, format.dateFormats ?? []);
    return value === undefined ? refused('date', `"${cell}" is not a date in a known format.`) : { value };
  },
  json: (column) => `${column('')}::text`,
  check,
});
