// Soft delete: the record, and by its relations' onDelete what hangs on it, all under one deletion id.
import { v7 as uuidv7 } from 'uuid';
import type { Entity } from '../metadata/registry.ts';
import { type Problem, problem } from '../problem.ts';
import { entityFor, requireOperation, seenBy } from './access.ts';
import { traceChange } from './change.ts';
import { loadChildren, referringRelations } from './children.ts';
import type { Context } from './context.ts';
import { delegatedAct } from './delegates.ts';
import type { Incoming } from './incoming.ts';
import { currentRow } from './read.ts';
import type { RecordValues } from './records.ts';
import { clearedReference } from './references.ts';
import type { WriteOptions, Written } from './repository.ts';
import { rewrite } from './rewrite.ts';
import { writeRow, writtenNow } from './row.ts';
import type { RepositoryServices } from './services.ts';
import { inTransaction, type TransactionContext } from './transaction.ts';
import { requireVersion } from './version.ts';

export async function remove(
  services: RepositoryServices,
  context: Context,
  name: string,
  id: string,
  options: WriteOptions = {},
): Promise<Written> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'delete');
  const delegated = delegatedAct(services, context, entity, 'remove', { id, options });
  if (delegated !== undefined) return delegated;
  return inTransaction(services, context, async (inner) => {
    const current = await currentRow(services.knex, inner, entity, id, 'delete');
    await requireVersion(services, inner, entity, current, options.ifVersion);
    const version = await softDelete(services, inner, entity, current.record, uuidv7());
    return { id: current.id, version, created: false, changed: true };
  });
}

/** @returns its version then */
export async function softDelete(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  record: RecordValues,
  deletionId: string,
): Promise<number> {
  const id = String(record['id']);
  // The row first: a relation that leads back here then finds it deleted, and the walk ends.
  const version = await markDeleted(context, entity, record, deletionId);
  const referring = await referringRelations(context, entity, id, 'live');
  const held = referring.find(({ relation }) => relation.onDelete === 'restrict');
  if (held !== undefined) throw inUse(context, entity, held);
  for (const incoming of referring) await releaseChildren(services, context, entity, id, incoming, deletionId);
  await traceDelete(services, context, entity, record, version);
  return version;
}

/** The row alone, without what hangs on it. @returns its version then */
export async function markDeleted(
  context: TransactionContext,
  entity: Entity,
  record: RecordValues,
  deletionId: string,
): Promise<number> {
  const version = Number(record['version']) + 1;
  const written = writtenNow(context, version);
  const deleted = { deleted_at: written.updated_at, deleted_by: written.updated_by, deletion_id: deletionId };
  await writeRow(context, entity, String(record['id']), { ...written, ...deleted }, record);
  return version;
}

export const traceDelete = (
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  record: RecordValues,
  version: number,
): Promise<void> =>
  traceChange(
    services,
    context,
    { operation: 'delete', entity, id: String(record['id']), before: record, after: null, changed: [] },
    version,
  );

/** What refers to it is named to those who may know that there is such a thing. */
export function inUse(
  context: Context,
  entity: Entity,
  { source, relation }: Incoming,
  which: 'live' | 'deleted too' = 'live',
): Problem {
  const seen = seenBy(context).entities.get(source.name)?.relations.has(relation.name) === true;
  const what = `${seen ? source.name : 'records'}${which === 'live' ? '' : ', deleted ones included,'}`;
  const as = seen && which === 'live' ? ` as their ${relation.name}` : '';
  const detail = `There are still ${what} that refer to this ${entity.singular}${as}.`;
  return problem('in_use', { errors: [{ pointer: '', code: 'in_use', detail }] });
}

async function releaseChildren(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  id: string,
  incoming: Incoming,
  deletionId: string,
): Promise<void> {
  const { source, relation } = incoming;
  // Released children no longer match, so batch after batch until none is left.
  for (;;) {
    const children = await loadChildren(context, entity, id, incoming);
    if (children.length === 0) return;
    for (const child of children) {
      if (relation.onDelete === 'cascade') await softDelete(services, context, source, child, deletionId);
      else await detach(services, context, incoming, child, deletionId);
    }
  }
}

/** Clears the reference; the audit row carries the deletion id, so that a restore finds what to attach again. */
async function detach(
  services: RepositoryServices,
  context: TransactionContext,
  { source, relation }: Incoming,
  child: RecordValues,
  deletionId: string,
): Promise<void> {
  await rewrite(services, { ...context, correlationId: deletionId }, source, child, clearedReference(relation));
}
