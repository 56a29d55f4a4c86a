// A record that was merged into another: whoever asks for it is told of that one.
import type { Knex } from 'knex';
import type { Entity } from '../metadata/registry.ts';
import { type Problem, problem } from '../problem.ts';
import type { Context } from './context.ts';
import { mergeTable } from './merge-journal.ts';
import { entityPredicate } from './row-rights.ts';
import { parameters, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

interface Loser extends Record<string, unknown> {
  readonly merge: string;
  readonly winner: string;
  readonly readable: boolean | null;
}

/** Where its merge leads, over later merges too; undefined for a record that no merge took away. */
async function winnerOf(database: Knex, context: Context, entity: Entity, id: string): Promise<Loser | undefined> {
  const bound = parameters();
  const [start, name] = [bound.bind(id), bound.bind(entity.id)];
  const readable = entityPredicate(context, entity, 't', bound, 'read');
  const merges = `${mergeTable(context, 'merge_losers')} l JOIN ${mergeTable(context, 'merges')} m ON m.id = l.merge_id AND m.entity = ${name} AND m.undone_at IS NULL`;
  const [found] = await run<Loser>(context.transaction ?? database, {
    text: `WITH RECURSIVE led AS (
        SELECT l.loser_id, m.winner_id, m.id AS merge, 1 AS step FROM ${merges} WHERE l.loser_id = ${start}::uuid
        UNION ALL SELECT l.loser_id, m.winner_id, led.merge, led.step + 1 FROM led JOIN ${merges} ON l.loser_id = led.winner_id WHERE led.step < 50
      )
      SELECT led.merge, led.winner_id AS winner, ${readable} AND EXISTS (
        SELECT FROM ${entity.qualifiedTable} t WHERE t."id" = ${start}::uuid AND t."deleted_at" IS NOT NULL AND ${readable}
      ) AS readable
      FROM led JOIN ${entity.qualifiedTable} t ON t."id" = led.winner_id AND t."deleted_at" IS NULL ORDER BY led.step DESC LIMIT 1`,
    values: bound.values,
  });
  return found;
}

/** The problem `merged` for those who may read both of them; undefined for all others, who are told that there is nothing. */
export async function mergedElsewhere(
  database: Knex,
  context: Context,
  entity: Entity,
  id: string,
): Promise<Problem | undefined> {
  if (!entity.operations.has('merge')) return undefined;
  const found = await winnerOf(database, context, entity, id);
  if (found?.readable !== true) return undefined;
  return problem('merged', {
    detail: `This ${entity.singular} was merged into another one.`,
    headers: { Location: `${context.registry.app.basePath}/${entity.name}/${found.winner}` },
    extra: { merged_into: found.winner, merge: found.merge },
  });
}

/** @throws problem `conflict`: what was merged comes back by undoing the merge, with all that hung on it */
export async function refuseMerged(database: Knex, context: TransactionContext, entity: Entity, id: string): Promise<void> {
  if (!entity.operations.has('merge')) return;
  const found = await winnerOf(database, context, entity, id);
  if (found === undefined) return;
  throw problem('conflict', {
    detail: `This ${entity.singular} was merged into another one. Undo the merge instead.`,
    ...(found.readable === true ? { extra: { merged_into: found.winner, merge: found.merge } } : {}),
  });
}
