// Records that refer to a loser of a merge refer to the winner afterwards; what the winner has already is taken away instead.
import type { Entity } from '../metadata/registry.ts';
import { loadChildren, referringRelations } from './children.ts';
import { columnName } from './columns.ts';
import type { Incoming } from './incoming.ts';
import { keepMoves, type Merge, type Move, mergeTable } from './merge-journal.ts';
import type { RecordValues } from './records.ts';
import { softDelete } from './remove.ts';
import { rewrite } from './rewrite.ts';
import type { RepositoryServices } from './services.ts';
import { parameters, quoted, run } from './statement.ts';
import { namesEntity } from './stored-names.ts';
import type { TransactionContext } from './transaction.ts';

/** How many were moved, and how many were taken away. */
export interface Moved {
  readonly moved: number;
  readonly collapsed: number;
}

/** Rights aside, as a foreign key would: whoever may merge the records takes along what hangs on them. */
export async function moveChildren(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  merge: Omit<Merge, 'changes'>,
  loser: string,
): Promise<Moved> {
  let [moved, collapsed] = [0, 0];
  const group = [merge.winner, ...merge.losers];
  for (const incoming of await referringRelations(context, entity, loser, 'live')) {
    const { source, relation } = incoming;
    // The merged records themselves are seen to with their fields.
    const except = source.name === entity.name ? group : [];
    for (;;) {
      const children = await loadChildren(context, entity, loser, incoming, except);
      if (children.length === 0) break;
      const moves: Move[] = [];
      for (const child of children) {
        const kind = (await isThere(context, incoming, child, merge.winner)) ? 'collapsed' : 'moved';
        if (kind === 'collapsed') await softDelete(services, context, source, child, merge.id);
        else await rewrite(services, context, source, child, { [referenceField(incoming)]: merge.winner });
        moves.push({ entity: source.id, relation: relation.id, record: String(child['id']), loser, kind });
      }
      await keepMoves(context, merge.id, moves);
      const gone = moves.filter(({ kind }) => kind === 'collapsed').length;
      collapsed += gone;
      moved += moves.length - gone;
    }
  }
  return { moved: moved + (await moveHistory(context, entity, merge, loser)), collapsed };
}

export const referenceField = ({ relation }: Incoming): string =>
  relation.kind === 'belongsTo' ? relation.field : relation.idField;

/** Whether the winner has a live record like the child: by each unique index over the reference, or as a link to the same. */
async function isThere(context: TransactionContext, incoming: Incoming, child: RecordValues, winner: string): Promise<boolean> {
  const { source } = incoming;
  const reference = referenceField(incoming);
  for (const names of identities(context, incoming)) {
    const others = names.filter((name) => name !== reference);
    // Null is like nothing, not even another null.
    if (others.some((name) => (child[name] ?? null) === null)) continue;
    const bound = parameters();
    const same = [...others, reference].map((name) => {
      const field = source.fields.get(name);
      const value = bound.bind(name === reference ? winner : child[name]);
      return `${quoted(field === undefined ? name : columnName(field))} = ${value}::${field?.columns[0]?.type ?? 'text'}`;
    });
    const [row] = await run(context.transaction, {
      text: `SELECT FROM ${source.qualifiedTable} WHERE ${same.join(' AND ')} AND "deleted_at" IS NULL AND "id" <> ${bound.bind(child['id'])}::uuid LIMIT 1`,
      values: bound.values,
    });
    if (row !== undefined) return true;
  }
  return false;
}

/** Sets of fields of which no two live records have the same values. */
function identities(context: TransactionContext, incoming: Incoming): readonly (readonly string[])[] {
  const { source, relation } = incoming;
  const reference = referenceField(incoming);
  const indexes = (source.meta.indexes ?? [])
    .filter(({ unique }) => unique === true)
    .map(({ fields }) => fields.map((field) => field.replace(/^-/, '')))
    .filter((fields) => fields.includes(reference));
  const own = source.meta.relations?.[relation.name];
  if (own?.kind === 'belongsTo' && own.unique === true) return [...indexes, [reference]];
  return indexes.length > 0 ? indexes : linkPairs(context, source, reference);
}

/** A link entity links two records once. */
function linkPairs(context: TransactionContext, source: Entity, reference: string): readonly (readonly string[])[] {
  const pairs = [...context.registry.entities.values()].flatMap(({ relations }) =>
    [...relations.values()].flatMap((relation) =>
      relation.kind === 'manyToMany' && relation.through === source.name ? [[relation.fromField, relation.toField]] : [],
    ),
  );
  return pairs.filter((pair) => pair.includes(reference));
}

const timelineEntity = 'timeline';

/** The history of the losers is the winner's. The audit log stays with the records that it is about, and its digests hold. */
async function moveHistory(
  context: TransactionContext,
  entity: Entity,
  merge: Omit<Merge, 'changes'>,
  loser: string,
): Promise<number> {
  const timeline = context.registry.entities.get(timelineEntity);
  const relation = timeline?.relations.get('parent');
  if (timeline === undefined || relation?.kind !== 'belongsToAny') return 0;
  const rows = await run(context.transaction, {
    text: `WITH moved AS (
        UPDATE ${timeline.qualifiedTable} SET ${quoted(relation.idField)} = $2::uuid
        WHERE ${namesEntity(context.registry, quoted(relation.typeField), entity.name)} AND ${quoted(relation.idField)} = $3::uuid RETURNING "id"
      ) INSERT INTO ${mergeTable(context, 'merge_moves')} (merge_id, entity, relation, record_id, loser_id, kind)
      SELECT $1::uuid, $4, $5, "id", $3::uuid, 'history' FROM moved RETURNING 1 AS one`,
    values: [merge.id, merge.winner, loser, timeline.id, relation.id],
  });
  return rows.length;
}

export async function moveHistoryBack(context: TransactionContext, { id, winner }: Omit<Merge, 'changes'>): Promise<void> {
  const timeline = context.registry.entities.get(timelineEntity);
  const relation = timeline?.relations.get('parent');
  if (timeline === undefined || relation?.kind !== 'belongsToAny') return;
  await run(context.transaction, {
    text: `UPDATE ${timeline.qualifiedTable} t SET ${quoted(relation.idField)} = m.loser_id FROM ${mergeTable(context, 'merge_moves')} m
      WHERE m.merge_id = $1 AND m.kind = 'history' AND m.entity = $3 AND t."id" = m.record_id AND t.${quoted(relation.idField)} = $2::uuid`,
    values: [id, winner, timeline.id],
  });
}
