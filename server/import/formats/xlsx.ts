// XLSX: reads the first sheet of a workbook row by row, and writes one, neither of them whole in memory.
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { streamXlsxRows, writeXlsxStream } from 'hucre/xlsx';
import { problem } from '../../problem.ts';
import { headerOf } from './header.ts';
import type { Cell, FileRow, RowFile } from './row-file.ts';

type Value = string | number | boolean | Date | null;

/** Bytes of the workbook's parts beside the sheet that may be held, the table of its texts above all. */
const largest = 200 * 1024 * 1024;

/**
 * The first row that has anything names the columns; of formulas the value counts that the file keeps with them.
 * @throws problem `validation_failed` when it is no workbook (also while `rows` is read), or has no header
 */
export async function readXlsx(source: AsyncIterable<Buffer | string>): Promise<RowFile> {
  const rows = readRows(source);
  const first = await rows.next();
  if (first.done === true) throw malformed('The first sheet is empty; its first row must name the columns.');
  const header = headerOf(first.value.cells);
  return { header, rows: padded(rows, header.length) };
}

async function* readRows(source: AsyncIterable<Buffer | string>): AsyncGenerator<FileRow, void> {
  // A web stream of bytes; the types of the platform's and of the library's name the same thing.
  const stream = Readable.toWeb(Readable.from(source)) as ReadableStream<Uint8Array>;
  try {
    for await (const { index, values } of streamXlsxRows(stream as never, { sheet: 0, maxInputBytes: largest })) {
      const cells = (values as readonly Value[]).map(cellOf);
      if (cells.some((cell) => cell !== '')) yield { row: index + 1, cells };
    }
  } catch (error) {
    if (!isOfTheFile(error)) throw error;
    throw problem('validation_failed', { detail: 'The file is not an XLSX workbook that can be read.', cause: error });
  }
}

/** Empty cells at the end of a row are not in the file; cells beyond the header stay, and are reported. */
async function* padded(rows: AsyncGenerator<FileRow, void>, width: number): AsyncGenerator<FileRow, void> {
  for await (const { row, cells } of rows) {
    const trimmed = cells.slice(0, Math.max(width, cells.findLastIndex((cell) => cell !== '') + 1));
    yield { row, cells: [...trimmed, ...Array<Cell>(Math.max(0, width - trimmed.length)).fill('')] };
  }
}

/** A date has no zone: its wall time is what the mapping's zone is for. */
function cellOf(value: Value | undefined): Cell {
  if (value === null || value === undefined) return '';
  if (!(value instanceof Date)) return value;
  if (Number.isNaN(value.getTime())) return '';
  const text = value.toISOString().slice(0, -1);
  return text.endsWith('T00:00:00.000') ? text.slice(0, 10) : text;
}

/** The library throws errors of its own for what is wrong with a file, and plain ones where its parts contradict each other. */
const isOfTheFile = (error: unknown): boolean => error instanceof Error && !('status' in error) && !('errno' in error);

const malformed = (detail: string) => problem('validation_failed', { detail });

/** Excel takes no longer text in a cell. */
const longestText = 32_767;

/** Chunks of a workbook with one sheet. Texts stay texts: nothing in it is a formula. */
export async function* writeXlsx(
  rows: AsyncIterable<readonly (string | number | boolean | null)[]>,
  name: string,
): AsyncGenerator<Buffer, void> {
  const sheet = writeXlsxStream(written(rows), { name: name.slice(0, 31), freezePane: { rows: 1 } });
  for await (const chunk of Readable.fromWeb(sheet as never)) yield Buffer.from(chunk as Uint8Array);
}

async function* written(rows: AsyncIterable<readonly (string | number | boolean | null)[]>): AsyncGenerator<Value[]> {
  for await (const row of rows) yield row.map((value) => (typeof value === 'string' ? escaped(value) : value));
}

/**
 * `_x0041_` in a workbook means A (ECMA-376, 22.9.2.19): a text that looks so says that it does not.
 * @throws problem `validation_failed` rather than that a part of the text is lost
 */
function escaped(text: string): string {
  if (text.length > longestText)
    throw malformed(
      `A value has ${text.length} characters; a cell of a workbook holds ${longestText}. Export it as CSV or NDJSON.`,
    );
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}
