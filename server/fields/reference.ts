// reference: the id of a record of another entity; belongsTo relations bring these fields.
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { uuidFaces } from './uuid-value.ts';

export const reference: FieldType = defineFieldType({
  ...uuidFaces,
  name: 'reference',
  label: { en: 'Reference', ar: 'مرجع', he: 'הפניה' },
  settings: {},
  widget: 'lookup',
});
