// Deletes a row for good: only with the right to purge, and only when nothing refers to it any more.
import { modelsOf } from '../tables/models.ts';
import { entityFor, requireOperation } from './access.ts';
import { traceChange } from './change.ts';
import { referringRelations } from './children.ts';
import type { Context } from './context.ts';
import { forgetFiles } from './files.ts';
import { currentRow } from './read.ts';
import { inUse } from './remove.ts';
import type { RepositoryServices } from './services.ts';
import { inTransaction } from './transaction.ts';

export async function purge(services: RepositoryServices, context: Context, name: string, id: string): Promise<void> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'purge');
  await inTransaction(services, context, async (inner) => {
    const current = await currentRow(services.knex, inner, entity, id, 'purge');
    // Not every reference has a foreign key to hold it.
    const [referring] = await referringRelations(inner, entity, current.id, 'deleted too');
    if (referring !== undefined) throw inUse(inner, entity, referring, 'deleted too');
    await modelsOf(inner.registry).get(entity.name)?.query(inner.transaction).delete().where('id', current.id);
    await forgetFiles(inner, entity, current.id);
    const change = { operation: 'purge', entity, id: current.id, before: current.record, after: null, changed: [] } as const;
    await traceChange(services, inner, change, current.version + 1);
  });
}
