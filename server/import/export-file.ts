// Streams the records of a list query as CSV or NDJSON: one page in memory at a time, whatever the number of records.
import { stringify } from 'csv-stringify/sync';
import type { Entity, Field } from '../metadata/registry.ts';
import type { ListQuery } from '../query/ast.ts';
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';

export type ExportFormat = 'csv' | 'ndjson';

/** Records read at once. */
const pageSize = 500;

interface ExportColumn {
  /** `name`, `address.city`: what a mapping calls the target. */
  readonly name: string;
  readonly field: string;
  readonly part: string | undefined;
}

/** Text chunks, one page each. `query` says which records, in which order and with which fields; its paging is ignored. */
export async function* exportRecords(
  repository: Repository,
  context: Context,
  entity: Entity,
  query: ListQuery,
  format: ExportFormat,
): AsyncGenerator<string, void> {
  const columns = exportColumns(entity, query.selection.fields);
  const selection = { fields: [...new Set(columns.map((column) => column.field))], include: [] };
  if (format === 'csv') yield stringify([columns.map((column) => column.name)]);
  let after: string | undefined;
  do {
    const { offset: _offset, before: _before, after: _after, ...plain } = query;
    const page = await repository.list(context, {
      ...plain,
      selection,
      limit: pageSize,
      count: 'none',
      ...(after === undefined ? {} : { after }),
    });
    if (page.rows.length > 0) yield format === 'csv' ? csvText(page.rows, columns) : `${page.rows.join('\n')}\n`;
    after = page.page.hasNext ? (page.page.next ?? undefined) : undefined;
  } while (after !== undefined);
}

const exportable = (field: Field): boolean => !field.hidden && field.type.secret !== true;

function exportColumns(entity: Entity, wanted: readonly string[] | null): readonly ExportColumn[] {
  const fields = (wanted ?? [...entity.fields.keys()]).flatMap((name) => entity.fields.get(name) ?? []).filter(exportable);
  return fields.flatMap((field) => {
    const parts = field.type.parts === undefined ? [undefined] : Object.keys(field.type.parts);
    return parts.map((part) => ({
      name: part === undefined ? field.name : `${field.name}.${part}`,
      field: field.name,
      part,
    }));
  });
}

/** Cells that a spreadsheet would run as a formula get a leading quote; imports take it off again. */
function csvText(rows: readonly string[], columns: readonly ExportColumn[]): string {
  const lines = rows.map((row) => {
    const record = JSON.parse(row) as Readonly<Record<string, unknown>>;
    return columns.map(({ field, part }) => cellOf(record[field], part));
  });
  return stringify(lines, { escape_formulas: true });
}

function cellOf(value: unknown, part: string | undefined): string {
  if (value === null || value === undefined) return '';
  if (part !== undefined) return cellOf((value as Readonly<Record<string, unknown>>)[part], undefined);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(';');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
