// Reads a CSV file row by row: strict quotes, strict UTF-8, bounded rows, each with its number.
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { problem } from '../../problem.ts';
import { decodedUtf8 } from './decoded.ts';
import { neutralised, restored } from './formula-cells.ts';
import { headerOf } from './header.ts';
import { type FileRow, longestRow, type RowFile } from './row-file.ts';

/**
 * @throws problem `validation_failed` when the text is not UTF-8 or not CSV (also while `rows` is read), or has no header
 */
export async function readCsv(source: AsyncIterable<Buffer | string>, delimiter = ','): Promise<RowFile> {
  const parser = Readable.from(decodedUtf8(source)).compose(
    parse({
      bom: true,
      delimiter,
      // Rows of another length are reported one by one; they must not end the import.
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: longestRow,
      info: true,
    }),
  );
  const rows = readRows(parser as AsyncIterable<Parsed>);
  const first = await rows.next();
  if (first.done === true) throw malformed('The file is empty; its first row must name the columns.');
  return { header: headerOf(first.value.cells), rows };
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly records: number; readonly empty_lines: number };
}

async function* readRows(parser: AsyncIterable<Parsed>): AsyncGenerator<FileRow, void> {
  try {
    for await (const { record, info } of parser) yield { row: info.records + info.empty_lines, cells: record.map(restored) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw malformed(
      `The file is not valid CSV near line ${String(error['lines'])}: ${sentences[error.code] ?? 'its quotes do not match'}.`,
    );
  }
}

const sentences: Readonly<Partial<Record<string, string>>> = {
  CSV_MAX_RECORD_SIZE: 'a row is longer than 1 MiB',
  CSV_QUOTE_NOT_CLOSED: 'a quoted cell is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'a quoted cell goes on after its closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands inside a cell that is not quoted',
};

const malformed = (detail: string) => problem('validation_failed', { detail });

const delimiters = [',', ';', '\t', '|'];

/** The separator that the header has most of, outside of quotes; a comma where it has none. */
export function delimiterOf(text: string): string {
  const [line = ''] = text.replace(/"(?:[^"]|"")*"/g, '').split(/[\r\n]/, 1);
  const count = (delimiter: string): number => line.split(delimiter).length;
  return delimiters.reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** Lines of text, each cell safe for spreadsheets. */
export function csvText(rows: readonly (readonly string[])[], delimiter = ','): string {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return stringify(
    rows.map((row) => row.map(neutralised)),
    // A line with nothing at all on it would be none.
    { delimiter, quoted_match: /\r/, quoted_empty: width === 1 },
  );
}
