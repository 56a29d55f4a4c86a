// Which columns a list shows: those of its default view, else the name and the first fields worth seeing.
import type { MetaDocument, MetaEntity, MetaField, MetaView } from '../../../server/forms/meta-document.ts';

const neverByDefault: ReadonlySet<string> = new Set([
  'json',
  'longText',
  'richText',
  'address',
  'geolocation',
  'secret',
  'currency',
  'color',
]);
const defaultColumnCount = 6;

export const defaultView = (metadata: MetaDocument, entity: string): MetaView | undefined => {
  const views = metadata.views.filter((view) => view.entity === entity && view.type === 'list');
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

/** By type: the least a column needs in px, and what it takes when there is room. */
const widths: Readonly<Record<string, readonly [least: number, usual: number]>> = {
  boolean: [80, 96],
  color: [104, 110],
  date: [116, 132],
  dateTime: [176, 190],
  decimal: [96, 120],
  duration: [96, 120],
  email: [150, 230],
  integer: [80, 104],
  longText: [140, 400],
  money: [128, 150],
  multiSelect: [140, 200],
  percent: [80, 104],
  phone: [144, 165],
  rating: [80, 104],
  richText: [140, 400],
  select: [112, 150],
  time: [80, 104],
};
const otherwise = [110, 190] as const;
/** The name leads to the record: it keeps more than the others, and gets what they leave. */
const nameWidth = [208, 280] as const;
/** Of the header's 13 px letters and the badge's 12 px ones; padding beside them, and the arrow of a sortable header. */
const headerLetter = 7;
const badgeLetter = 7;
const padding = 26;
const arrow = 20;
const badgeEnds = 18;
const widestByText = 190;
const widestByOptions = 168;

export interface ColumnWidth {
  readonly least: number;
  readonly usual: number;
}

/**
 * @param isName whether it is the first column, with the whole name of the record
 * @param header the label in the reader's language
 * @param options the labels of a select's options in the reader's language
 */
export function widthOf(field: MetaField, isName: boolean, header: string, options: readonly string[] = []): ColumnWidth {
  const [least, usual] = isName ? nameWidth : (widths[field.type] ?? otherwise);
  const sortable = field.sortable && field.relation === undefined;
  const forHeader = Math.min(widestByText, header.length * headerLetter + padding + (sortable ? arrow : 0));
  const longest = Math.max(0, ...options.map((option) => option.length));
  const forOptions = longest === 0 ? 0 : longest * badgeLetter + padding + badgeEnds;
  const needed = Math.ceil(Math.max(least, forHeader, Math.min(widestByOptions, forOptions)));
  return { least: needed, usual: Math.max(needed, forOptions > 0 ? Math.min(widestByText, forOptions) : usual) };
}

/** The least width of the table in px; and for every column but the first, which takes what is left, a CSS width. */
export function layOut(widths: readonly ColumnWidth[]): { readonly least: number; readonly columns: readonly string[] } {
  const [name, ...others] = widths;
  const least = others.reduce((sum, width) => sum + width.least, 0);
  const growth = others.reduce((sum, width) => sum + width.usual - width.least, 0);
  const columns = others.map((width) => {
    if (width.usual === width.least) return `${width.least}px`;
    // First the name gets its usual width, then the others grow from their least to their usual, all in step.
    const share = ((width.usual - width.least) / growth).toFixed(3);
    const free = `100cqi - ${least + (name?.usual ?? 0)}px`;
    return `clamp(${width.least}px, ${width.least}px + (${free}) * ${share}, ${width.usual}px)`;
  });
  return { least: least + (name?.least ?? 0), columns };
}
