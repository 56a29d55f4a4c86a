// percent: a percentage as people write it, 12.5 for 12.5 %.
import { decimalFaces } from './decimal-value.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';

export const percent: FieldType = defineFieldType({
  ...decimalFaces({ precision: 9, scale: 4 }),
  name: 'percent',
  label: { en: 'Percent', ar: 'نسبة مئوية', he: 'אחוז' },
  widget: 'percent',
});
