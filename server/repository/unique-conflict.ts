// A violated unique index → a problem that names the fields whose value another record already has.
import { type Entity, perRegistry } from '../metadata/registry.ts';
import { type Problem, problem } from '../problem.ts';
import { schemaModel } from '../tables/schema-model.ts';
import type { RecordValues } from './records.ts';
import { driverError, sqlState, type TransactionContext } from './transaction.ts';

/** Index name → the field columns it makes unique. */
const uniqueIndexes = perRegistry((registry): ReadonlyMap<string, readonly string[]> => {
  const indexes = schemaModel(registry).tables.flatMap((table) => table.indexes);
  return new Map(
    indexes.filter((index) => index.unique).map((index) => [index.name, index.columns.map((column) => column.name)]),
  );
});

/** The problem for a unique violation of this write; any other error comes back as it is. */
export function asConflict(context: TransactionContext, entity: Entity, error: unknown, after: RecordValues): unknown {
  if (sqlState(error) !== '23505') return error;
  return conflict(context, entity, constraintOf(error), after, error);
}

function conflict(context: TransactionContext, entity: Entity, constraint: string, after: RecordValues, cause: unknown): Problem {
  const columns = uniqueIndexes(context.registry).get(constraint) ?? [];
  // The model may tell a column by the name that it has outside of any change.
  const fields = [...entity.fields.values()].filter((field) =>
    field.columns.some((column) => columns.includes(column.name) || columns.includes(`${field.name}${column.suffix}`)),
  );
  const errors = fields.map((field) => ({
    pointer: `/${field.name}`,
    code: 'unique',
    detail: `Another ${entity.singular} already has this value.`,
  }));
  const named = fields.map((field) => `${field.name} "${String(after[field.name])}"`).join(', ');
  return problem('unique_conflict', {
    ...(named === '' ? {} : { detail: `Another ${entity.singular} has ${named}.` }),
    errors,
    cause,
  });
}

function constraintOf(error: unknown): string {
  const { constraint } = driverError(error) as { constraint?: unknown };
  return typeof constraint === 'string' ? constraint : '';
}
