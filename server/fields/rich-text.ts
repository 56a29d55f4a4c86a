// richText: formatted text as HTML, sanitised whenever it is written; lengths are those of the text that readers see.
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { htmlOfText, sanitizedHtml, textOfHtml } from './html.ts';
import { accepted, refused } from './outcome.ts';
import { readText, textIssue, textSettings } from './text-value.ts';

const defaultLength = 32_000;
const longest = 200_000;
/** Of the HTML, before and after it is sanitised. */
const longestHtml = 1_000_000;

function parse(value: unknown, field: FieldMetadata) {
  const read = readText(value);
  if ('issues' in read) return read;
  if (read.text.length > longestHtml) return refused('max_length', `At most ${longestHtml} characters of HTML.`);
  const html = sanitizedHtml(read.text);
  const text = textOfHtml(html);
  if (text === '') return field.required === true ? refused('required', 'A value is required.') : accepted(null);
  if (html.length > longestHtml) return refused('max_length', `At most ${longestHtml} characters of HTML.`);
  const lengths = { minLength: field.minLength, maxLength: field.maxLength ?? defaultLength };
  return textIssue(text, lengths) ?? accepted(html);
}

export const richText: FieldType = defineFieldType({
  name: 'richText',
  label: { en: 'Formatted text', ar: 'نص منسق', he: 'טקסט מעוצב' },
  kind: 'text',
  settings: { minLength: textSettings(longest)['minLength'] ?? {}, maxLength: textSettings(longest)['maxLength'] ?? {} },
  widget: 'richText',
  sortable: false,
  // No other type has this column type: tables/conversions.ts knows by it that text must become HTML, never pass for it.
  column: 'character varying',
  jsonSchema: () => ({ type: 'string', contentMediaType: 'text/html', maxLength: longestHtml }),
  parse,
  text: (value) => textOfHtml(String(value)),
  /** A cell with a tag is HTML, any other is plain text. */
  fromText: (text) => ({ value: /<\/?[a-z][^>]*>/i.test(text) ? text : htmlOfText(text) }),
  check: (field) => {
    const { minLength = 0, maxLength = defaultLength, default: initial } = field;
    const found = [];
    if (minLength > maxLength)
      found.push({ pointer: '/minLength', detail: `minLength ${minLength} is more than maxLength ${maxLength}.` });
    for (const setting of ['unique', 'index'] as const)
      if (field[setting] === true)
        found.push({ pointer: `/${setting}`, detail: 'A formatted text cannot be indexed; use the type text.' });
    // A default goes into the table as it stands.
    if (typeof initial === 'string' && sanitizedHtml(initial) !== initial)
      found.push({ pointer: '/default', detail: `This is kept as ${JSON.stringify(sanitizedHtml(initial))}; write it so.` });
    return found;
  },
});
