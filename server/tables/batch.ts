// The statement of a batched step: handles the next rows by id and tells how far it came.
import { qualified } from './ddl.ts';

export interface Batch {
  readonly schema: string;
  readonly table: string;
  /** Assignments; the row is `t`. */
  readonly set: string;
  /** Only these rows of a batch are written; the row is `t`. */
  readonly where: string;
  /** true: only rows that meet `where` count into a batch, so few batches find few rows. */
  readonly sparse?: boolean;
}

/** `$1` the id to go on after, `$2` how many rows; gives `last` and `count`. A row changed meanwhile is seen as it is then. */
export function batchStatement({ schema, table, set, where, sparse = false }: Batch): string {
  const rows = qualified(schema, table);
  return `WITH batch AS MATERIALIZED (
  SELECT t."id" FROM ${rows} t WHERE ($1::uuid IS NULL OR t."id" > $1::uuid)${sparse ? ` AND (${where})` : ''} ORDER BY t."id" LIMIT $2
), written AS (
  UPDATE ${rows} t SET ${set} FROM batch b WHERE t."id" = b."id" AND (${where})
)
${batchResult}`;
}

export const batchResult = `SELECT (SELECT b."id"::text FROM batch b ORDER BY b."id" DESC LIMIT 1) AS last, (SELECT count(*)::int FROM batch) AS count`;
