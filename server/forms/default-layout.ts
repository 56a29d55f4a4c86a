// The layout of an entity that has none: all its fields, its related records, its history.
import { type Entity, isToMany } from '../metadata/registry.ts';
import type { Label, LayoutTab } from '../metadata/types.ts';

export const titles = {
  details: { en: 'Details', ar: 'التفاصيل', he: 'פרטים' },
  related: { en: 'Related', ar: 'السجلات المرتبطة', he: 'רשומות קשורות' },
  history: { en: 'History', ar: 'السجل', he: 'היסטוריה' },
  more: { en: 'Further fields', ar: 'حقول أخرى', he: 'שדות נוספים' },
} satisfies Record<string, Label>;

/** Types that need the whole width. */
const wide: ReadonlySet<string> = new Set([
  'longText',
  'richText',
  'address',
  'personName',
  'geolocation',
  'json',
  'file',
  'image',
]);

type Cell = { readonly field: string; readonly span?: number };

/** Two fields a row; a wide one has its own. */
function pairs(entity: Entity): readonly (readonly Cell[])[] {
  const rows: Cell[][] = [];
  let open: Cell[] | undefined;
  const implied = impliedFields(entity);
  for (const field of entity.fields.values()) {
    if (field.system || field.hidden || implied.has(field.name)) continue;
    if (wide.has(field.type.name)) {
      rows.push([{ field: field.name, span: 2 }]);
      open = undefined;
    } else if (open === undefined) {
      open = [{ field: field.name }];
      rows.push(open);
    } else {
      open.push({ field: field.name });
      open = undefined;
    }
  }
  return rows;
}

/** Flat fields that another field draws beside itself: the currency of an amount. */
export function impliedFields(entity: Entity): ReadonlySet<string> {
  const names = [...entity.fields.values()].flatMap((field) =>
    Object.keys(field.type.implied?.(field.meta) ?? {}).map((suffix) => `${field.name}${suffix}`),
  );
  return new Set(names);
}

export function defaultTabs(entity: Entity): readonly LayoutTab[] {
  const related = [...entity.relations.values()].filter(isToMany).map((relation) => ({ relation: relation.name, columns: [] }));
  return [
    {
      id: 'details',
      label: titles.details,
      sections: [{ id: 'fields', label: titles.details, columns: 2, rows: pairs(entity) }],
    },
    ...(related.length === 0 ? [] : [{ id: 'related', label: titles.related, relatedLists: related }]),
    { id: 'history', label: titles.history, panel: 'audit' },
  ];
}
