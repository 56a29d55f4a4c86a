// dateTime: an instant, in milliseconds, kept and shown in UTC.
import { canonicalDateTime } from '../conditions/calendar.ts';
import { dateTimeFromText } from './date-text.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';

/** ISO 8601 as programs write it without an offset. */
const isoFormats = [
  'YYYY-MM-DDTHH:mm:ss.SSS',
  'YYYY-MM-DDTHH:mm:ss',
  'YYYY-MM-DDTHH:mm',
  'YYYY-MM-DD HH:mm:ss',
  'YYYY-MM-DD HH:mm',
  'YYYY-MM-DD',
];

export const dateTime: FieldType = defineFieldType({
  name: 'dateTime',
  label: { en: 'Date and time', ar: 'تاريخ ووقت', he: 'תאריך ושעה' },
  kind: 'dateTime',
  settings: {},
  widget: 'dateTime',
  column: 'timestamp(3) with time zone',
  jsonSchema: () => ({ type: 'string', format: 'date-time' }),
  parse: (value) => {
    const instant = typeof value === 'string' ? canonicalDateTime(value) : undefined;
    return instant === undefined
      ? refused('date_time', 'Expected a date and time with its offset, like "2024-02-29T10:00:00Z" (RFC 3339).')
      : accepted(instant);
  },
  fromText: (cell, _field, format) => {
    const text = cell.trim();
    const value =
      canonicalDateTime(text) ?? dateTimeFromText(text, [...(format.dateFormats ?? []), ...isoFormats], format.timeZone ?? 'UTC');
    return value === undefined ? refused('date_time', `"${cell}" is not a date and time in a known format.`) : { value };
  },
  // The very text that `parse` gives, so that a value read is the value written, in records, events and audit rows alike.
  json: (column) => `to_char(${column('')}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
});
