// autoNumber: a running number in a pattern, INV-{0000} → INV-0042; the repository counts.
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { accepted } from './outcome.ts';
import { readText, textIssue } from './text-value.ts';

const place = /\{(0{1,18})\}/g;
const longest = 100;
export const defaultAutoNumberFormat = '{0}';

/**
 * Puts the number into the one `{0…}` of the format, padded with zeros to its width; longer numbers keep all digits.
 * @example formatAutoNumber('INV-{0000}', 42) // 'INV-0042'
 */
export const formatAutoNumber = (format: string, number: number | bigint | string): string =>
  format.replace(place, (_, zeros: string) => String(number).padStart(zeros.length, '0'));

export const autoNumber: FieldType = defineFieldType({
  name: 'autoNumber',
  label: { en: 'Automatic number', ar: 'رقم تلقائي', he: 'מספר אוטומטי' },
  kind: 'text',
  settings: {
    format: { type: 'string', pattern: '^[^{}]{0,40}\\{0{1,18}\\}[^{}]{0,40}$' },
    gapless: {
      type: 'boolean',
      description:
        'No number is ever left out: creates wait for each other until they are committed. Without it a create that fails leaves its number out, and none waits.',
    },
    start: { type: 'integer', minimum: 0, maximum: 2147483647 },
  },
  widget: 'readOnly',
  jsonSchema: () => ({ type: 'string', maxLength: longest, readOnly: true }),
  parse: (value) => {
    const read = readText(value);
    if ('issues' in read) return read;
    return textIssue(read.text, { minLength: 1, maxLength: longest }) ?? accepted(read.text);
  },
  fromText: (cell) => ({ value: cell }),
  check: (field) =>
    field.default === undefined ? [] : [{ pointer: '/default', detail: 'An automatic number takes no default.' }],
});
