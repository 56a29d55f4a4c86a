// Changes one record by a merge-patch: a patch that changes nothing leaves no trace.
import type { Entity } from '../metadata/registry.ts';
import { entityFor, requireOperation, seenBy } from './access.ts';
import { refuseIssues, runPrepare, traceChange } from './change.ts';
import type { Context } from './context.ts';
import { delegatedAct } from './delegates.ts';
import { changeOf, type Draft, refuseMalformed, settle } from './draft.ts';
import { refuseDuplicates } from './duplicates.ts';
import { differs, parseInput } from './input.ts';
import { maintainedColumns } from './maintained.ts';
import { type CurrentRow, currentRow } from './read.ts';
import type { RecordValues } from './records.ts';
import type { WriteOptions, Written } from './repository.ts';
import { writeRow, writtenNow } from './row.ts';
import type { RepositoryServices } from './services.ts';
import { inTransaction, type TransactionContext } from './transaction.ts';
import { requireVersion } from './version.ts';
import { assignmentIssues, belongsElsewhere, requireWithin } from './within-reach.ts';

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
  const delegated = delegatedAct(services, context, entity, 'update', { id, patch, options });
  if (delegated !== undefined) return delegated;
  if (services.hooks.some((hook) => hook.prepare !== undefined)) await prepare(services, context, entity, id, patch);
  return inTransaction(services, context, async (inner) => {
    const current = await currentRow(services.knex, inner, entity, id, 'update');
    await requireVersion(services, inner, entity, current, options.ifVersion);
    return updateCurrent(services, inner, entity, current, patch, options);
  });
}

/** The same for a row that is locked already, without the hooks that may wait for the network. */
export async function updateCurrent(
  services: RepositoryServices,
  inner: TransactionContext,
  entity: Entity,
  current: CurrentRow,
  patch: RecordValues,
  options: WriteOptions = {},
): Promise<Written> {
  const parsed = await parseInput(services, inner, entity, patch, current.record, { ...options, grants: current.grants });
  // Whether a value that may be set but not read was there already is nothing to find out by trying.
  const blind = Object.keys(patch).some((name) => isClosed(inner, entity, name));
  if (parsed.issues.length === 0 && !blind && !differs(entity, parsed, current.record))
    return { id: current.id, version: current.version, created: false, changed: false };
  refuseIssues(assignmentIssues(inner, entity, current.record, parsed.after));
  return save(services, inner, { entity, id: current.id, before: current.record, parsed }, current.version, blind, options);
}

function isClosed(context: Context, entity: Entity, name: string): boolean {
  const seen = seenBy(context).entities.get(entity.name)?.fields.get(name);
  return entity.fields.has(name) && (seen === undefined || seen.guard !== undefined);
}

/** The network checks of the hooks, on the record as it stands now and before any lock is held. */
async function prepare(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  asked: string,
  patch: RecordValues,
): Promise<void> {
  const { transaction, ...outside } = context;
  const { id, record, grants } = await currentRow(transaction ?? services.knex, outside, entity, asked, 'update');
  const parsed = await parseInput(services, context, entity, patch, record, { grants, onFieldIssue: () => undefined });
  if (parsed.issues.length > 0 || !differs(entity, parsed, record)) return;
  refuseIssues(await runPrepare(services, context, changeOf({ entity, id, before: record, parsed })));
}

async function save(
  services: RepositoryServices,
  context: TransactionContext,
  given: Draft,
  currentVersion: number,
  blind: boolean,
  { onSaved }: WriteOptions,
): Promise<Written> {
  await refuseMalformed(services, context, given);
  const draft = await settle(services, context, given);
  const { entity, id, before, parsed } = draft;
  // A hook may have taken the change back.
  if (!blind && !differs(entity, parsed, before ?? {})) return { id, version: currentVersion, created: false, changed: false };
  const version = currentVersion + 1;
  const maintained = maintainedColumns(entity, parsed.after);
  const written = writtenNow(context, version);
  const after = { ...parsed.after, ...written, display_name: maintained['display_name'] };
  const warnings = await refuseDuplicates(services, context, entity, { id, before, after });
  await writeRow(context, entity, id, { ...parsed.columns, ...maintained, ...written }, parsed.after);
  await requireWithin(context, entity, id, 'update', belongsElsewhere(entity, before ?? {}, after));
  const change = changeOf(draft, after);
  await traceChange(services, context, change, version, parsed.secrets);
  onSaved?.({ id, version, before, after, changed: change.changed });
  return { id, version, created: false, changed: true, ...(warnings.length > 0 ? { warnings } : {}) };
}
