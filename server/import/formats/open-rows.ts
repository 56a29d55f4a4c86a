// Opens a file of any format, row by row.
import { readCsv } from './csv.ts';
import { readNdjson } from './ndjson.ts';
import type { FileFormat, RowFile } from './row-file.ts';
import { readXlsx } from './xlsx.ts';

export interface FileShape {
  readonly format: FileFormat;
  /** Of NDJSON, whose lines do not begin with it. */
  readonly header: readonly string[];
  /** Of CSV; a comma when absent. */
  readonly delimiter?: string | undefined;
}

/** @throws problem `validation_failed` for a file that is not what it says, now or while its rows are read */
export async function openRows(
  { format, header, delimiter }: FileShape,
  source: AsyncIterable<Buffer | string>,
): Promise<RowFile> {
  if (format === 'ndjson') return readNdjson(source, header);
  return format === 'xlsx' ? readXlsx(source) : readCsv(source, delimiter);
}
