// Creates a record, or updates the live one that has the same value in a unique field.
import { currentMember } from '../metadata/aliases.ts';
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { seenEntity } from './access.ts';
import type { Context } from './context.ts';
import { create } from './create.ts';
import { parseInput } from './input.ts';
import type { RecordValues } from './records.ts';
import type { WriteOptions, Written } from './repository.ts';
import { conditionOn } from './row-rights.ts';
import type { RepositoryServices } from './services.ts';
import { parameters, run } from './statement.ts';
import { inTransaction } from './transaction.ts';
import { update } from './update.ts';
import { visibleRows } from './visible.ts';

export async function upsert(
  services: RepositoryServices,
  context: Context,
  name: string,
  input: RecordValues,
  given: string,
  options: WriteOptions = {},
): Promise<Written> {
  const entity = seenEntity(context, name);
  const on = currentMember(entity, given);
  const field = entity.fields.get(on);
  if (field === undefined || field.guard !== undefined || !(field.meta.unique === true || on === 'external_id')) {
    throw problem('invalid_query', { detail: `${entity.name} has no unique field "${on}".` });
  }
  if ((input[on] ?? null) === null) {
    throw problem('validation_failed', {
      errors: [{ pointer: `/${on}`, code: 'required', detail: 'The value to match on is missing.' }],
    });
  }
  const parsed = await parseInput(services, context, entity, { [on]: input[on] }, {}, { onFieldIssue: () => undefined });
  const value = parsed.after[on] as string;
  const known = await findId(services, context, entity, on, value);
  if (known !== undefined) return update(services, context, name, known, input, options);
  return inTransaction(services, context, async (inner) => {
    // Two upserts of one new value: the second waits here, and then finds what the first has made.
    await run(inner.transaction, {
      text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
      values: [keyLock(entity, on, value)],
    });
    const made = await findId(services, inner, entity, on, value);
    return made === undefined
      ? create(services, inner, name, input, options)
      : update(services, inner, name, made, input, options);
  });
}

/** The name of the lock under which a record with this key is made. */
export const keyLock = (entity: Entity, on: string, value: string): string => `${entity.qualifiedTable} ${on} ${value}`;

async function findId(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  on: string,
  value: string,
): Promise<string | undefined> {
  const bound = parameters();
  const same = conditionOn(context, entity, 't', { fact: on, operator: 'equal', value }, bound);
  const visible = visibleRows(context, entity, 't', 'live', bound);
  const [row] = await run<{ id: string }>(context.transaction ?? services.knex, {
    text: `SELECT t."id" FROM ${entity.qualifiedTable} t WHERE ${[same, ...visible].join(' AND ')}`,
    values: bound.values,
  });
  return row?.id;
}
