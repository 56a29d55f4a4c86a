// Reads a CSV file row by row: strict quotes, strict UTF-8, bounded rows, each with its number.
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { errorCode } from '../error-code.ts';
import { problem } from '../problem.ts';

export interface CsvRow {
  /** As spreadsheets number them: the header is row 1, empty rows count. */
  readonly row: number;
  readonly cells: readonly string[];
}

export interface CsvFile {
  readonly header: readonly string[];
  /** Rows after the header; empty ones are left out. Read it once, or `return` it. */
  readonly rows: AsyncGenerator<CsvRow, void>;
}

const longestRow = 1024 * 1024;

/**
 * @throws problem `validation_failed` when the text is not UTF-8 or not CSV (also while `rows` is read), or has no header
 */
export async function readCsv(source: AsyncIterable<Buffer | string>, delimiter = ','): Promise<CsvFile> {
  const parser = Readable.from(decoded(source)).compose(
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
  const header = first.value.cells.map((name) => name.trim());
  const twice = header.find((name, at) => name !== '' && header.indexOf(name) !== at);
  if (twice !== undefined) throw malformed(`The header names the column "${twice}" twice.`);
  return { header, rows };
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly records: number; readonly empty_lines: number };
}

async function* readRows(parser: AsyncIterable<Parsed>): AsyncGenerator<CsvRow, void> {
  try {
    for await (const { record, info } of parser) yield { row: info.records + info.empty_lines, cells: record };
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

/** Text as it comes, bytes as UTF-8; U+FFFD in place of what was lost would be stored for good. */
async function* decoded(source: AsyncIterable<Buffer | string>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for await (const chunk of source) yield typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (errorCode(error) !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw problem('validation_failed', { detail: 'The file is not UTF-8 text.', cause: error });
  }
}

const sliceBytes = 64 * 1024;

/** Text in slices of bytes, so that reading one file does not hold up everything else in the process. */
export async function* sliced(text: string): AsyncGenerator<Buffer, void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += sliceBytes) {
    yield bytes.subarray(at, at + sliceBytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
