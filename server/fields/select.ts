// select: one of several options.
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { checkOptions, optionFromText, optionIssue, optionSchemaOf, optionSettings } from './options.ts';
import { accepted } from './outcome.ts';
import { readText } from './text-value.ts';

export const select: FieldType = defineFieldType({
  name: 'select',
  label: { en: 'Choice', ar: 'اختيار', he: 'בחירה' },
  kind: 'text',
  settings: optionSettings,
  widget: 'select',
  jsonSchema: optionSchemaOf,
  parse: (value, field) => {
    const read = readText(value);
    if ('issues' in read) return read;
    return optionIssue(read.text, field) ?? accepted(read.text);
  },
  fromText: (cell, field) => ({ value: optionFromText(cell.trim(), field) }),
  check: checkOptions,
});
