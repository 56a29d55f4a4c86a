// Changes fields of a record as the engine's own doing: no rules and no rights, but with version, audit, event and timeline.
import type { Entity, Field } from '../metadata/registry.ts';
import { traceChange } from './change.ts';
import { columnName } from './columns.ts';
import { derive } from './derived.ts';
import { maintainedColumns } from './maintained.ts';
import { changedFields, type RecordValues, recordOf, rowColumns } from './records.ts';
import { writeRow, writtenNow } from './row.ts';
import type { RepositoryServices } from './services.ts';
import { run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/** @param values by field name, as records hold them */
export async function rewrite(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  before: RecordValues,
  given: RecordValues,
): Promise<void> {
  const id = String(before['id']);
  const version = Number(before['version']) + 1;
  const written = writtenNow(context, version);
  // What is worked out follows from the rest.
  const values = Object.fromEntries(Object.entries(given).filter(([name]) => entity.fields.get(name)?.computed === undefined));
  const derived = await derive(context, entity, { ...before, ...values });
  const after = { ...before, ...values, ...derived.values, ...written };
  const maintained = maintainedColumns(entity, after);
  await writeRow(context, entity, id, { ...columnsOf(entity, values), ...derived.columns, ...maintained, ...written }, after);
  const change = {
    operation: 'update',
    entity,
    id,
    before,
    after: { ...after, display_name: maintained['display_name'] },
    changed: changedFields(entity, before, after),
  } as const;
  await traceChange(services, context, change, version);
}

/** Records' values as their columns hold them. */
function columnsOf(entity: Entity, values: RecordValues): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const field = entity.fields.get(name);
      return field === undefined ? [] : fieldColumns(field, value);
    }),
  );
}

function fieldColumns(field: Field, value: unknown): readonly (readonly [string, unknown])[] {
  const { parts } = field.type;
  if (parts !== undefined)
    return Object.entries(parts).map(([part, { suffix }]) => [
      columnName(field, suffix),
      (value as RecordValues | null)?.[part] ?? null,
    ]);
  const isJson = field.type.kind === 'json' && value !== null;
  return [[columnName(field), isJson ? JSON.stringify(value) : value]];
}

/** Rows by their ids, deleted ones included, locked in the order of the ids. */
export async function lockedRecords(
  context: TransactionContext,
  entity: Entity,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LockedRecord>> {
  const rows = await run(context.transaction, {
    text: `SELECT ${rowColumns(entity)}, "deletion_id" FROM ${entity.qualifiedTable} WHERE "id" = ANY($1::uuid[]) ORDER BY "id" FOR UPDATE`,
    values: [ids],
  });
  return new Map(
    rows.map((row) => [String(row['id']), { record: recordOf(entity, row), deletionId: row['deletion_id'] as string | null }]),
  );
}

export interface LockedRecord {
  readonly record: RecordValues;
  /** Null for a live one. */
  readonly deletionId: string | null;
}
