// Restores a deleted record with what the same delete took: cascaded records come back, detached ones are attached again.
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { entityFor, requireOperation } from './access.ts';
import { traceChange } from './change.ts';
import type { Context } from './context.ts';
import { currentRow } from './read.ts';
import { changedFields, type RecordValues, recordOf, rowColumns } from './records.ts';
import { checkReferences } from './references.ts';
import type { Written } from './repository.ts';
import type { RepositoryServices } from './services.ts';
import { quoted, run } from './statement.ts';
import { inTransaction, type TransactionContext } from './transaction.ts';
import { writeRow, writtenNow } from './update.ts';

export async function restore(services: RepositoryServices, context: Context, name: string, id: string): Promise<Written> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'restore');
  return inTransaction(services, context, async (inner) => {
    const current = await currentRow(services.knex, inner, entity, id, 'restore');
    const deletionId = current.record['deletion_id'];
    const version = await revive(services, inner, entity, current.record);
    if (typeof deletionId === 'string') {
      await reviveOthers(services, inner, deletionId);
      await attachAgain(services, inner, deletionId);
    }
    return { id, version, created: false, changed: true };
  });
}

async function revive(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  record: RecordValues,
): Promise<number> {
  const missing = await checkReferences(context, entity, record, changedFields(entity, {}, record));
  if (missing.length > 0) {
    throw problem('conflict', {
      detail: `What this ${entity.singular} refers to is deleted. Restore that first.`,
      errors: missing,
    });
  }
  const version = Number(record['version']) + 1;
  const back = { ...writtenNow(context, version), deleted_at: null, deleted_by: null, deletion_id: null };
  await writeRow(context, entity, String(record['id']), back, record);
  const change = {
    operation: 'restore',
    entity,
    id: String(record['id']),
    before: null,
    after: { ...record, ...back },
    changed: [],
  } as const;
  await traceChange(services, context, change, version);
  return version;
}

/** Parents before children: an entity whose records still miss a parent waits until the others are back. */
async function reviveOthers(services: RepositoryServices, context: TransactionContext, deletionId: string): Promise<void> {
  let waiting = await deletedWith(context, deletionId);
  while (waiting.length > 0) {
    const still: typeof waiting = [];
    for (const { entity, record } of waiting) {
      const missing = await checkReferences(context, entity, record, changedFields(entity, {}, record));
      if (missing.length > 0) still.push({ entity, record });
      else await revive(services, context, entity, record);
    }
    if (still.length === waiting.length) return;
    waiting = still;
  }
}

async function deletedWith(context: TransactionContext, deletionId: string): Promise<{ entity: Entity; record: RecordValues }[]> {
  const found: { entity: Entity; record: RecordValues }[] = [];
  for (const entity of context.registry.entities.values()) {
    if (entity.partitioned) continue;
    const rows = await run(context.transaction, {
      text: `SELECT ${rowColumns(entity)} FROM ${entity.qualifiedTable} WHERE "deletion_id" = $1::uuid AND "deleted_at" IS NOT NULL FOR UPDATE`,
      values: [deletionId],
    });
    for (const row of rows) found.push({ entity, record: recordOf(entity, row) });
  }
  return found;
}

/** The audit rows of the delete tell which references it cleared; one that was set anew since stays as it is. */
async function attachAgain(services: RepositoryServices, context: TransactionContext, deletionId: string): Promise<void> {
  const auditlog = context.registry.entities.get('auditlog');
  if (auditlog === undefined) return;
  const rows = await run<{ record_type: string; record_id: string; changes: string }>(context.transaction, {
    text: `SELECT record_type, record_id, changes::text AS changes FROM ${auditlog.qualifiedTable} WHERE correlation_id = $1 AND operation = 'update'`,
    values: [deletionId],
  });
  for (const row of rows) {
    const entity = context.registry.entities.get(row.record_type);
    if (entity === undefined) continue;
    const changes = JSON.parse(row.changes) as Record<string, { before?: unknown }>;
    await attachOne(services, context, entity, row.record_id, changes);
  }
}

async function attachOne(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  id: string,
  changes: Readonly<Record<string, { readonly before?: unknown }>>,
): Promise<void> {
  const [row] = await run(context.transaction, {
    text: `SELECT ${rowColumns(entity)} FROM ${entity.qualifiedTable} WHERE ${quoted('id')} = $1::uuid AND "deleted_at" IS NULL FOR UPDATE`,
    values: [id],
  });
  if (row === undefined) return;
  const record = recordOf(entity, row);
  const names = Object.keys(changes).filter((name) => (record[name] ?? null) === null);
  if (names.length === 0) return;
  const version = Number(record['version']) + 1;
  const written = writtenNow(context, version);
  const attached = Object.fromEntries(names.map((name) => [name, changes[name]?.before ?? null]));
  await writeRow(context, entity, id, { ...attached, ...written }, record);
  const change = {
    operation: 'update',
    entity,
    id,
    before: record,
    after: { ...record, ...attached, ...written },
    changed: names,
  } as const;
  await traceChange(services, context, change, version);
}
