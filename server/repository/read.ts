// One record by its id, as JSON text or, for the write path, as a locked row.
import type { Knex } from 'knex';
import type { Entity, Grant } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { everything } from '../query/selection.ts';
import { requireOperation, seenEntity } from './access.ts';
import type { Context } from './context.ts';
import { mergedElsewhere } from './merged-into.ts';
import { recordOf, rowColumns } from './records.ts';
import type { ReadOptions } from './repository.ts';
import { settleRollups } from './rollups.ts';
import { entityPredicate, grantsMet, metGrants } from './row-rights.ts';
import { jsonObject, render } from './select.ts';
import { parameters, run } from './statement.ts';
import { visibleRows } from './visible.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A missing, a deleted and a forbidden record answer alike. */
export const missing = (entity: Entity) => problem('not_found', { detail: `There is no ${entity.singular} with this id.` });

export async function read(
  database: Knex,
  context: Context,
  name: string,
  id: string,
  options: ReadOptions = {},
): Promise<string> {
  const entity = seenEntity(context, name);
  requireOperation(context, entity, 'read');
  if (!uuid.test(id)) throw missing(entity);
  await settleRollups(context);
  const bound = parameters();
  const rendering = render(context, entity, 't', options.selection ?? everything, bound);
  const visible = visibleRows(context, entity, 't', options.deleted ?? 'live', bound);
  const [row] = await run<{ json: string }>(context.transaction ?? database, {
    text: `SELECT ${jsonObject(rendering.list)}::text AS json FROM ${entity.qualifiedTable} t ${rendering.joins} WHERE t."id" = ${bound.bind(id)}::uuid AND ${visible.join(' AND ')}`,
    values: bound.values,
  });
  if (row === undefined) throw (await mergedElsewhere(database, context, entity, id)) ?? missing(entity);
  return row.json;
}

export interface CurrentRow {
  /** As it is stored, in lower case. */
  readonly id: string;
  /** API values by field name, without secrets. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly version: number;
  /** What was deleted together has the same; null for a live record. */
  readonly deletionId: string | null;
  /** The grants of the operation that the row meets: which fields may be set is for them to say. */
  readonly grants: readonly Grant[];
}

/** The row a write starts from: one that the actor may do `operation` on; locked when read inside a transaction. */
export async function currentRow(
  database: Knex,
  context: Context,
  entity: Entity,
  id: string,
  operation: 'update' | 'delete' | 'merge' | 'restore' | 'purge',
): Promise<CurrentRow> {
  if (!uuid.test(id)) throw missing(entity);
  await settleRollups(context);
  const bound = parameters();
  const live = {
    update: 't."deleted_at" IS NULL',
    delete: 't."deleted_at" IS NULL',
    merge: 't."deleted_at" IS NULL',
    restore: 't."deleted_at" IS NOT NULL',
    purge: 'true',
  }[operation];
  const readable = entityPredicate(context, entity, 't', bound, 'read');
  const allowed = entityPredicate(context, entity, 't', bound, operation);
  const met = metGrants(context, entity, 't', bound, operation);
  // An update leaves the key alone, so records that refer to this one need not wait; a delete must make them wait.
  const lock = context.transaction === undefined ? '' : operation === 'update' ? ' FOR NO KEY UPDATE' : ' FOR UPDATE';
  const [row] = await run(context.transaction ?? database, {
    text: `SELECT ${[rowColumns(entity), '"deletion_id"', `${allowed} AS "?allowed"`, ...met].join(', ')} FROM ${entity.qualifiedTable} t WHERE t."id" = ${bound.bind(id)}::uuid AND ${live} AND ${readable}${lock}`,
    values: bound.values,
  });
  if (row === undefined) throw missing(entity);
  if (row['?allowed'] !== true) throw problem('forbidden', { detail: `You may not ${operation} this ${entity.singular}.` });
  return {
    id: String(row['id']),
    record: recordOf(entity, row),
    version: Number(row['version']),
    deletionId: row['deletion_id'] as string | null,
    grants: grantsMet(context, entity, operation, row),
  };
}
