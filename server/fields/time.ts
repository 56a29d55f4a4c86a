// time: a time of day without a zone.
import { canonicalTime } from '../conditions/calendar.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';

export const time: FieldType = defineFieldType({
  name: 'time',
  label: { en: 'Time', ar: 'وقت', he: 'שעה' },
  kind: 'time',
  settings: {},
  widget: 'time',
  column: 'time(0) without time zone',
  jsonSchema: () => ({ type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?$' }),
  parse: (value) => {
    const read = typeof value === 'string' ? canonicalTime(value) : undefined;
    return read === undefined ? refused('time', 'Expected a time of day like "14:30".') : accepted(read);
  },
  /** Also reads `2:30 pm` and hours of one digit. */
  fromText: (cell) => {
    const match = /^(\d{1,2}):(\d{2})(:\d{2})?\s*([ap]m)?$/i.exec(cell.trim());
    const half = match?.[4]?.toLowerCase();
    const hour = Number(match?.[1]);
    if (match === null || (half !== undefined && (hour < 1 || hour > 12))) return refused('time', `"${cell}" is not a time.`);
    const full = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
    return { value: `${String(full).padStart(2, '0')}:${match[2]}${match[3] ?? ''}` };
  },
  json: (column) => `${column('')}::text`,
});
