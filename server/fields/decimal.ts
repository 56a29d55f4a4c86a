// decimal: an exact decimal number.
import { decimalFaces } from './decimal-value.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';

export const decimal: FieldType = defineFieldType({
  ...decimalFaces({ precision: 19, scale: 4 }),
  name: 'decimal',
  label: { en: 'Decimal number', ar: 'عدد عشري', he: 'מספר עשרוני' },
  widget: 'decimal',
});
