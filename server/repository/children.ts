// The live records that refer to a record through one relation, locked for the write that is about to release them.
import type { Entity } from '../metadata/registry.ts';
import type { Incoming } from './incoming.ts';
import { type RecordValues, recordOf, rowColumns } from './records.ts';
import { quoted, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/** Children loaded at once, so that a record with very many of them does not fill the memory. */
const batch = 500;

export async function loadChildren(
  context: TransactionContext,
  entity: Entity,
  id: string,
  { source, relation }: Incoming,
): Promise<readonly RecordValues[]> {
  const any = relation.kind === 'belongsToAny';
  const reference = any ? relation.idField : relation.field;
  const kind = any ? ` AND ${quoted(relation.typeField)} = $2` : '';
  // For a restriction one child is reason enough.
  const limit = relation.onDelete === 'restrict' ? 1 : batch;
  const rows = await run(context.transaction, {
    text: `SELECT ${rowColumns(source)} FROM ${source.qualifiedTable} WHERE ${quoted(reference)} = $1::uuid${kind} AND "deleted_at" IS NULL ORDER BY "id" LIMIT ${limit} FOR UPDATE`,
    values: any ? [id, entity.name] : [id],
  });
  return rows.map((row) => recordOf(source, row));
}
