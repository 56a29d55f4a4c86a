// Streams the records of a list query as CSV or NDJSON: one page in memory at a time, whatever the number of records.
import { stringify } from 'csv-stringify/sync';
import { currentMember } from '../metadata/aliases.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import type { ListQuery } from '../query/ast.ts';
import type { Context } from '../repository/context.ts';
import type { ListPage, Repository } from '../repository/repository.ts';

export type ExportFormat = 'csv' | 'ndjson';

/** Records read at once. */
const pageSize = 500;

interface ExportColumn {
  /** `name`, `address.city`: what a mapping calls the target. */
  readonly name: string;
  readonly field: string;
  readonly part: string | undefined;
  /** The plain text of a formatted one, beside it. */
  readonly text?: (value: unknown) => string;
}

/** What is exported: which records, in which order and with which fields; the paging of the query is ignored. */
export interface Asked {
  readonly context: Context;
  readonly entity: Entity;
  readonly query: ListQuery;
}

/**
 * Text chunks, one page each.
 * @param again the same question in today's metadata, when a page failed for their having changed; undefined: it did not
 */
export async function* exportRecords(
  repository: Repository,
  asked: Asked,
  format: ExportFormat,
  again?: (error: unknown) => Promise<Asked | undefined>,
): AsyncGenerator<string, void> {
  let now = asked;
  let columns = exportColumns(asked.entity, asked.query.selection.fields);
  let text = format === 'csv' ? stringify([columns.map((column) => column.name)]) : '';
  let after: string | undefined;
  do {
    const page = await pageOf(repository, now, columns, after).catch(async (error: unknown) => {
      const next = await again?.(error);
      if (next === undefined) throw error;
      now = next;
      columns = columns.map((column) => ({ ...column, field: currentMember(next.entity, column.field) }));
      return pageOf(repository, now, columns, after);
    });
    if (page.rows.length > 0) text += format === 'csv' ? csvText(page.rows, columns) : `${page.rows.join('\n')}\n`;
    if (text !== '') yield text;
    text = '';
    after = page.page.hasNext ? (page.page.next ?? undefined) : undefined;
  } while (after !== undefined);
}

function pageOf(
  repository: Repository,
  { context, entity, query }: Asked,
  columns: readonly ExportColumn[],
  after: string | undefined,
): Promise<ListPage> {
  const { offset: _offset, before: _before, after: _after, ...plain } = query;
  // A field that is gone since the first page leaves its cells empty.
  const fields = [...new Set(columns.map((column) => column.field))].filter((name) => entity.fields.has(name));
  return repository.list(context, {
    ...plain,
    selection: { fields, include: [] },
    limit: pageSize,
    count: 'none',
    ...(after === undefined ? {} : { after }),
  });
}

const exportable = (field: Field): boolean => !field.hidden && field.type.secret !== true;

/** Columns are called as they were asked for. */
function exportColumns(entity: Entity, wanted: readonly string[] | null): readonly ExportColumn[] {
  return (wanted ?? [...entity.fields.keys()]).flatMap((as): readonly ExportColumn[] => {
    const field = entity.fields.get(currentMember(entity, as));
    if (field === undefined || !exportable(field)) return [];
    const { parts, text } = field.type;
    if (parts !== undefined) return Object.keys(parts).map((part) => ({ name: `${as}.${part}`, field: field.name, part }));
    const whole = { name: as, field: field.name, part: undefined };
    if (text === undefined) return [whole];
    // The field itself comes back by an import; its text is for people and spreadsheets.
    return [whole, { ...whole, name: `${as}.text`, text: (value) => text(value, field.meta) }];
  });
}

/** Cells that a spreadsheet would run as a formula get a leading quote; imports take it off again. */
function csvText(rows: readonly string[], columns: readonly ExportColumn[]): string {
  const lines = rows.map((row) => {
    const record = JSON.parse(row) as Readonly<Record<string, unknown>>;
    return columns.map(({ field, part, text }) => {
      const value = record[field] ?? null;
      return text === undefined || value === null ? cellOf(value, part) : text(value);
    });
  });
  return stringify(lines, { escape_formulas: true });
}

function cellOf(value: unknown, part: string | undefined): string {
  if (value === null || value === undefined) return '';
  if (part !== undefined) return cellOf((value as Readonly<Record<string, unknown>>)[part], undefined);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(';');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
