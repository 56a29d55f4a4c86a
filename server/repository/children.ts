// The records that refer to a record: through which relations, and which they are, locked for the write that lets them go.
import type { Entity, Registry } from '../metadata/registry.ts';
import { type Incoming, incomingOf } from './incoming.ts';
import { type RecordValues, recordOf, rowColumns } from './records.ts';
import { quoted, run } from './statement.ts';
import { namesEntity } from './stored-names.ts';
import type { TransactionContext } from './transaction.ts';

/** Children loaded at once, so that a record with very many of them does not fill the memory. */
const batch = 500;

/**
 * The relations through which other records refer to this one, in one statement. Where its row is locked against new
 * references, the answer only ever shrinks.
 */
export async function referringRelations(
  context: TransactionContext,
  entity: Entity,
  id: string,
  which: 'live' | 'deleted too',
): Promise<readonly Incoming[]> {
  const incoming = incomingOf(context.registry).get(entity.name) ?? [];
  if (incoming.length === 0) return [];
  const live = which === 'live' ? ' AND "deleted_at" IS NULL' : '';
  const parts = incoming.map(
    (one, at) =>
      `SELECT ${at} AS at WHERE EXISTS (SELECT 1 FROM ${one.source.qualifiedTable} WHERE ${refers(context.registry, entity, one)} AND "id" <> $1::uuid${live})`,
  );
  const rows = await run<{ at: number }>(context.transaction, { text: parts.join(' UNION ALL '), values: [id] });
  return incoming.filter((_, at) => rows.some((row) => row.at === at));
}

/** The first live ones of those that refer through one relation. */
export async function loadChildren(
  context: TransactionContext,
  entity: Entity,
  id: string,
  incoming: Incoming,
  except: readonly string[] = [],
): Promise<readonly RecordValues[]> {
  const { source } = incoming;
  const rows = await run(context.transaction, {
    text: `SELECT ${rowColumns(source)} FROM ${source.qualifiedTable} WHERE ${refers(context.registry, entity, incoming)} AND "deleted_at" IS NULL AND "id" <> ALL($2::uuid[]) ORDER BY "id" LIMIT ${batch} FOR UPDATE`,
    values: [id, except],
  });
  return rows.map((row) => recordOf(source, row));
}

/** `$1` is the id referred to. */
const refers = (registry: Registry, entity: Entity, { relation }: Incoming): string =>
  relation.kind === 'belongsTo'
    ? `${quoted(relation.field)} = $1::uuid`
    : `${namesEntity(registry, quoted(relation.typeField), entity.name)} AND ${quoted(relation.idField)} = $1::uuid`;
