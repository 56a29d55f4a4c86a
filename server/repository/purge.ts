// Deletes a row for good: only with the right to purge, and only when nothing refers to it any more.
import { problem } from '../problem.ts';
import { modelsOf } from '../tables/models.ts';
import { entityFor, requireOperation } from './access.ts';
import { traceChange } from './change.ts';
import type { Context } from './context.ts';
import { currentRow } from './read.ts';
import type { RepositoryServices } from './services.ts';
import { inTransaction, sqlState } from './transaction.ts';

export async function purge(services: RepositoryServices, context: Context, name: string, id: string): Promise<void> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'purge');
  await inTransaction(services, context, async (inner) => {
    const current = await currentRow(services.knex, inner, entity, id, 'purge');
    try {
      await modelsOf(inner.registry).get(entity.name)?.query(inner.transaction).delete().where('id', id);
    } catch (error) {
      if (sqlState(error) !== '23503') throw error;
      throw problem('in_use', {
        detail: `Other records, deleted ones included, still refer to this ${entity.singular}.`,
        cause: error,
      });
    }
    const change = { operation: 'purge', entity, id, before: current.record, after: null, changed: [] } as const;
    await traceChange(services, inner, change, current.version + 1);
  });
}
