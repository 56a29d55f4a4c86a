// multiSelect: any of several options, each once, in the order given.
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { checkOptions, optionFromText, optionIssue, optionSchemaOf, optionSettings } from './options.ts';
import { accepted, refused } from './outcome.ts';
import { readText } from './text-value.ts';

const mostItems = 500;

function parse(value: unknown, field: FieldMetadata) {
  if (!Array.isArray(value)) return refused('type', 'Expected a list of options.');
  if (value.length > mostItems) return refused('max_items', `At most ${mostItems} options.`);
  const chosen = new Set<string>();
  const issues = value.flatMap((item, at) => {
    const path = `/${at}`;
    const read = readText(item);
    if ('issues' in read) return read.issues.map((issue) => ({ ...issue, path }));
    chosen.add(read.text);
    return optionIssue(read.text, field, path)?.issues ?? [];
  });
  if (issues.length > 0) return { issues };
  if (chosen.size === 0 && field.required === true) return refused('required', 'Choose at least one option.');
  return accepted([...chosen]);
}

export const multiSelect: FieldType = defineFieldType({
  name: 'multiSelect',
  label: { en: 'Several choices', ar: 'اختيارات متعددة', he: 'כמה בחירות' },
  kind: 'set',
  settings: optionSettings,
  widget: 'multiSelect',
  sortable: false,
  column: 'text[]',
  jsonSchema: (field) => ({ type: 'array', items: optionSchemaOf(field), maxItems: mostItems }),
  parse,
  fromText: (cell, field, format) => ({
    value: cell
      .trim()
      .split(format.listSeparator ?? ';')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => optionFromText(part, field)),
  }),
  json: (column) => `to_json(${column('')})`,
  check: checkOptions,
});
