// Deletes a row for good: only with the right to purge, and only when nothing refers to it any more.
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { modelsOf } from '../tables/models.ts';
import { entityFor, requireOperation } from './access.ts';
import { traceChange } from './change.ts';
import type { Context } from './context.ts';
import { incomingOf } from './incoming.ts';
import { currentRow } from './read.ts';
import type { RepositoryServices } from './services.ts';
import { literal, quoted, run } from './statement.ts';
import { inTransaction, type TransactionContext } from './transaction.ts';

export async function purge(services: RepositoryServices, context: Context, name: string, id: string): Promise<void> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'purge');
  await inTransaction(services, context, async (inner) => {
    const current = await currentRow(services.knex, inner, entity, id, 'purge');
    const referring = await firstReferring(inner, entity, current.id);
    if (referring !== undefined) {
      const detail = `There are still ${referring}, deleted ones included, that refer to this ${entity.singular}.`;
      throw problem('in_use', { errors: [{ pointer: '', code: 'in_use', detail }] });
    }
    await modelsOf(inner.registry).get(entity.name)?.query(inner.transaction).delete().where('id', current.id);
    const change = { operation: 'purge', entity, id: current.id, before: current.record, after: null, changed: [] } as const;
    await traceChange(services, inner, change, current.version + 1);
  });
}

/** The plural name of an entity with rows that refer to the record; not every reference has a foreign key to hold it. */
async function firstReferring(context: TransactionContext, entity: Entity, id: string): Promise<string | undefined> {
  const parts = (incomingOf(context.registry).get(entity.name) ?? []).map(({ source, relation }) => {
    const any = relation.kind === 'belongsToAny';
    const kind = any ? ` AND ${quoted(relation.typeField)} = ${literal(entity.name)}` : '';
    // A record may refer to itself and go all the same.
    const other = source === entity ? ` AND "id" <> $1::uuid` : '';
    const reference = quoted(any ? relation.idField : relation.field);
    return `SELECT ${literal(source.name)} AS name WHERE EXISTS (SELECT 1 FROM ${source.qualifiedTable} WHERE ${reference} = $1::uuid${kind}${other})`;
  });
  if (parts.length === 0) return undefined;
  const [row] = await run<{ name: string }>(context.transaction, { text: `${parts.join(' UNION ALL ')} LIMIT 1`, values: [id] });
  return row?.name;
}
