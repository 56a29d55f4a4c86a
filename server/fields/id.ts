// id: a uuid of the engine itself (record ids, correlation ids); not for entity files.
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { uuidFaces } from './uuid-value.ts';

export const id: FieldType = defineFieldType({
  ...uuidFaces,
  name: 'id',
  label: { en: 'Id', ar: 'المعرّف', he: 'מזהה' },
  settings: {},
  widget: 'readOnly',
});
