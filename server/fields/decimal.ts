// decimal: an exact decimal number.
import {
  checkDecimalSettings,
  decimalColumns,
  decimalFromText,
  decimalJson,
  decimalSchema,
  decimalSettings,
  parseDecimal,
  shapeOf,
} from './decimal-value.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';

const shape = (field: FieldMetadata) => shapeOf(field, { precision: 19, scale: 4 });

export const decimal: FieldType = defineFieldType({
  name: 'decimal',
  label: { en: 'Decimal number', ar: 'عدد عشري' },
  kind: 'decimal',
  settings: decimalSettings,
  widget: 'decimal',
  columns: (field) => decimalColumns(shape(field)),
  jsonSchema: (field) => decimalSchema(field, shape(field)),
  parse: (value, field) => parseDecimal(value, field, shape(field)),
  fromText: (cell, _field, format) => decimalFromText(cell, format),
  json: decimalJson,
  check: (field) => checkDecimalSettings(field, shape(field)),
});
