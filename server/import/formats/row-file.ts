// What every format of file is read into: a header, and rows of cells with their numbers.

/** Text as a field's type reads it; or a value whose type its format has kept (NDJSON, XLSX): of an API, not of a person. */
export type Cell = string | number | boolean | object;

export interface FileRow {
  /** As spreadsheets number them: the header is row 1, empty rows count. */
  readonly row: number;
  /** '' where there is nothing. */
  readonly cells: readonly Cell[];
  /** A text is a text, and not the JSON of some other value. */
  readonly typed?: true;
}

export interface RowFile {
  readonly header: readonly string[];
  /** Rows after the header; empty ones are left out. Read it once, or `return` it. */
  readonly rows: AsyncGenerator<FileRow, void>;
}

export type FileFormat = 'csv' | 'ndjson' | 'xlsx';

export const mediaTypes: Readonly<Record<FileFormat, string>> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export const fileFormats = Object.keys(mediaTypes) as readonly FileFormat[];

/** Bytes of a row, of whatever format. */
export const longestRow = 1024 * 1024;

/** A cell as a file of text would have it. */
export const cellText = (cell: Cell): string => (typeof cell === 'object' ? JSON.stringify(cell) : String(cell));
