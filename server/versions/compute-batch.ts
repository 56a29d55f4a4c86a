// One batch of a step whose values SQL cannot make: read, computed here, written back; the rows are locked meanwhile.
import { keyOf } from '../matching/normalisers.ts';
import { type Computed, computedIn } from '../tables/plan-computed.ts';
import type { Session } from './session.ts';

/** How far it came: null when no row was left. */
export interface Batch {
  readonly last: string | null;
  readonly count: number;
}

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

export async function computeBatch(
  session: Session,
  [select = '', update = '']: readonly string[],
  cursor: string | null,
  batchRows: number,
): Promise<Batch> {
  const rows = await session.query<Row>(select, [cursor, batchRows]);
  const last = rows.at(-1)?.id ?? null;
  const values = computedIn(select).map(({ column, normaliser }: Computed) => rows.map((row) => keyOf(normaliser, row[column])));
  if (last !== null) await session.query(update, [rows.map(({ id }) => id), ...values]);
  return { last, count: rows.length };
}
