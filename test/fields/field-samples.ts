// What the tests of field types share: fields with an id and a label, and reading with a plain record around.
import type { FieldMetadata, FieldType, ParseContext } from '../../server/fields/field-type.ts';
import { fieldTypes } from '../../server/fields/index.ts';

export const fieldOf = (type: string, settings: Readonly<Record<string, unknown>> = {}): FieldMetadata => ({
  id: `fld_${type}`,
  type,
  label: { en: 'Field', ar: 'حقل' },
  ...settings,
});

export const typeOf = (name: string): FieldType => {
  const type = fieldTypes.get(name);
  if (type === undefined) throw new Error(`There is no field type ${name}`);
  return type;
};

export const contextOf = (record: Readonly<Record<string, unknown>> = {}): ParseContext => ({
  defaultRegion: 'US',
  baseCurrency: 'USD',
  value: (path) => record[path],
});

/** The column values, or the issues as `path code`. */
export async function read(
  type: string,
  value: unknown,
  settings: Readonly<Record<string, unknown>> = {},
  record: Readonly<Record<string, unknown>> = {},
) {
  const parsed = await typeOf(type).parse(value, fieldOf(type, settings), contextOf(record));
  if ('issues' in parsed) return parsed.issues.map(({ path, code }) => `${path} ${code}`.trim());
  return Object.keys(parsed.columns).join() === '' ? parsed.columns[''] : parsed.columns;
}

export const stages = [
  { value: 'new', label: { en: 'New', ar: 'جديد' } },
  { value: 'won', label: { en: 'Closed won', ar: 'تم الفوز' } },
  { value: 'old', label: { en: 'Old' }, active: false },
];
