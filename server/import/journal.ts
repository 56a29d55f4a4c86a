// What an import did, row by row, beside the records: what it left out and why, and what it changed and how it was before.
import type { Knex } from 'knex';
import type { Entity } from '../metadata/registry.ts';
import type { AppMetadata } from '../metadata/types.ts';
import { engineTable, run } from '../repository/statement.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import type { WrittenChunk } from './import-file.ts';
import { isFillable } from './mapping.ts';
import { type Reject, type RejectedRow, storableText } from './rejects.ts';
import type { SavedRow } from './write-rows.ts';

/** Field id → its value before the import and after it. */
export type ValueChanges = Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;

export interface JournalEntry {
  readonly record: string;
  readonly row: number;
  readonly created: boolean;
  /** That the record had when the import was done with it. */
  readonly version: number;
  readonly changes: ValueChanges;
}

/** In the transaction of the rows. */
export async function keepJournal(
  context: TransactionContext,
  importId: string,
  entity: Entity,
  { rows, rejects, saved }: WrittenChunk,
): Promise<void> {
  await keepRejects(context, importId, rows, rejects);
  await keepChanges(context, importId, entity, saved);
}

async function keepRejects(
  { transaction, registry }: TransactionContext,
  importId: string,
  rows: WrittenChunk['rows'],
  rejects: readonly Reject[],
): Promise<void> {
  if (rejects.length === 0) return;
  const entries = rows.flatMap(({ row, cells }) => {
    const findings = rejects.filter((reject) => reject.row === row);
    return findings.length === 0 ? [] : [{ row, cells, findings, rejected: findings.some(({ rowRejected }) => rowRejected) }];
  });
  await run(transaction, {
    text: `INSERT INTO ${engineTable(registry.app, 'import_rejects')} (import_id, row_number, cells, findings, row_rejected)
      SELECT $1::uuid, row, cells, findings, rejected FROM json_to_recordset($2::json) AS r(row integer, cells jsonb, findings jsonb, rejected boolean)`,
    values: [importId, JSON.stringify(entries, (_key, value) => (typeof value === 'string' ? storableText(value) : value))],
  });
}

/** Of a record that several rows are about, what it was before the first and after the last. */
async function keepChanges(
  { transaction, registry }: TransactionContext,
  importId: string,
  entity: Entity,
  saved: readonly SavedRow[],
): Promise<void> {
  const table = engineTable(registry.app, 'import_changes');
  const entries = new Map<string, JournalEntry>();
  for (const one of saved) {
    const known = entries.get(one.id);
    const { row, created } = known ?? { row: one.row, created: one.before === null };
    const changes = merged(known?.changes ?? {}, valueChanges(entity, one));
    entries.set(one.id, { record: one.id, row, created, version: one.version, changes });
  }
  if (entries.size === 0) return;
  await run(transaction, {
    text: `INSERT INTO ${table} AS t (import_id, record_id, row_number, created, version, changes)
      SELECT $1::uuid, record, row, created, version, changes
      FROM json_to_recordset($2::json) AS r(record uuid, row integer, created boolean, version integer, changes jsonb)
      ON CONFLICT (import_id, record_id) DO UPDATE SET version = excluded.version, changes = (
        SELECT COALESCE(jsonb_object_agg(k, jsonb_build_object(
          'before', COALESCE(t.changes -> k, excluded.changes -> k) -> 'before',
          'after', COALESCE(excluded.changes -> k, t.changes -> k) -> 'after')), '{}')
        FROM jsonb_object_keys(t.changes || excluded.changes) AS k)`,
    values: [importId, JSON.stringify([...entries.values()])],
  });
}

function merged(first: ValueChanges, then: ValueChanges): ValueChanges {
  const all = Object.entries(then).map(([id, { before, after }]) => [id, { before: (first[id] ?? { before }).before, after }]);
  return { ...first, ...Object.fromEntries(all) };
}

/** Of a created record nothing: what it was before is that it was not. */
function valueChanges(entity: Entity, { before, after, changed }: SavedRow): ValueChanges {
  if (before === null) return {};
  return Object.fromEntries(
    changed.flatMap((name) => {
      const field = entity.fields.get(name);
      const value = { before: before[name] ?? null, after: after[name] ?? null };
      return field === undefined || !isFillable(field) ? [] : [[field.meta.id, value]];
    }),
  );
}

/** The next records that no undo has come to yet: what was written last comes first, since it may refer to the earlier. */
export async function nextToUndo(
  { transaction, registry }: TransactionContext,
  importId: string,
  count: number,
): Promise<readonly JournalEntry[]> {
  return run<JournalEntry & Record<string, unknown>>(transaction, {
    text: `SELECT record_id AS record, row_number AS row, created, version, changes FROM ${engineTable(registry.app, 'import_changes')}
      WHERE import_id = $1 AND outcome IS NULL ORDER BY row_number DESC, record_id DESC LIMIT $2 FOR UPDATE`,
    values: [importId, count],
  });
}

export async function markUndone(
  { transaction, registry }: TransactionContext,
  importId: string,
  record: string,
  outcome: string,
): Promise<void> {
  await run(transaction, {
    text: `UPDATE ${engineTable(registry.app, 'import_changes')} SET outcome = $3 WHERE import_id = $1 AND record_id = $2`,
    values: [importId, record, outcome],
  });
}

/** In the order of the file, a page at a time. Rows that were kept without a value are among them where `kept` says so. */
export async function* rejectedRows(
  knex: Knex,
  app: AppMetadata,
  importId: string,
  kept: boolean,
): AsyncGenerator<readonly RejectedRow[], void> {
  for (let after = 0; ; ) {
    const rows = await run<RejectedRow & Record<string, unknown>>(knex, {
      text: `SELECT row_number AS row, cells, findings FROM ${engineTable(app, 'import_rejects')}
        WHERE import_id = $1 AND row_number > $2 AND (row_rejected OR $3) ORDER BY row_number LIMIT 500`,
      values: [importId, after, kept],
    });
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)?.row ?? after;
  }
}
