// Attaches again what a delete detached; a reference that was set anew since stays as it is.
import { systemActor } from './actor.ts';
import { type RecordValues, recordOf, rowColumns } from './records.ts';
import { missingReferences, referencesOf } from './references.ts';
import { rewrite } from './rewrite.ts';
import type { RepositoryServices } from './services.ts';
import { run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/** The audit rows of the delete tell which references it cleared. */
export async function attachAgain(services: RepositoryServices, context: TransactionContext, deletionId: string): Promise<void> {
  const auditlog = context.registry.entities.get('auditlog');
  if (auditlog === undefined) return;
  const rows = await run<{ record_type: string; record_id: string; changes: Readonly<Record<string, { before?: unknown }>> }>(
    context.transaction,
    {
      text: `SELECT record_type, record_id, changes FROM ${auditlog.qualifiedTable} WHERE correlation_id = $1 AND operation = 'update' ORDER BY id`,
      values: [deletionId],
    },
  );
  for (const { record_type, record_id, changes } of rows) {
    const cleared = Object.fromEntries(Object.entries(changes).map(([name, { before }]) => [name, before ?? null]));
    await attachOne(services, context, record_type, record_id, cleared);
  }
}

async function attachOne(
  services: RepositoryServices,
  context: TransactionContext,
  name: string,
  id: string,
  cleared: RecordValues,
): Promise<void> {
  const entity = context.registry.entities.get(name);
  if (entity === undefined) return;
  const [row] = await run(context.transaction, {
    text: `SELECT ${rowColumns(entity)} FROM ${entity.qualifiedTable} WHERE "id" = $1::uuid AND "deleted_at" IS NULL FOR NO KEY UPDATE`,
    values: [id],
  });
  if (row === undefined) return;
  const before = recordOf(entity, row);
  const names = Object.keys(cleared);
  if (names.length === 0 || names.some((field) => (before[field] ?? null) !== null)) return;
  const references = referencesOf(entity, { ...before, ...cleared }, names);
  if ((await missingReferences({ ...context, actor: systemActor }, references)).length > 0) return;
  await rewrite(services, context, entity, before, cleared);
}
