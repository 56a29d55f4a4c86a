// What the address of a list says: quick search, sort, filters. Whatever stands there, the page opens.

/** One condition of the filter bar; `value` as text, or several texts for operators that take a list or a range. */
export interface FilterRow {
  readonly field: string;
  /** Alias from the operator table: `eq`, `contains` … */
  readonly op: string;
  readonly value: string | readonly string[];
}

export interface ListSearch {
  readonly q?: string;
  /** `name` or `-name` */
  readonly sort?: string;
  readonly where?: readonly FilterRow[];
}

const isText = (value: unknown): value is string => typeof value === 'string';

function filterRow(value: unknown): FilterRow[] {
  if (typeof value !== 'object' || value === null) return [];
  const row = value as Partial<Record<keyof FilterRow, unknown>>;
  if (!isText(row.field) || !isText(row.op)) return [];
  if (isText(row.value)) return [{ field: row.field, op: row.op, value: row.value }];
  return Array.isArray(row.value) ? [{ field: row.field, op: row.op, value: row.value.filter(isText) }] : [];
}

export function parseListSearch(search: Readonly<Record<string, unknown>>): ListSearch {
  const { q, sort, where } = search;
  const rows = Array.isArray(where) ? where.flatMap(filterRow) : [];
  return {
    ...(q === undefined || q === '' ? {} : { q: String(q) }),
    ...(isText(sort) && sort !== '' ? { sort } : {}),
    ...(rows.length === 0 ? {} : { where: rows }),
  };
}
