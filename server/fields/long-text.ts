// longText: several lines.
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';
import { checkTextSettings, readText, textIssue, textSchema, textSettings } from './text-value.ts';

const defaultLength = 32_000;
const longest = 1_000_000;

const maxLengthOf = (field: FieldMetadata): number => field.maxLength ?? defaultLength;

/** Empty text is no value: stored as null. */
function parse(value: unknown, field: FieldMetadata) {
  const read = readText(value);
  if ('issues' in read) return read;
  if (field.required === true && read.text.trim() === '') return refused('required', 'A value is required.');
  if (read.text === '') return accepted(null);
  return textIssue(read.text, { ...field, maxLength: maxLengthOf(field) }) ?? accepted(read.text);
}

export const longText: FieldType = defineFieldType({
  name: 'longText',
  label: { en: 'Long text', ar: 'نص طويل', he: 'טקסט ארוך' },
  kind: 'text',
  settings: textSettings(longest),
  widget: 'textarea',
  sortable: false,
  jsonSchema: (field) => textSchema(field, maxLengthOf(field)),
  parse,
  fromText: (cell) => ({ value: cell }),
  check: (field) => [
    ...checkTextSettings(field, maxLengthOf(field)),
    ...(['unique', 'index'] as const)
      .filter((setting) => field[setting] === true)
      .map((setting) => ({ pointer: `/${setting}`, detail: 'A long text cannot be indexed; use the type text.' })),
  ],
});
