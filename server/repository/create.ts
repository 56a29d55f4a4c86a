// Creates one record: parse → rules → hooks → row, audit, event in one transaction.
import { v7 as uuidv7 } from 'uuid';
import type { Entity } from '../metadata/registry.ts';
import { modelsOf } from '../tables/models.ts';
import { entityFor, requireOperation } from './access.ts';
import { assignAutoNumbers } from './auto-numbers.ts';
import { refuseIssues, runBeforeSave, runPrepare, traceChange } from './change.ts';
import type { Context } from './context.ts';
import type { Change } from './hooks.ts';
import { type ParsedInput, parseInput } from './input.ts';
import { maintainedColumns } from './maintained.ts';
import { changedFields, type RecordValues } from './records.ts';
import { checkReferences, incompleteReferences } from './references.ts';
import type { WriteOptions, Written } from './repository.ts';
import { checkRules } from './rules.ts';
import type { RepositoryServices } from './services.ts';
import { inTransaction, type TransactionContext } from './transaction.ts';
import { asConflict } from './unique-conflict.ts';

export async function create(
  services: RepositoryServices,
  context: Context,
  name: string,
  input: RecordValues,
  options: WriteOptions = {},
): Promise<Written> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'create');
  const id = uuidv7();
  const parsed = await parseInput(context, entity, input, null, options);
  const change = createChange(entity, id, parsed.after);
  refuseIssues([
    ...parsed.issues,
    ...incompleteReferences(entity, parsed.after),
    ...(await checkRules(services, context, entity, { before: null, after: parsed.after, changed: change.changed })),
    ...(await runPrepare(services, context, change)),
  ]);
  return inTransaction(services, context, (inner) => insert(services, inner, entity, id, parsed));
}

const createChange = (entity: Entity, id: string, after: RecordValues): Change => ({
  operation: 'create',
  entity,
  id,
  before: null,
  after,
  changed: changedFields(entity, {}, after),
});

async function insert(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  id: string,
  parsed: ParsedInput,
): Promise<Written> {
  const columns: Record<string, unknown> = { ...parsed.columns };
  let after: Record<string, unknown> = { ...parsed.after };
  const set = await runBeforeSave(services, context, createChange(entity, id, after));
  if (Object.keys(set).length > 0) {
    const more = await parseInput(context, entity, set, after, { trusted: true });
    refuseIssues(more.issues);
    Object.assign(columns, more.columns);
    after = more.after;
  }
  refuseIssues(await checkReferences(context, entity, after, changedFields(entity, {}, after)));
  const numbers = await assignAutoNumbers(context, entity);
  const now = new Date().toISOString();
  const actor = context.actor.roles.length > 0 ? context.actor.id : null;
  Object.assign(after, numbers, { id, version: 1, created_at: now, updated_at: now, created_by: actor, updated_by: actor });
  const maintained = maintainedColumns(entity, after);
  after['display_name'] = maintained['display_name'];
  const model = modelsOf(context.registry).get(entity.name);
  const row = {
    ...columns,
    ...numbers,
    ...maintained,
    id,
    version: 1,
    created_at: now,
    updated_at: now,
    created_by: actor,
    updated_by: actor,
  };
  try {
    await model?.query(context.transaction).insert(row).returning('id');
  } catch (error) {
    throw asConflict(context, entity, error, after);
  }
  await traceChange(services, context, createChange(entity, id, after), 1, parsed.secrets);
  return { id, version: 1, created: true, changed: true };
}
