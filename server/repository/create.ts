// Creates one record: parse → rules → hooks → row, audit, event in one transaction.
import { v7 as uuidv7 } from 'uuid';
import { derivedFields, readsOf } from '../metadata/computed.ts';
import type { Entity } from '../metadata/registry.ts';
import { entityFor, requireOperation } from './access.ts';
import { authorOf } from './actor.ts';
import { assignAutoNumbers } from './auto-numbers.ts';
import { refuseIssues, runPrepare, traceChange } from './change.ts';
import { columnValues } from './columns.ts';
import type { Context } from './context.ts';
import { delegatedCreate } from './delegates.ts';
import { type Derived, derive } from './derived.ts';
import { changeOf, type Draft, refuseMalformed, settle } from './draft.ts';
import { refuseDuplicates } from './duplicates.ts';
import { emptyRollups } from './empty-rollups.ts';
import { withFittingDefaults } from './fitting-defaults.ts';
import { parseInput } from './input.ts';
import { maintainedColumns } from './maintained.ts';
import type { RecordValues } from './records.ts';
import type { WriteOptions, Written } from './repository.ts';
import { insertRow, writtenNow } from './row.ts';
import type { RepositoryServices } from './services.ts';
import { inTransaction, type TransactionContext } from './transaction.ts';
import { assignmentIssues, requireWithin } from './within-reach.ts';

export async function create(
  services: RepositoryServices,
  context: Context,
  name: string,
  input: RecordValues,
  options: WriteOptions = {},
): Promise<Written> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'create');
  const delegated = delegatedCreate(services, context, entity, input);
  if (delegated !== undefined) return delegated;
  const id = uuidv7();
  const given = await parseInput(services, context, entity, input, null, options);
  const parsed = await withFittingDefaults(services, context, entity, { id, input, parsed: given });
  const draft: Draft = { entity, id, before: null, parsed };
  await refuseMalformed(services, context, draft);
  refuseIssues(assignmentIssues(context, entity, null, parsed.after));
  refuseIssues(await runPrepare(services, context, changeOf(draft)));
  return inTransaction(services, context, (inner) => insert(services, inner, draft, options));
}

async function insert(
  services: RepositoryServices,
  context: TransactionContext,
  given: Draft,
  { onSaved }: WriteOptions,
): Promise<Written> {
  const draft = await settle(services, context, given);
  const { entity, id, parsed } = draft;
  const numbers = await assignAutoNumbers(services, context, entity);
  const written = writtenNow(context, 1);
  const system = { id, ...written, created_at: written.updated_at, created_by: authorOf(context.actor) };
  const rollups = emptyRollups(entity);
  const numbered = { ...parsed.after, ...numbers, ...rollups.values, ...system };
  const derived = await derivedSince(context, entity, numbered, numbers);
  const named = { ...numbered, ...derived.values };
  const maintained = maintainedColumns(entity, named);
  const after = { ...named, display_name: maintained['display_name'] };
  const warnings = await refuseDuplicates(services, context, entity, { id, before: null, after });
  const engine = { ...columnValues(entity, numbers), ...rollups.columns, ...derived.columns, ...maintained, ...system };
  await insertRow(context, entity, { ...parsed.columns, ...engine }, after);
  await requireWithin(context, entity, id, 'create');
  await traceChange(services, context, changeOf(draft, after), 1, parsed.secrets);
  onSaved?.({ id, version: 1, before: null, after, changed: [] });
  return { id, version: 1, created: true, changed: true, ...(warnings.length > 0 ? { warnings } : {}) };
}

/** The draft has its formulas already; what reads a number or the time that the record has only now is worked out again. */
async function derivedSince(
  context: TransactionContext,
  entity: Entity,
  record: RecordValues,
  numbers: RecordValues,
): Promise<Derived> {
  const isNew = (name: string): boolean => name === 'created_at' || Object.hasOwn(numbers, name);
  return derivedFields(entity).some((field) => readsOf(field).some(isNew))
    ? derive(context, entity, record)
    : { values: {}, columns: {} };
}
