// Creates a record, or updates the live one that has the same value in a unique field.
import { problem } from '../problem.ts';
import { entityFor } from './access.ts';
import type { Context } from './context.ts';
import { create } from './create.ts';
import { conditionOn, entityPredicate } from './fact-columns.ts';
import { parseInput } from './input.ts';
import type { RecordValues } from './records.ts';
import type { WriteOptions, Written } from './repository.ts';
import type { RepositoryServices } from './services.ts';
import { parameters, run } from './statement.ts';
import { update } from './update.ts';

export async function upsert(
  services: RepositoryServices,
  context: Context,
  name: string,
  input: RecordValues,
  on: string,
  options: WriteOptions = {},
): Promise<Written> {
  const entity = entityFor(context, name);
  const field = entity.fields.get(on);
  if (field === undefined || !(field.meta.unique === true || on === 'external_id')) {
    throw problem('invalid_query', { detail: `${entity.name} has no unique field "${on}".` });
  }
  if ((input[on] ?? null) === null) {
    throw problem('validation_failed', {
      errors: [{ pointer: `/${on}`, code: 'required', detail: 'The value to match on is missing.' }],
    });
  }
  const parsed = await parseInput(context, entity, { [on]: input[on] }, {}, { onFieldIssue: () => undefined });
  const value = parsed.after[on];
  const bound = parameters();
  const same = conditionOn(context, entity, 't', { fact: on, operator: 'equal', value: value as string }, bound);
  const readable = entityPredicate(context, entity, 't', bound, 'read');
  const [row] = await run<{ id: string }>(context.transaction ?? services.knex, {
    text: `SELECT t."id" FROM ${entity.qualifiedTable} t WHERE ${same} AND t."deleted_at" IS NULL AND ${readable}`,
    values: bound.values,
  });
  return row === undefined
    ? create(services, context, name, input, options)
    : update(services, context, name, row.id, input, options);
}
