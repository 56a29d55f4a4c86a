// What an import could not take: one entry a value (or row), and the CSV file that lists the rows.
import { csvText } from './formats/csv.ts';
import { type Cell, cellText } from './formats/row-file.ts';

export interface Reject {
  /** As spreadsheets number them: the header is row 1. */
  readonly row: number;
  /** Target field or part (`phone`, `billing.city`); '' where it is about the whole row. */
  readonly field: string;
  /** The text of the file, as it was. */
  readonly value: string;
  readonly code: string;
  readonly reason: string;
  /** false: the row was kept without this value. */
  readonly rowRejected: boolean;
}

/** A row that is like a record that is there: what was made of it. */
export interface Warning {
  readonly row: number;
  /** The rule that tells. */
  readonly code: string;
  readonly became: 'created' | 'updated' | 'skipped';
  /** Ids of the records that the importer may see. */
  readonly records: readonly string[];
}

/** What PostgreSQL can keep of a text of the file: neither NUL nor half of a surrogate pair. */
export const storableText = (text: string): string => Buffer.from(text.replaceAll('\0', '\ufffd'), 'utf8').toString('utf8');

/** After the columns of the file; an import of such a file leaves them alone. */
export const rejectColumns = ['import_row', 'import_field', 'import_reason'] as const;

/** A rejected row, as it stands in the file of rejects: itself, so that it can be mended and imported, and why it was not. */
export interface RejectedRow {
  readonly row: number;
  readonly cells: readonly Cell[];
  readonly findings: readonly Reject[];
}

export interface RejectsFile {
  /** Of the file that was imported. */
  readonly header: readonly string[];
  readonly delimiter?: string | undefined;
}

/** CSV text, with the header where it begins. Cells that a spreadsheet would take for a formula are neutralised. */
export function rejectsCsv({ header, delimiter }: RejectsFile, rows: readonly RejectedRow[], begins: boolean): string {
  // The rejects of rejects tell their own reasons only.
  const own = header.flatMap((name, at) => (rejectColumns.some((column) => column === name) ? [] : [{ name, at }]));
  const lines = rows.map(({ row, cells, findings }) => [
    ...own.map(({ at }) => cellText(cells[at] ?? '')),
    ...cells.slice(header.length).map(cellText),
    String(row),
    [...new Set(findings.map(({ field }) => field))].filter(Boolean).join('; '),
    [...new Set(findings.map(({ reason }) => reason))].join(' '),
  ]);
  const head = begins ? [[...own.map(({ name }) => name), ...rejectColumns]] : [];
  return csvText([...head, ...lines], delimiter);
}
