// text: one line.
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';
import { checkTextSettings, readText, textIssue, textSchema, textSettings } from './text-value.ts';

const defaultLength = 255;
const longest = 4000;
/** A B-tree entry holds at most 2,704 bytes; a code point takes up to four. */
const longestIndexed = 650;

const maxLengthOf = (field: FieldMetadata): number => field.maxLength ?? defaultLength;

/** Empty text is no value: stored as null, so that `required` and `unique` mean what people expect. */
function parse(value: unknown, field: FieldMetadata) {
  const read = readText(value);
  if ('issues' in read) return read;
  if (field.required === true && read.text.trim() === '') return refused('required', 'A value is required.');
  if (read.text === '') return accepted(null);
  if (/[\r\n]/.test(read.text)) return refused('line_break', 'The text must be on one line.');
  return textIssue(read.text, { ...field, maxLength: maxLengthOf(field) }) ?? accepted(read.text);
}

export const text: FieldType = defineFieldType({
  name: 'text',
  label: { en: 'Text', ar: 'نص', he: 'טקסט' },
  kind: 'text',
  settings: textSettings(longest),
  widget: 'text',
  jsonSchema: (field) => textSchema(field, maxLengthOf(field)),
  parse,
  fromText: (cell) => ({ value: cell }),
  check: (field) => [
    ...checkTextSettings(field, maxLengthOf(field)),
    ...((field.unique === true || field.index === true) && maxLengthOf(field) > longestIndexed
      ? [{ pointer: '/maxLength', detail: `An indexed text is at most ${longestIndexed} characters long.` }]
      : []),
  ],
});
