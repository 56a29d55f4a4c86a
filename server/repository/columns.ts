// The columns of a field by their names in force: during a change of type these are not the field's name and a suffix.
import type { Entity, Field } from '../metadata/registry.ts';
import { quoted } from './statement.ts';

/** The name of a column that a field stores its value (or the part of that suffix) in. */
export const columnName = (field: Field, suffix = ''): string =>
  [...field.columns, ...(field.kept ?? [])].find((column) => column.suffix === suffix)?.name ?? `${field.name}${suffix}`;

/** `alias."column"` by suffix, as field types ask for it. */
export const columnOf =
  (field: Field, alias: string): ((suffix: string) => string) =>
  (suffix) =>
    `${alias}.${quoted(columnName(field, suffix))}`;

/** Plain values by field name → by column, for fields of one column. */
export const columnValues = (entity: Entity, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const field = entity.fields.get(name);
      return [field === undefined ? name : columnName(field), value];
    }),
  );
