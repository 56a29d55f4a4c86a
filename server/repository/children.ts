// The live records that refer to a record through one relation, locked for the write that is about to release them.
import type { Entity, Relation } from '../metadata/registry.ts';
import { type RecordValues, recordOf, rowColumns } from './records.ts';
import { quoted, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/** Children loaded at once, so that a record with very many of them does not fill the memory. */
const batch = 500;

export async function loadChildren(
  context: TransactionContext,
  entity: Entity,
  id: string,
  relation: Extract<Relation, { kind: 'hasMany' | 'hasManyAny' }>,
  target: Entity,
): Promise<readonly RecordValues[]> {
  const values: unknown[] = [id];
  let where = `${quoted(relation.kind === 'hasMany' ? relation.field : relation.idField)} = $1::uuid AND "deleted_at" IS NULL`;
  if (relation.kind === 'hasManyAny') {
    values.push(entity.name);
    where += ` AND ${quoted(relation.typeField)} = $2`;
  }
  // For a restriction one child is reason enough.
  const limit = relation.onDelete === 'restrict' ? 1 : batch;
  const rows = await run(context.transaction, {
    text: `SELECT ${rowColumns(target)} FROM ${target.qualifiedTable} WHERE ${where} ORDER BY "id" LIMIT ${limit} FOR UPDATE`,
    values,
  });
  return rows.map((row) => recordOf(target, row));
}
