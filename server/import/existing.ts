// The records that the rows of a chunk are about, by the field that the mapping matches on: one look-up for all of them.
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { run } from '../repository/statement.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { keyLock } from '../repository/upsert.ts';
import type { CompiledMapping } from './mapping.ts';
import { canonicalValue, idsByValue } from './records-by-value.ts';
import type { RowInput } from './row-input.ts';

export interface Existing {
  /** The id of the record that has the input's key, if there was one or the import has made one since. */
  find(context: Context, input: Readonly<Record<string, unknown>>): Promise<string | undefined>;
  made(context: Context, input: Readonly<Record<string, unknown>>, id: string): Promise<void>;
}

/** Until the commit nobody else makes a record with one of these keys: who wants to waits, and then finds it. */
export async function existingRecords(
  repository: Repository,
  context: TransactionContext,
  { entity, upsertOn }: CompiledMapping,
  rows: readonly RowInput[],
): Promise<Existing> {
  const field = upsertOn === undefined ? undefined : entity.fields.get(upsertOn);
  const keyOf = async (inner: Context, input: Readonly<Record<string, unknown>>): Promise<string | undefined> => {
    const given = field === undefined ? undefined : input[field.name];
    return field === undefined || given === undefined || given === null
      ? undefined
      : canonicalValue(inner.registry, field, given);
  };
  const known = new Map<string, string>();
  if (field !== undefined) {
    const keys = new Set<string>();
    for (const { input } of rows) {
      const key = await keyOf(context, input);
      if (key !== undefined) keys.add(key);
    }
    await lockKeys(
      context,
      [...keys].map((key) => keyLock(entity, field.name, key)),
    );
    for (const [key, [id]] of await idsByValue(repository, context, entity.name, field, [...keys])) {
      if (id !== undefined) known.set(key, id);
    }
  }
  return {
    find: async (inner, input) => known.get((await keyOf(inner, input)) ?? ''),
    made: async (inner, input, id) => {
      const key = await keyOf(inner, input);
      if (key !== undefined) known.set(key, id);
    },
  };
}

/** In one order, so that two imports do not wait for each other. */
async function lockKeys({ transaction }: TransactionContext, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await run(transaction, {
    text: 'SELECT pg_advisory_xact_lock(hashtextextended(k, 0)) FROM (SELECT unnest($1::text[]) AS k OFFSET 0) keys',
    values: [[...names].sort()],
  });
}
