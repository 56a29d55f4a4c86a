// The audit row of a change: what each field was and became, in the transaction of the change itself.
import { createHash, randomBytes } from 'node:crypto';
import { followRollups } from '../metadata/computed.ts';
import type { Entity } from '../metadata/registry.ts';
import { authorOf } from './actor.ts';
import { type AppendedRow, platformRow, thisTransaction } from './append.ts';
import type { Change } from './hooks.ts';
import { canonical } from './records.ts';
import type { TransactionContext } from './transaction.ts';

type FieldChange = { readonly before?: unknown; readonly after?: unknown; readonly secret?: true };

/**
 * Values that may have to be erased stand in `changes`; beside them a salted SHA-256 digest of the whole content, so
 * that a chain over the digests still verifies when the values and the salt are gone.
 */
export function auditRow(
  context: TransactionContext,
  change: Change,
  version: number,
  secrets: readonly string[],
): AppendedRow | undefined {
  if (change.entity.meta.audit?.off === true) return undefined;
  const changes = fieldChanges(change, secrets);
  const salt = randomBytes(16).toString('hex');
  const content = {
    record_type: change.entity.name,
    record_id: change.id,
    record_name: String(change.after?.['display_name'] ?? change.before?.['display_name'] ?? ''),
    operation: change.operation,
    actor_id: authorOf(context.actor),
    source: context.source,
    request_id: context.requestId,
    correlation_id: context.correlationId,
    record_version: version,
  };
  const { fields } = context.registry.entities.get('auditlog') ?? {};
  return platformRow(context, 'auditlog', {
    ...content,
    changes: JSON.stringify(changes),
    salt,
    digest: digest(salt, { ...content, changes }),
    ...(fields?.has('transaction_id') === true ? { transaction_id: thisTransaction } : {}),
  });
}

/** SHA-256 over the salt and the canonical JSON of the audited content, hex. */
export const digest = (salt: string, content: unknown): string =>
  createHash('sha256').update(salt).update('\n').update(canonical(content)).digest('hex');

function fieldChanges(change: Change, secrets: readonly string[]): Readonly<Record<string, FieldChange>> {
  const excluded = new Set(change.entity.meta.audit?.exclude ?? []);
  const changes: Record<string, FieldChange> = {};
  for (const name of auditedFields(change.entity, change)) {
    if (excluded.has(name)) continue;
    const [before, after] = [change.before?.[name] ?? null, change.after?.[name] ?? null];
    if (before !== null || after !== null) changes[name] = { before, after };
  }
  for (const name of secrets) changes[name] = { secret: true };
  return changes;
}

/** A create tells everything but sums over what is yet to come, a purge everything, an update what changed, a delete and a restore nothing but themselves. */
function auditedFields(entity: Entity, change: Change): readonly string[] {
  if (change.operation === 'update') return change.changed;
  if (change.operation === 'delete' || change.operation === 'restore') return [];
  const sums = change.operation === 'create' ? followRollups(entity) : new Set<string>();
  return [...entity.fields.values()]
    .filter((field) => !field.system && !field.hidden && field.type.secret !== true && !sums.has(field.name))
    .map((field) => field.name);
}
