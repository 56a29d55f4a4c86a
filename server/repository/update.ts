// Changes one record by a merge-patch: only what differs is written, and a patch that changes nothing leaves no trace.
import { v7 as uuidv7 } from 'uuid';
import type { Entity } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { modelsOf } from '../tables/models.ts';
import { entityFor, requireOperation } from './access.ts';
import { refuseIssues, runBeforeSave, runPrepare, traceChange } from './change.ts';
import type { Context } from './context.ts';
import type { Change } from './hooks.ts';
import { differs, type ParsedInput, parseInput } from './input.ts';
import { maintainedColumns } from './maintained.ts';
import { type CurrentRow, currentRow } from './read.ts';
import { changedFields, type RecordValues } from './records.ts';
import { checkReferences, incompleteReferences } from './references.ts';
import type { WriteOptions, Written } from './repository.ts';
import { checkRules } from './rules.ts';
import type { RepositoryServices } from './services.ts';
import { inTransaction, type TransactionContext } from './transaction.ts';
import { asConflict } from './unique-conflict.ts';

export async function update(
  services: RepositoryServices,
  context: Context,
  name: string,
  id: string,
  patch: RecordValues,
  options: WriteOptions = {},
): Promise<Written> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'update');
  if (services.hooks.some((hook) => hook.prepare !== undefined)) await prepare(services, context, entity, id, patch);
  return inTransaction(services, context, async (inner) => {
    const current = await currentRow(services.knex, inner, entity, id, 'update');
    requireVersion(entity, current, options.ifVersion);
    const parsed = await parseInput(inner, entity, patch, current.record, options);
    if (parsed.issues.length === 0 && !differs(entity, parsed, current.record)) {
      return { id, version: current.version, created: false, changed: false };
    }
    return save(services, inner, entity, id, current, parsed);
  });
}

/** The network checks of the hooks, on the record as it stands now and before any lock is held. */
async function prepare(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  id: string,
  patch: RecordValues,
): Promise<void> {
  const { transaction: _none, ...outside } = context;
  const current = await currentRow(context.transaction ?? services.knex, outside, entity, id, 'update');
  const parsed = await parseInput(context, entity, patch, current.record, { onFieldIssue: () => undefined });
  if (parsed.issues.length > 0) return;
  refuseIssues(await runPrepare(services, context, updateChange(entity, id, current.record, parsed.after)));
}

/** 428 where the entity wants If-Match and there is none, 412 with the current record where it is stale. */
export function requireVersion(entity: Entity, current: CurrentRow, ifVersion: number | undefined): void {
  if (ifVersion === undefined) {
    if (entity.meta.features?.requireIfMatch === true) throw problem('precondition_required');
    return;
  }
  if (ifVersion !== current.version) {
    throw problem('stale_version', {
      detail: `This ${entity.singular} is at version ${current.version}, not ${ifVersion}.`,
      headers: { ETag: `"${current.version}"` },
      extra: { current: visible(entity, current.record) },
    });
  }
}

const visible = (entity: Entity, record: RecordValues): RecordValues =>
  Object.fromEntries(
    [...entity.fields.values()]
      .filter((field) => !field.hidden && field.type.secret !== true)
      .map((field) => [field.name, record[field.name]]),
  );

const updateChange = (entity: Entity, id: string, before: RecordValues, after: RecordValues): Change => ({
  operation: 'update',
  entity,
  id,
  before,
  after,
  changed: changedFields(entity, before, after),
});

async function save(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  id: string,
  current: CurrentRow,
  parsed: ParsedInput,
): Promise<Written> {
  const columns: Record<string, unknown> = { ...parsed.columns };
  let after: RecordValues = parsed.after;
  refuseIssues(parsed.issues);
  const set = await runBeforeSave(services, context, updateChange(entity, id, current.record, after));
  if (Object.keys(set).length > 0) {
    const more = await parseInput(context, entity, set, after, { trusted: true });
    refuseIssues(more.issues);
    Object.assign(columns, more.columns);
    after = more.after;
  }
  const changed = changedFields(entity, current.record, after);
  refuseIssues([
    ...incompleteReferences(entity, after),
    ...(await checkReferences(context, entity, after, changed)),
    ...(await checkRules(services, context, entity, { before: current.record, after, changed })),
  ]);
  const version = current.version + 1;
  const bookkeeping = writtenNow(context, version);
  const maintained = maintainedColumns(entity, after);
  await writeRow(context, entity, id, { ...columns, ...maintained, ...bookkeeping }, after);
  const stored = { ...after, ...bookkeeping, display_name: maintained['display_name'] };
  await traceChange(services, context, updateChange(entity, id, current.record, stored), version, parsed.secrets);
  return { id, version, created: false, changed: true };
}

/** The bookkeeping columns of a write by this actor, now. */
export function writtenNow(context: Context, version: number): Readonly<Record<string, unknown>> {
  return { version, updated_at: new Date().toISOString(), updated_by: context.actor.roles.length > 0 ? context.actor.id : null };
}

/** Updates the columns of one row; a unique violation becomes a problem that names the fields. */
export async function writeRow(
  context: TransactionContext,
  entity: Entity,
  id: string,
  columns: Readonly<Record<string, unknown>>,
  after: RecordValues,
): Promise<void> {
  try {
    await modelsOf(context.registry).get(entity.name)?.query(context.transaction).patch(columns).where('id', id);
  } catch (error) {
    throw asConflict(context, entity, error, after);
  }
}

/** A correlation id of its own for an act that must be undone as one. */
export const newCorrelation = (): string => uuidv7();
