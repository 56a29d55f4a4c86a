// The records that a mass change is about: found by a filter, within all the rights that it takes, and locked.
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { ListQuery } from '../query/ast.ts';
import { requireOperation, seenEntity } from './access.ts';
import type { Context } from './context.ts';
import { listConditions } from './list.ts';
import { settleRollups } from './rollups.ts';
import { entityPredicate } from './row-rights.ts';
import { parameters, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

export type MassQuery = Pick<ListQuery, 'entity' | 'filter' | 'search'>;

/**
 * Ids of the live records that match, in their order; those that the actor may not change in a mass do not.
 * @param most when there are more, nothing is to be done
 * @throws problems `forbidden`, `too_many_affected`
 */
export async function matching(
  context: TransactionContext,
  query: MassQuery,
  right: 'update' | 'delete',
  most: number,
): Promise<readonly string[]> {
  const entity = seenEntity(context, query.entity);
  requireOperation(context, entity, right);
  requireMassChange(context, entity);
  await settleRollups(context);
  const bound = parameters();
  const conditions = [
    ...listConditions(context, entity, { ...query, deleted: 'live' }, bound),
    ...([right, 'massChange'] as const).map((one) => entityPredicate(context, entity, 't', bound, one)),
  ];
  const rows = await run<{ id: string }>(context.transaction, {
    text: `SELECT t."id" FROM ${entity.qualifiedTable} t WHERE ${conditions.join(' AND ')} ORDER BY t."id" LIMIT ${bound.bind(most + 1)}::int FOR NO KEY UPDATE OF t`,
    values: bound.values,
  });
  if (rows.length > most)
    throw problem('too_many_affected', {
      detail: `More than ${most} ${entity.name} match: raise maxAffected, or narrow the filter.`,
    });
  return rows.map(({ id }) => id);
}

function requireMassChange({ actor }: Context, entity: Entity): void {
  if (actor.access(entity.name, 'massChange') !== 'none') return;
  throw problem('forbidden', { detail: `You may not change many ${entity.name} at once.` });
}
