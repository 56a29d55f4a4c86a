// Appends a row to an append-only platform entity (audit log, timeline): no version, no hooks, no audit of its own.
import { v7 as uuidv7 } from 'uuid';
import { modelsOf } from '../tables/models.ts';
import type { TransactionContext } from './transaction.ts';

/** `values` by column name, JSON already as text. An application without the entity appends nothing. */
export async function appendRow(
  context: TransactionContext,
  entityName: string,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const entity = context.registry.entities.get(entityName);
  const model = modelsOf(context.registry).get(entityName);
  if (entity === undefined || model === undefined) return;
  const now = new Date().toISOString();
  const row: Record<string, unknown> = {
    ...values,
    id: uuidv7(),
    version: 1,
    display_name: '',
    created_at: now,
    updated_at: now,
  };
  if (entity.fields.has('transaction_id')) row['transaction_id'] = context.transaction.raw('pg_current_xact_id()::text::bigint');
  await model.query(context.transaction).insert(row).returning('id');
}
