// Writes the columns of one row, with who did it and when.
import type { Entity } from '../metadata/registry.ts';
import { modelsOf } from '../tables/models.ts';
import { authorOf } from './actor.ts';
import type { Context } from './context.ts';
import type { RecordValues } from './records.ts';
import type { TransactionContext } from './transaction.ts';
import { asConflict } from './unique-conflict.ts';

type Columns = Readonly<Record<string, unknown>>;

/** The bookkeeping columns of a write by this actor, now. */
export const writtenNow = (context: Context, version: number) => ({
  version,
  updated_at: new Date().toISOString(),
  updated_by: authorOf(context.actor),
});

/** `after` tells the values in a conflict. @throws problem `unique_conflict` that names the fields */
export async function insertRow(
  context: TransactionContext,
  entity: Entity,
  columns: Columns,
  after: RecordValues,
): Promise<void> {
  await told(
    context,
    entity,
    after,
    modelsOf(context.registry).get(entity.name)?.query(context.transaction).insert(columns).returning('id'),
  );
}

/** @throws problem `unique_conflict` that names the fields */
export async function writeRow(
  context: TransactionContext,
  entity: Entity,
  id: string,
  columns: Columns,
  after: RecordValues,
): Promise<void> {
  await told(
    context,
    entity,
    after,
    modelsOf(context.registry).get(entity.name)?.query(context.transaction).patch(columns).where('id', id),
  );
}

async function told(
  context: TransactionContext,
  entity: Entity,
  after: RecordValues,
  write: PromiseLike<unknown> | undefined,
): Promise<void> {
  try {
    await write;
  } catch (error) {
    throw asConflict(context, entity, error, after);
  }
}
