// What an import could not take: one entry a value (or row), and the CSV file that lists them.
import type { Writable } from 'node:stream';
import { stringify } from 'csv-stringify';

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

export const rejectColumns = ['row', 'field', 'value', 'code', 'reason', 'kept'] as const;

export interface RejectsFile {
  add(rejects: readonly Reject[]): Promise<void>;
  /** Settles when everything is written. */
  end(): Promise<void>;
}

/** Writes rejects as CSV; cells that a spreadsheet would take for a formula are neutralised. */
export function rejectsFile(destination: Writable): RejectsFile {
  const csv = stringify({ header: true, columns: [...rejectColumns], escape_formulas: true });
  csv.pipe(destination);
  const finished = new Promise<void>((resolve, reject) => {
    destination.once('finish', resolve);
    destination.once('error', reject);
    csv.once('error', reject);
  });
  // Without this a failing destination would end the process before `end` is called.
  finished.catch(() => undefined);
  return {
    add: async (rejects) => {
      for (const { row, field, value, code, reason, rowRejected } of rejects) {
        const fits = csv.write([row, field, value, code, reason, rowRejected ? 'no' : 'yes']);
        if (!fits) await Promise.race([new Promise((resolve) => csv.once('drain', resolve)), finished]);
      }
    },
    end: async () => {
      csv.end();
      await finished;
    },
  };
}
