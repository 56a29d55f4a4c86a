// Reads NDJSON: a JSON object a line, its values with their types; the columns are the names that any line has.
import { parseStrictJson } from '../../http/strict-json.ts';
import { Problem, problem } from '../../problem.ts';
import { decodedUtf8 } from './decoded.ts';
import { type Cell, type FileRow, longestRow, type RowFile } from './row-file.ts';

type Line = Readonly<Record<string, unknown>>;

/** A column of all columns costs each row a cell. */
const mostColumns = 1_000;

/**
 * Every line may have names of its own, so the whole file is read for them.
 * @throws problem `validation_failed` for a line that is no JSON object, with its number
 */
export async function ndjsonHeader(source: AsyncIterable<Buffer | string>): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const { value } of lines(source)) {
    for (const name of Object.keys(value)) names.add(name);
    if (names.size > mostColumns) throw malformed(`The lines have more than ${mostColumns} names.`);
  }
  if (names.size === 0) throw malformed('The file is empty.');
  return [...names];
}

/** @param header from `ndjsonHeader`; a name that it lacks is left out */
export function readNdjson(source: AsyncIterable<Buffer | string>, header: readonly string[]): RowFile {
  return { header, rows: rowsOf(source, header) };
}

async function* rowsOf(source: AsyncIterable<Buffer | string>, header: readonly string[]): AsyncGenerator<FileRow, void> {
  for await (const { row, value } of lines(source)) {
    const cells = header.map((name): Cell => (Object.hasOwn(value, name) ? ((value[name] ?? '') as Cell) : ''));
    yield { row, cells, typed: true };
  }
}

/** Lines count from 2, as rows of other formats do below their header. */
async function* lines(source: AsyncIterable<Buffer | string>): AsyncGenerator<{ readonly row: number; readonly value: Line }> {
  let rest = '';
  let row = 1;
  for await (const text of decodedUtf8(source)) {
    const [begun = '', ...parts] = text.split('\n');
    rest += begun;
    if (rest.length > longestRow) throw malformed(`Line ${row} is longer than 1 MiB.`);
    for (const part of parts) {
      row += 1;
      const value = objectIn(rest, row);
      if (value !== undefined) yield { row, value };
      rest = part;
    }
  }
  const value = objectIn(rest, row + 1);
  if (value !== undefined) yield { row: row + 1, value };
}

/** Undefined for an empty line. */
function objectIn(line: string, row: number): Line | undefined {
  const text = row === 2 ? line.replace(/^\ufeff/, '') : line;
  if (text.trim() === '') return undefined;
  try {
    const value = parseStrictJson(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Line;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  throw malformed(`Line ${row - 1} is not a JSON object.`);
}

const malformed = (detail: string) => problem('validation_failed', { detail });
