// rating: one to `max` stars.
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { accepted, refused } from './outcome.ts';

const most = (field: FieldMetadata): number => (field.max === undefined ? 5 : Number(field.max));

export const rating: FieldType = defineFieldType({
  name: 'rating',
  label: { en: 'Rating', ar: 'تقييم', he: 'דירוג' },
  kind: 'integer',
  settings: { max: { type: 'integer', minimum: 2, maximum: 10 } },
  widget: 'rating',
  column: 'integer',
  jsonSchema: (field) => ({ type: 'integer', minimum: 1, maximum: most(field) }),
  parse: (value, field) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most(field)
      ? accepted(value)
      : refused('rating', `Expected a whole number from 1 to ${most(field)}.`),
  fromText: (cell) => {
    const text = cell.trim();
    return /^\d{1,2}$/.test(text) ? { value: Number(text) } : refused('number', `"${cell}" is not a whole number.`);
  },
});
