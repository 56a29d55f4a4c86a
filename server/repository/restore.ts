// Restores a deleted record with what the same delete took: cascaded records come back, detached ones are attached again.
import { problem } from '../problem.ts';
import { entityFor, requireOperation } from './access.ts';
import { traceChange } from './change.ts';
import type { Context } from './context.ts';
import { delegatedAct } from './delegates.ts';
import { type Deleted, deletedTogether, survivors } from './deletion.ts';
import { derive } from './derived.ts';
import { refuseDuplicates } from './duplicates.ts';
import { refuseMerged } from './merged-into.ts';
import { currentRow } from './read.ts';
import { attachAgain } from './reattach.ts';
import type { RecordValues } from './records.ts';
import { clearedReference } from './references.ts';
import type { DuplicateFinding, Written } from './repository.ts';
import { writeRow, writtenNow } from './row.ts';
import type { RepositoryServices } from './services.ts';
import { inTransaction, type TransactionContext } from './transaction.ts';

export async function restore(services: RepositoryServices, context: Context, name: string, id: string): Promise<Written> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'restore');
  const delegated = delegatedAct(services, context, entity, 'restore', { id });
  if (delegated !== undefined) return delegated;
  return inTransaction(services, context, async (inner) => {
    const current = await currentRow(services.knex, inner, entity, id, 'restore');
    await refuseMerged(services.knex, inner, entity, current.id);
    const group = await deletedTogether(inner, entity, current);
    const { coming, blocked } = await survivors(inner, group);
    const errors = blocked.map(({ field, target }) => ({
      pointer: `/${field}`,
      code: 'reference_missing',
      detail: `The ${target} record that this refers to is deleted.`,
    }));
    if (errors.length > 0)
      throw problem('conflict', { detail: `What this ${entity.singular} refers to is deleted. Restore that first.`, errors });
    const warnings: DuplicateFinding[] = [];
    for (const deleted of coming) {
      const after = await revive(services, inner, deleted);
      // In the meantime there may have come another like it.
      const found = await refuseDuplicates(services, inner, deleted.entity, { id: String(after['id']), before: null, after });
      if (after['id'] === current.id) warnings.push(...found);
    }
    if (current.deletionId !== null) await attachAgain(services, inner, current.deletionId);
    const written = { id: current.id, version: current.version + 1, created: false, changed: true };
    return warnings.length > 0 ? { ...written, warnings } : written;
  });
}

/** Live again, without the references that are missing. @returns the record as it is now */
export async function revive(services: RepositoryServices, context: TransactionContext, deleted: Deleted): Promise<RecordValues> {
  const { entity, record, missing } = deleted;
  const id = String(record['id']);
  const version = Number(record['version']) + 1;
  const cleared = Object.assign({}, ...missing.map(({ relation }) => clearedReference(relation))) as Record<string, null>;
  const back = { ...cleared, ...writtenNow(context, version), deleted_at: null, deleted_by: null, deletion_id: null };
  const derived = await derive(context, entity, { ...record, ...cleared });
  await writeRow(context, entity, id, { ...back, ...derived.columns }, record);
  const { deletion_id: _hidden, ...shown } = back;
  const after = { ...record, ...shown, ...derived.values };
  await traceChange(
    services,
    context,
    { operation: 'restore', entity, id, before: null, after, changed: Object.keys(cleared) },
    version,
  );
  return after;
}
