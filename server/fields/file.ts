// file: any file, within the media types and the size that the field takes.
import { defineFieldType } from './define-field-type.ts';
import type { FieldType } from './field-type.ts';
import { fileFaces, fileSettings } from './file-value.ts';

export const file: FieldType = defineFieldType({
  ...fileFaces(false),
  name: 'file',
  label: { en: 'File', ar: 'ملف', he: 'קובץ' },
  settings: fileSettings,
  widget: 'file',
});
