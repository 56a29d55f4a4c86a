// The numbers of an import.

/** accepted + skipped + rejected = read, and created + updated + unchanged = accepted. */
export interface ImportTotals {
  readonly read: number;
  readonly accepted: number;
  /** Left out without a complaint, as the mapping says of duplicates. */
  readonly skipped: number;
  readonly rejected: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Values left out of rows that were kept. */
  readonly fieldsRejected: number;
  /** Rows that a duplicate rule warns of, or that were skipped or merged into a record for one. */
  readonly duplicates: number;
}

export const noRows: ImportTotals = {
  read: 0,
  accepted: 0,
  skipped: 0,
  rejected: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  fieldsRejected: 0,
  duplicates: 0,
};

export const added = (left: ImportTotals, right: ImportTotals): ImportTotals => ({
  read: left.read + right.read,
  accepted: left.accepted + right.accepted,
  skipped: left.skipped + right.skipped,
  rejected: left.rejected + right.rejected,
  created: left.created + right.created,
  updated: left.updated + right.updated,
  unchanged: left.unchanged + right.unchanged,
  fieldsRejected: left.fieldsRejected + right.fieldsRejected,
  duplicates: left.duplicates + right.duplicates,
});
