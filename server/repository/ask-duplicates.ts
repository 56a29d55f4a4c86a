// Whether there are records like one that is being typed: what its write would be refused for or warned of.
import { entityFor, requireOperation } from './access.ts';
import type { Context } from './context.ts';
import { ownValues, rulesFor } from './duplicates.ts';
import { findDuplicates } from './find-duplicates.ts';
import { parseInput } from './input.ts';
import { displayName } from './maintained.ts';
import { currentRow } from './read.ts';
import type { RecordValues } from './records.ts';
import type { DuplicateFinding } from './repository.ts';
import type { RepositoryServices } from './services.ts';
import { inTransaction } from './transaction.ts';

/** Nobody is told more than a write would tell them: who may not make or change such records may not ask either. */
export async function askDuplicates(
  services: RepositoryServices,
  context: Context,
  name: string,
  input: RecordValues,
  { id }: { readonly id?: string } = {},
): Promise<readonly DuplicateFinding[]> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, id === undefined ? 'create' : 'update');
  return inTransaction(services, context, async (inner) => {
    const current = id === undefined ? undefined : await currentRow(services.knex, inner, entity, id, 'update');
    const grants = current === undefined ? {} : { grants: current.grants };
    const parsed = await parseInput(services, inner, entity, input, current?.record ?? null, {
      ...grants,
      onFieldIssue: () => undefined,
    });
    const after = { ...parsed.after, display_name: displayName(entity, parsed.after) };
    const own = ownValues(entity, after);
    const rules = await rulesFor(services, inner, entity, { id: id ?? '', before: null, after }, own);
    return findDuplicates(inner.transaction, inner, entity, rules, { self: current?.id ?? null, own });
  });
}
