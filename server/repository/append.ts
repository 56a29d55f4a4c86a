// Rows appended beside a change (audit log, event, timeline), all in one statement: no version, no hooks, no audit of their own.
import { v7 as uuidv7 } from 'uuid';
import { type Parameters, parameters, quoted, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

export interface AppendedRow {
  /** Qualified name. */
  readonly table: string;
  /** By column name, JSON already as text. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A row of an append-only platform entity; undefined in an application without the entity. */
export function platformRow(
  context: TransactionContext,
  entityName: string,
  values: Readonly<Record<string, unknown>>,
): AppendedRow | undefined {
  const entity = context.registry.entities.get(entityName);
  if (entity === undefined) return undefined;
  const now = new Date().toISOString();
  const own = { id: uuidv7(), version: 1, display_name: '', created_at: now, updated_at: now };
  return { table: entity.qualifiedTable, values: { ...values, ...own } };
}

/** The number of this very transaction as a value: readers stay below those that still run. */
export const thisTransaction = Symbol('pg_current_xact_id');

/** Inserts the rows, whatever their tables, in one round trip. */
export async function appendRows(context: TransactionContext, rows: readonly (AppendedRow | undefined)[]): Promise<void> {
  const wanted = rows.filter((row) => row !== undefined);
  if (wanted.length === 0) return;
  const bound = parameters();
  const inserts = wanted.map((row) => insertOf(row, bound));
  const beside = inserts.slice(1).map((insert, index) => `r${index} AS (${insert})`);
  const text = [beside.length === 0 ? '' : `WITH ${beside.join(', ')}`, inserts[0]].join(' ');
  await run(context.transaction, { text, values: bound.values });
}

function insertOf({ table, values }: AppendedRow, bound: Parameters): string {
  const places = Object.values(values).map((value) =>
    value === thisTransaction ? 'pg_current_xact_id()::text::bigint' : bound.bind(value),
  );
  return `INSERT INTO ${table} (${Object.keys(values).map(quoted).join(', ')}) VALUES (${places.join(', ')})`;
}
