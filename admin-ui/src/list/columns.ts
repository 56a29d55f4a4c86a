// Which columns a list shows: those of its default view, else the name and the first fields worth seeing.
import type { MetaDocument, MetaEntity, MetaField, MetaView } from '../../../server/forms/meta-document.ts';

const neverByDefault: ReadonlySet<string> = new Set([
  'json',
  'longText',
  'address',
  'geolocation',
  'secret',
  'currency',
  'color',
]);
const defaultColumnCount = 6;

export const defaultView = (metadata: MetaDocument, entity: string): MetaView | undefined => {
  const views = metadata.views.filter((view) => view.entity === entity);
  return views.find((view) => view.default) ?? views[0];
};

/** A column name is a field, or a to-one relation, which stands for its reference field. */
export function columnField(entity: MetaEntity, name: string): MetaField | undefined {
  if (Object.hasOwn(entity.fields, name)) return entity.fields[name];
  const reference = Object.hasOwn(entity.relations, name) ? entity.relations[name]?.field : undefined;
  return reference === undefined ? undefined : entity.fields[reference];
}

export function columnsOf(entity: MetaEntity, names: readonly string[] | undefined): readonly MetaField[] {
  const chosen = (names ?? []).flatMap((name) => columnField(entity, name) ?? []);
  if (chosen.length > 0) return chosen;
  const shown = new Set(entity.display.nameFields);
  const further = Object.values(entity.fields).filter(
    (field) => !field.system && !field.secret && !shown.has(field.name) && !neverByDefault.has(field.type),
  );
  const name = entity.fields['display_name'];
  const changed = entity.fields['updated_at'];
  return [
    ...(name === undefined ? [] : [name]),
    ...further.slice(0, defaultColumnCount),
    ...(changed === undefined ? [] : [changed]),
  ];
}

/** Query parameters that bring exactly what the columns show. */
export function selectionOf(
  entity: MetaEntity,
  columns: readonly MetaField[],
): { readonly fields: string; readonly include: string } {
  const fields = new Set(['id', 'display_name', ...columns.map((column) => column.name)]);
  for (const column of columns) if (column.currencyField !== undefined) fields.add(column.currencyField);
  const include = new Set(columns.flatMap((column) => column.relation ?? []));
  return {
    fields: [...fields].filter((name) => Object.hasOwn(entity.fields, name)).join(','),
    include: [...include].join(','),
  };
}

const widths: Readonly<Record<string, number>> = {
  boolean: 96,
  color: 110,
  date: 132,
  dateTime: 190,
  decimal: 120,
  email: 240,
  integer: 104,
  money: 150,
  multiSelect: 200,
  percent: 104,
  phone: 165,
  rating: 104,
  select: 150,
  time: 104,
};

/** Width of a column in px, by what it holds. */
export const widthOf = (field: MetaField): number => (field.name === 'display_name' ? 240 : (widths[field.type] ?? 190));
