// Values of files: in JSON what the file is, in the table its id and what lists and filters ask of it. The bytes are elsewhere.
import { canonicalOf } from '../conditions/values.ts';
import type { FieldTypeDefinition } from './define-field-type.ts';
import type { FieldIssue, FieldMetadata, JsonSchema, Label } from './field-type.ts';
import { cleanFileName, longestFileName } from './file-name.ts';
import { mediaTypePattern } from './media-types.ts';
import { refused } from './outcome.ts';

interface FilePart {
  readonly label: Label;
  readonly kind: 'id' | 'text' | 'integer';
  readonly type: string;
}

const parts: Readonly<Record<string, FilePart>> = {
  id: { label: { en: 'File', ar: 'الملف', he: 'קובץ' }, kind: 'id', type: 'uuid' },
  name: { label: { en: 'File name', ar: 'اسم الملف', he: 'שם הקובץ' }, kind: 'text', type: 'text' },
  type: { label: { en: 'Media type', ar: 'نوع الوسائط', he: 'סוג המדיה' }, kind: 'text', type: 'text' },
  size: { label: { en: 'Size in bytes', ar: 'الحجم بالبايت', he: 'גודל בבתים' }, kind: 'integer', type: 'integer' },
};
const imageParts: Readonly<Record<string, FilePart>> = {
  ...parts,
  width: { label: { en: 'Width', ar: 'العرض', he: 'רוחב' }, kind: 'integer', type: 'integer' },
  height: { label: { en: 'Height', ar: 'الارتفاع', he: 'גובה' }, kind: 'integer', type: 'integer' },
};

/** Of the column of sizes. */
export const largestFile = 2_147_483_647;

export const fileSettings: Readonly<Record<string, JsonSchema>> = {
  accept: {
    type: 'array',
    items: { type: 'string', pattern: mediaTypePattern },
    minItems: 1,
    maxItems: 50,
    description: 'Media types that are taken, as the bytes show them: "application/pdf", "image/*".',
  },
  maxSize: { type: 'integer', minimum: 1, maximum: largestFile, description: 'Bytes.' },
};

/** The file that is meant, by its id or as it was read; what it is, the repository knows better than whoever sends it. */
function parse(value: unknown, known: Readonly<Record<string, FilePart>>, field: FieldMetadata) {
  const given: unknown = typeof value === 'string' ? { id: value } : value;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return refused('type', 'Expected the file that an upload answered with: {"id": …}.');
  }
  const issues: FieldIssue[] = Object.keys(given)
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => ({
      path: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: 'unknown',
      detail: `A file has ${Object.keys(known).join(', ')}; not this.`,
    }));
  const { id: givenId, name: givenName } = given as { readonly id?: unknown; readonly name?: unknown };
  if (givenId === null || givenId === undefined) {
    if (issues.length > 0) return { issues };
    if (givenName != null) return refused('id', 'Only a file that is there can be renamed.', '/id');
    return field.required === true ? refused('required', 'A value is required.') : { columns: {} };
  }
  const id = canonicalOf(givenId, 'id');
  if (id === undefined) issues.push({ path: '/id', code: 'id', detail: 'Expected the id that an upload answered with.' });
  const name = givenName == null ? null : typeof givenName === 'string' ? cleanFileName(givenName) : undefined;
  if (name === undefined) issues.push({ path: '/name', code: 'file_name', detail: 'This cannot be the name of a file.' });
  return issues.length > 0 ? { issues } : { columns: { _id: id, _name: name } };
}

/** @param image whether its width and height are kept too */
export function fileFaces(image: boolean): Omit<FieldTypeDefinition, 'name' | 'label' | 'settings' | 'widget'> {
  const known = image ? imageParts : parts;
  const names = Object.keys(known);
  return {
    kind: 'json',
    sortable: false,
    parts: Object.fromEntries(
      Object.entries(known).map(([name, { label, kind }]) => [name, { suffix: `_${name}`, kind, label }]),
    ),
    columns: () => Object.entries(known).map(([name, { kind, type }]) => ({ suffix: `_${name}`, type, kind })),
    jsonSchema: () => ({
      type: 'object',
      properties: {
        id: { type: 'string', format: 'uuid' },
        name: { type: ['string', 'null'], maxLength: longestFileName },
        ...Object.fromEntries(
          names.slice(2).map((name) => [name, { type: [name === 'type' ? 'string' : 'integer', 'null'], readOnly: true }]),
        ),
      },
      required: ['id'],
      additionalProperties: false,
    }),
    parse: (value, field) => parse(value, known, field),
    text: (value) => String((value as { readonly name?: unknown }).name ?? ''),
    fromText: () => refused('file', 'A file is uploaded, not imported.'),
    json: (column) => {
      const pairs = names.map((name) => `'${name}', ${column(`_${name}`)}`).join(', ');
      return `CASE WHEN ${column('_id')} IS NOT NULL THEN json_build_object(${pairs}) END`;
    },
    check: (field) => (field.default === undefined ? [] : [{ pointer: '/default', detail: 'A file takes no default.' }]),
  };
}
