// color: #rrggbb.
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';

const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/;

export const color: FieldType = defineFieldType({
  name: 'color',
  label: { en: 'Colour', ar: 'لون', he: 'צבע' },
  kind: 'text',
  settings: {},
  widget: 'color',
  jsonSchema: () => ({ type: 'string', pattern: '^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$' }),
  parse: (value) => {
    const full = typeof value === 'string' ? value.toLowerCase().replace(short, '#$1$1$2$2$3$3') : '';
    return /^#[0-9a-f]{6}$/.test(full) ? accepted(full) : refused('color', 'Expected a colour like "#1c7ed6".');
  },
  fromText: (cell) => ({ value: cell.trim() }),
});
