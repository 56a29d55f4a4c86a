// Streams the records of a list query as a file: one page in memory at a time, whatever the number of records.
import { currentMember } from '../metadata/aliases.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { ListQuery } from '../query/ast.ts';
import type { Context } from '../repository/context.ts';
import type { ListPage, Repository } from '../repository/repository.ts';
import { csvText } from './formats/csv.ts';
import type { FileFormat } from './formats/row-file.ts';
import { writeXlsx } from './formats/xlsx.ts';

/** Records read at once. */
const pageSize = 500;

interface ExportColumn {
  /** `name`, `address.city`: what a mapping calls the target. */
  readonly name: string;
  readonly field: string;
  readonly part: string | undefined;
  readonly kind: Field['type']['kind'];
  /** The plain text of a formatted one, beside it. */
  readonly text?: (value: unknown) => string;
}

/** What is exported: which records, in which order and with which fields; the paging of the query is ignored. */
export interface Asked {
  readonly context: Context;
  readonly entity: Entity;
  readonly query: ListQuery;
}

export interface ExportWatch {
  /** The same question in today's metadata, when a page failed for their having changed; undefined: it did not. */
  readonly again?: (error: unknown) => Promise<Asked | undefined>;
  /** After each page, how many records there were so far. */
  readonly onPage?: (records: number) => Promise<void> | void;
}

interface Page {
  readonly columns: readonly ExportColumn[];
  /** JSON texts. */
  readonly rows: readonly string[];
}

/** Chunks of the file. @throws problem `forbidden` for more records than the caller's roles let out at once */
export async function* exportFile(
  repository: Repository,
  asked: Asked,
  format: FileFormat,
  watch: ExportWatch = {},
): AsyncGenerator<string | Buffer, void> {
  await refuseTooMany(repository, asked);
  const pages = pagesOf(repository, asked, watch);
  if (format === 'xlsx') yield* writeXlsx(xlsxRows(pages, asked), asked.entity.name);
  else if (format === 'ndjson') yield* ndjsonText(pages);
  else yield* csvChunks(pages, asked);
}

/** A part of what was asked for would pass for the whole. */
async function refuseTooMany(repository: Repository, { context, entity, query }: Asked): Promise<void> {
  const most = context.actor.exportLimit(entity.name);
  if (most === undefined) return;
  const selection = { fields: ['id'], include: [] };
  const { page } = await repository.list(context, { ...query, selection, limit: 1, count: 'exact' });
  const total = page.total ?? 0;
  if (total <= most) return;
  throw problem('forbidden', {
    detail: `Your roles let out ${most} records at once, and these are ${total}: export them in parts, by a filter.`,
  });
}

async function* pagesOf(repository: Repository, asked: Asked, { again, onPage }: ExportWatch): AsyncGenerator<Page, void> {
  let now = asked;
  let columns = exportColumns(asked.entity, asked.query.selection.fields);
  let after: string | undefined;
  let records = 0;
  do {
    const page = await pageOf(repository, now, columns, after).catch(async (error: unknown) => {
      const next = await again?.(error);
      if (next === undefined) throw error;
      now = next;
      columns = columns.map((column) => ({ ...column, field: currentMember(next.entity, column.field) }));
      return pageOf(repository, now, columns, after);
    });
    records += page.rows.length;
    yield { columns, rows: page.rows };
    await onPage?.(records);
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
    const { parts, text, kind } = field.type;
    if (parts !== undefined)
      return Object.keys(parts).map((part) => ({ name: `${as}.${part}`, field: field.name, part, kind: 'text' as const }));
    const whole = { name: as, field: field.name, part: undefined, kind };
    if (text === undefined) return [whole];
    // The field itself comes back by an import; its text is for people and spreadsheets.
    return [whole, { ...whole, name: `${as}.text`, text: (value) => text(value, field.meta) }];
  });
}

async function* csvChunks(pages: AsyncGenerator<Page, void>, { entity, query }: Asked): AsyncGenerator<string, void> {
  let text = csvText([exportColumns(entity, query.selection.fields).map(({ name }) => name)]);
  for await (const { columns, rows } of pages) {
    yield text + csvText(rows.map((row) => textsOf(row, columns)));
    text = '';
  }
}

async function* ndjsonText(pages: AsyncGenerator<Page, void>): AsyncGenerator<string, void> {
  for await (const { rows } of pages) if (rows.length > 0) yield `${rows.join('\n')}\n`;
}

/** Numbers are numbers where a spreadsheet keeps all their digits; dates stay in the one writing that everybody reads. */
async function* xlsxRows(
  pages: AsyncGenerator<Page, void>,
  { entity, query }: Asked,
): AsyncGenerator<readonly (string | number | null)[], void> {
  yield exportColumns(entity, query.selection.fields).map(({ name }) => name);
  for await (const { columns, rows } of pages) {
    for (const row of rows) {
      yield textsOf(row, columns).map((text, at) => {
        if (text === '') return null;
        return isNumber(columns[at]) && exactly(text) ? Number(text) : text;
      });
    }
  }
}

const isNumber = (column?: ExportColumn): boolean => column?.kind === 'integer' || column?.kind === 'decimal';

/** Excel keeps fifteen digits. */
const exactly = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text) && text.replace(/\D/g, '').length <= 15;

function textsOf(row: string, columns: readonly ExportColumn[]): readonly string[] {
  const record = JSON.parse(row) as Readonly<Record<string, unknown>>;
  return columns.map(({ field, part, kind, text }) => {
    const value = record[field] ?? null;
    if (value !== null && kind === 'json' && part === undefined) return JSON.stringify(value);
    return text === undefined || value === null ? textOf(value, part) : text(value);
  });
}

function textOf(value: unknown, part: string | undefined): string {
  if (value === null || value === undefined) return '';
  if (part !== undefined) return textOf((value as Readonly<Record<string, unknown>>)[part], undefined);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(';');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
