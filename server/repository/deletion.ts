// What one delete took, and which of it can come back: references must not lead to what stays deleted.
import type { Entity } from '../metadata/registry.ts';
import { systemActor } from './actor.ts';
import { cascadesFrom } from './incoming.ts';
import type { CurrentRow } from './read.ts';
import { type RecordValues, recordOf, rowColumns } from './records.ts';
import { missingReferences, type Reference, referencesOf } from './references.ts';
import { literal, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

export interface Deleted {
  readonly entity: Entity;
  readonly record: RecordValues;
  /** References to what is deleted, and stays so. */
  readonly missing: readonly Reference[];
}

/** The record and what its delete cascaded to, locked. The record asked for stands first. */
export async function deletedTogether(
  context: TransactionContext,
  entity: Entity,
  asked: CurrentRow,
): Promise<readonly Deleted[]> {
  const { id, record, deletionId } = asked;
  const group: Deleted[] = [{ entity, record, missing: [] }];
  if (deletionId === null) return group;
  const reached = cascadesFrom(context.registry, entity);
  const parts = reached.map(
    ({ name, qualifiedTable }) =>
      `SELECT ${literal(name)} AS name WHERE EXISTS (SELECT 1 FROM ${qualifiedTable} WHERE "deletion_id" = $1::uuid)`,
  );
  const hit = await run<{ name: string }>(context.transaction, { text: parts.join(' UNION ALL '), values: [deletionId] });
  for (const { name } of hit) {
    const source = context.registry.entities.get(name);
    if (source === undefined) continue;
    const rows = await run(context.transaction, {
      text: `SELECT ${rowColumns(source)} FROM ${source.qualifiedTable} WHERE "deletion_id" = $1::uuid AND "id" <> $2::uuid ORDER BY "id" FOR UPDATE`,
      values: [deletionId, id],
    });
    for (const row of rows) group.push({ entity: source, record: recordOf(source, row), missing: [] });
  }
  return group;
}

/**
 * As if what is still deleted had been deleted after all this: whom its delete would have taken stays away, whom it
 * would have let go comes back without it, and whom it would have respected blocks the restore.
 */
export async function survivors(
  context: TransactionContext,
  group: readonly Deleted[],
): Promise<{ readonly coming: readonly Deleted[]; readonly blocked: readonly Reference[] }> {
  const [asked] = group;
  // Rights are not asked: these references were made before.
  const engine = { ...context, actor: systemActor };
  const gone = await missingReferences(
    engine,
    group.flatMap(({ entity, record }) => referencesOf(entity, record)),
  );
  const dead = new Set(gone.map(keyOf));
  let coming = group;
  for (;;) {
    const back = new Set(coming.map(({ entity, record }) => `${entity.name} ${String(record['id'])}`));
    const judged = coming.map((deleted) => ({
      ...deleted,
      missing: referencesOf(deleted.entity, deleted.record).filter((to) => dead.has(keyOf(to)) && !back.has(keyOf(to))),
    }));
    const lost = (deleted: Deleted): boolean =>
      deleted.record !== asked?.record && deleted.missing.some(({ relation }) => relation.onDelete === 'cascade');
    coming = judged.filter((deleted) => !lost(deleted));
    if (coming.length === judged.length)
      return {
        coming,
        blocked: coming.flatMap(({ missing }) => missing.filter(({ relation }) => relation.onDelete !== 'detach')),
      };
  }
}

const keyOf = ({ target, id }: Reference): string => `${target} ${id}`;
