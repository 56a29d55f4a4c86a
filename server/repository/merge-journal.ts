// What is kept of a merge: its records, the winner's changed values, and every reference that was moved.
import type { Entity } from '../metadata/registry.ts';
import { authorOf } from './actor.ts';
import type { Context } from './context.ts';
import { engineTable, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

export type FieldChange = { readonly before: unknown; readonly after: unknown };

export interface Merge {
  readonly id: string;
  readonly winner: string;
  readonly losers: readonly string[];
  /** By id of the field. */
  readonly changes: Readonly<Record<string, FieldChange>>;
}

export interface Move {
  /** Ids of the entity that refers, and of its relation. */
  readonly entity: string;
  readonly relation: string;
  readonly record: string;
  readonly loser: string;
  /** `history`: a row that is only appended, and has no version. */
  readonly kind: 'moved' | 'collapsed' | 'history';
}

export const mergeTable = ({ registry }: Context, name: 'merges' | 'merge_losers' | 'merge_moves'): string =>
  engineTable(registry.app, name);

export async function openMerge(context: TransactionContext, entity: Entity, merge: Omit<Merge, 'changes'>): Promise<void> {
  await run(context.transaction, {
    text: `WITH made AS (INSERT INTO ${mergeTable(context, 'merges')} (id, entity, winner_id, changes, actor_id) VALUES ($1, $2, $3, '{}', $4) RETURNING id)
      INSERT INTO ${mergeTable(context, 'merge_losers')} (merge_id, loser_id) SELECT made.id, l FROM made, unnest($5::uuid[]) AS l`,
    values: [merge.id, entity.id, merge.winner, authorOf(context.actor), merge.losers],
  });
}

export async function keepChanges(context: TransactionContext, id: string, changes: Merge['changes']): Promise<void> {
  await run(context.transaction, {
    text: `UPDATE ${mergeTable(context, 'merges')} SET changes = $2 WHERE id = $1`,
    values: [id, JSON.stringify(changes)],
  });
}

export async function keepMoves(context: TransactionContext, id: string, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return;
  const column = (pick: (move: Move) => string): string[] => moves.map(pick);
  await run(context.transaction, {
    text: `INSERT INTO ${mergeTable(context, 'merge_moves')} (merge_id, entity, relation, record_id, loser_id, kind)
      SELECT $1::uuid, * FROM unnest($2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[])`,
    values: [
      id,
      column(({ entity }) => entity),
      column(({ relation }) => relation),
      column(({ record }) => record),
      column(({ loser }) => loser),
      column(({ kind }) => kind),
    ],
  });
}

/** The merge that an undo is about, locked: the one named, or the newest into this record that still stands. */
export async function standingMerge(
  context: TransactionContext,
  entity: Entity,
  winner: string,
  id: string | undefined,
): Promise<Merge | undefined> {
  const [found] = await run<{ id: string; changes: Merge['changes'] }>(context.transaction, {
    text: `SELECT id, changes FROM ${mergeTable(context, 'merges')} WHERE entity = $1 AND winner_id = $2::uuid AND undone_at IS NULL AND ($3::uuid IS NULL OR id = $3::uuid) ORDER BY id DESC LIMIT 1 FOR UPDATE`,
    values: [entity.id, winner, id ?? null],
  });
  if (found === undefined) return undefined;
  const losers = await run<{ loser_id: string }>(context.transaction, {
    text: `SELECT loser_id FROM ${mergeTable(context, 'merge_losers')} WHERE merge_id = $1 ORDER BY loser_id`,
    values: [found.id],
  });
  return { id: found.id, winner, losers: losers.map(({ loser_id }) => loser_id), changes: found.changes };
}

/** The next moves of a kind behind the last one that was handled. */
export async function nextMoves(
  context: TransactionContext,
  id: string,
  kinds: readonly Move['kind'][],
  after: Move | undefined,
): Promise<readonly Move[]> {
  return run<Move & Record<string, unknown>>(context.transaction, {
    text: `SELECT entity, relation, record_id AS record, loser_id AS loser, kind FROM ${mergeTable(context, 'merge_moves')}
      WHERE merge_id = $1 AND kind = ANY($2::text[]) AND ($3::text IS NULL OR (entity, relation, record_id) > ($3::text, $4::text, $5::uuid))
      ORDER BY entity, relation, record_id LIMIT 500`,
    values: [id, kinds, after?.entity ?? null, after?.relation ?? null, after?.record ?? null],
  });
}

export async function markUndone(context: TransactionContext, id: string): Promise<void> {
  await run(context.transaction, {
    text: `UPDATE ${mergeTable(context, 'merges')} SET undone_at = now(), undone_by = $2 WHERE id = $1`,
    values: [id, authorOf(context.actor)],
  });
}
