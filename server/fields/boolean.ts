// boolean: yes or no.
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';

const yes = ['true', 't', 'yes', 'y', 'on', '1', 'x', 'نعم'];
const no = ['false', 'f', 'no', 'n', 'off', '0', 'لا'];

export const boolean: FieldType = defineFieldType({
  name: 'boolean',
  label: { en: 'Yes or no', ar: 'نعم أو لا', he: 'כן או לא' },
  kind: 'boolean',
  settings: {},
  widget: 'checkbox',
  column: 'boolean',
  jsonSchema: () => ({ type: 'boolean' }),
  parse: (value) => (typeof value === 'boolean' ? accepted(value) : refused('type', 'Expected true or false.')),
  fromText: (cell, _field, format) => {
    const text = cell.trim().toLowerCase();
    const holds = (words: readonly string[]): boolean => words.some((word) => word.toLowerCase() === text);
    if (holds(format.trueValues ?? yes)) return { value: true };
    if (holds(format.falseValues ?? no)) return { value: false };
    return refused('boolean', `"${cell}" is neither yes nor no.`);
  },
});
