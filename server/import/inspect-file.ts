// Reads an uploaded file once from end to end: whether it is what it says, its columns and how many rows it has.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { problem } from '../problem.ts';
import { delimiterOf } from './formats/csv.ts';
import { ndjsonHeader } from './formats/ndjson.ts';
import { type FileShape, openRows } from './formats/open-rows.ts';
import type { FileFormat, FileRow } from './formats/row-file.ts';

export interface Inspected extends FileShape {
  readonly rows: number;
}

/** Bytes in which the separator is looked for. */
const sampleBytes = 64 * 1024;

/**
 * @param delimiter of CSV, where the caller knows it
 * @throws problem `validation_failed` for a file that is broken, however far down, or has no rows
 */
export async function inspectFile(path: string, format: FileFormat, delimiter?: string): Promise<Inspected> {
  const shape = await shapeOf(path, format, delimiter);
  const file = await openRows(shape, createReadStream(path));
  let rows = 0;
  for await (const _row of file.rows) rows += 1;
  if (rows === 0) throw problem('validation_failed', { detail: 'The file has no rows below its header.' });
  return { ...shape, header: file.header, rows };
}

/** What `openRows` has to know. */
export async function shapeOf(path: string, format: FileFormat, delimiter?: string): Promise<FileShape> {
  if (format === 'ndjson') return { format, header: await ndjsonHeader(createReadStream(path)) };
  if (format === 'xlsx') return { format, header: [] };
  return { format, header: [], delimiter: delimiter ?? delimiterOf(await beginning(path)) };
}

async function beginning(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}

/** The first rows, for guessing and for a preview. */
export async function firstRows(rows: AsyncGenerator<FileRow, void>, count: number): Promise<readonly FileRow[]> {
  const found: FileRow[] = [];
  for await (const row of rows) {
    found.push(row);
    if (found.length === count) break;
  }
  return found;
}
