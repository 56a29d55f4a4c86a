// percent: a percentage as people write it, 12.5 for 12.5 %.
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

const shape = (field: FieldMetadata) => shapeOf(field, { precision: 9, scale: 4 });

export const percent: FieldType = defineFieldType({
  name: 'percent',
  label: { en: 'Percent', ar: 'نسبة مئوية' },
  kind: 'decimal',
  settings: decimalSettings,
  widget: 'percent',
  columns: (field) => decimalColumns(shape(field)),
  jsonSchema: (field) => decimalSchema(field, shape(field)),
  parse: (value, field) => parseDecimal(value, field, shape(field)),
  fromText: (cell, _field, format) => decimalFromText(cell, format),
  json: decimalJson,
  check: (field) => checkDecimalSettings(field, shape(field)),
});
