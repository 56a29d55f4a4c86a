// The formats of files: whatever text goes in comes out again, and what is broken is refused in a sentence.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainNumber } from '../../server/fields/number-text.ts';
import { csvText, delimiterOf, readCsv } from '../../server/import/formats/csv.ts';
import { neutralised, restored } from '../../server/import/formats/formula-cells.ts';
import { ndjsonHeader, readNdjson } from '../../server/import/formats/ndjson.ts';
import type { FileRow, RowFile } from '../../server/import/formats/row-file.ts';
import { readXlsx, writeXlsx } from '../../server/import/formats/xlsx.ts';
import { anyText } from './any-text.ts';

async function rowsOf({ rows }: RowFile): Promise<readonly FileRow[]> {
  const found: FileRow[] = [];
  for await (const row of rows) found.push(row);
  return found;
}
async function* inSlices(text: string | Buffer, size = 7): AsyncGenerator<Buffer, void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const table = fc.array(fc.tuple(anyText, anyText, anyText), { minLength: 1, maxLength: 4 });
/** No spreadsheet runs a cell that begins so. */
const harmless = /^(?![=+\-@\t\r＝＋－＠])|^-\d+(\.\d+)?$/;

describe('cells that look like formulas', () => {
  test('are none after they went out, and are themselves again when they come in', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(neutralised(text)).toMatch(harmless);
        expect(restored(neutralised(text))).toBe(text);
      }),
    );
  });

  test('numbers below zero stay numbers', () => {
    expect([neutralised('-12.50'), neutralised('-12.50+1'), neutralised('+4420')]).toEqual(['-12.50', "'-12.50+1", "'+4420"]);
    expect(plainNumber(restored("'-5"), '.')).toBe('-5');
  });
});

describe('CSV', () => {
  test.each([',', ';', '\t', '|'])('gives back every text, separated by %j', async (delimiter) => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = csvText([['a', 'b', 'c'], ...rows], delimiter);
        expect(delimiterOf(text)).toBe(delimiter);
        const read = await rowsOf(await readCsv(inSlices(text), delimiter));
        // A line with nothing on it is none.
        expect(read.map(({ cells }) => cells)).toEqual(rows);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test('keeps the rows of a single column that are empty', async () => {
    const read = await rowsOf(await readCsv(inSlices(csvText([['a'], [''], ['x'], ['']]))));
    expect(read.map(({ row, cells }) => [row, ...cells])).toEqual([
      [2, ''],
      [3, 'x'],
      [4, ''],
    ]);
  });
});

describe('XLSX', () => {
  const written = async (rows: readonly (readonly (string | number | null)[])[]): Promise<Buffer> => {
    const source = (async function* () {
      yield* rows;
    })();
    const chunks: Buffer[] = [];
    for await (const chunk of writeXlsx(source, 'A name that is longer than sheets may have')) chunks.push(chunk);
    return Buffer.concat(chunks);
  };

  test('gives back every text and every number, and none of them is a formula', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.integer({ min: -(10 ** 15), max: 10 ** 15 }).map((n) => n / 100),
        async (rows, number) => {
          const book = await written([['a', 'b', 'c', 'n'], ...rows.map((row) => [...row, number])]);
          const read = await rowsOf(await readXlsx(inSlices(book, 1000)));
          expect(read.map(({ cells }) => cells.slice(0, 3))).toEqual(rows);
          expect(read.map(({ cells }) => cells[3])).toEqual(rows.map(() => (number === 0 ? 0 : number)));
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test('is refused when it is no workbook, has nothing in it, or a text that no cell holds', async () => {
    const problemOf = async (work: Promise<unknown>): Promise<unknown> => work.then(rowsOf as never, ({ detail }) => detail);
    expect(await problemOf(readXlsx(inSlices('no workbook at all')))).toContain('not an XLSX workbook');
    expect(await problemOf(readXlsx(inSlices((await written([['a'], ['b']])).subarray(0, 300), 100)))).toContain(
      'not an XLSX workbook',
    );
    expect(await problemOf(readXlsx(inSlices(await written([[null]]), 1000)))).toContain('The first sheet is empty');
    expect(await problemOf(written([['a'], ['x'.repeat(40_000)]]))).toContain('a cell of a workbook holds 32767');
  });
});

describe('NDJSON', () => {
  const read = async (text: string): Promise<readonly FileRow[]> =>
    rowsOf(readNdjson(inSlices(text), await ndjsonHeader(inSlices(text))));

  test('has the names of all lines for columns, and values with their types', async () => {
    const text = '\ufeff{"a":1,"b":"=x"}\n\n{"c":{"d":[true]},"a":null}';
    expect(await ndjsonHeader(inSlices(text))).toEqual(['a', 'b', 'c']);
    expect(await read(text)).toEqual([
      { row: 2, cells: [1, '=x', ''], typed: true },
      { row: 4, cells: ['', '', { d: [true] }], typed: true },
    ]);
  });

  test('is refused with the number of the line that is no object', async () => {
    const problemOf = async (text: string): Promise<unknown> => read(text).catch(({ detail }) => detail);
    expect(await problemOf('{"a":1}\n[2]\n')).toBe('Line 2 is not a JSON object.');
    expect(await problemOf('{"a":1}\n{"a":\n')).toBe('Line 2 is not a JSON object.');
    expect(await problemOf('\n')).toBe('The file is empty.');
    expect(await problemOf(`{"a":"${'x'.repeat(1_200_000)}"}`)).toContain('is longer than 1 MiB');
    expect(await problemOf(`{${Array.from({ length: 1_001 }, (_, at) => `"n${at}":1`).join(',')}}`)).toContain(
      'more than 1000 names',
    );
  });
});
