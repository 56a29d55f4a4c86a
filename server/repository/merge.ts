// Merges records into one: its fields as chosen, everything that refers to the others now to it, the others deleted.
import { v7 as uuidv7, validate } from 'uuid';
import type { Entity } from '../metadata/registry.ts';
import { type Issue, Problem, problem } from '../problem.ts';
import { entityFor, requireOperation } from './access.ts';
import { systemActor } from './actor.ts';
import { refuseIssues } from './change.ts';
import type { Context } from './context.ts';
import { mergedFields } from './merge-fields.ts';
import { type FieldChange, keepChanges, openMerge } from './merge-journal.ts';
import { moveChildren } from './move-children.ts';
import { type CurrentRow, currentRow } from './read.ts';
import { changedFields, type RecordValues } from './records.ts';
import { markDeleted, traceDelete } from './remove.ts';
import type { Merged, MergeRequest, WriteOptions } from './repository.ts';
import type { RepositoryServices } from './services.ts';
import { appendTimeline } from './timeline.ts';
import { inTransaction, type TransactionContext } from './transaction.ts';
import { updateCurrent } from './update.ts';
import { requireVersion } from './version.ts';

const mostRecords = 20;

export async function merge(
  services: RepositoryServices,
  context: Context,
  name: string,
  id: string,
  request: MergeRequest,
  options: WriteOptions = {},
): Promise<Merged> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'merge');
  requireOperation(context, entity, 'update');
  refuseIssues(requestIssues(id, request));
  return inTransaction(services, context, async (inner) => {
    const { winner, losers } = await lockGroup(services, inner, entity, id, request.records);
    await requireVersion(services, inner, entity, winner, options.ifVersion);
    const { patch, issues } = mergedFields(inner, entity, winner, losers, request.fields ?? {});
    refuseIssues(issues);
    const made = { id: uuidv7(), winner: winner.id, losers: losers.map((loser) => loser.id) };
    const within = { ...inner, strict: false };
    await openMerge(within, entity, made);
    let [moved, collapsed] = [0, 0];
    for (const loser of losers) {
      const one = await moveChildren(services, within, entity, made, loser.id);
      moved += one.moved;
      collapsed += one.collapsed;
    }
    // Nothing hangs on them any more.
    for (const { record } of losers)
      await traceDelete(services, within, entity, record, await markDeleted(within, entity, record, made.id));
    const written = await updateCurrent(services, within, entity, winner, patch);
    await keepChanges(within, made.id, await changesOf(services, within, entity, winner, patch));
    const told = losers.map((loser) => ({ id: loser.id, display_name: loser.record['display_name'] ?? null }));
    await appendTimeline(within, {
      entity: entity.name,
      id: winner.id,
      kind: 'merged',
      summary: null,
      data: { merge: made.id, records: told },
    });
    return { ...written, merge: made.id, records: made.losers, moved, collapsed };
  });
}

function requestIssues(id: string, { records, fields = {} }: MergeRequest): readonly Issue[] {
  const issue = (pointer: string, code: string, detail: string): Issue => ({ pointer, code, detail });
  if (!Array.isArray(records) || records.length === 0)
    return [issue('/records', 'required', 'The ids of the records that are merged into this one are missing.')];
  if (records.length > mostRecords) return [issue('/records', 'too_many', `At most ${mostRecords} records at once.`)];
  const seen = new Set<string>([id.toLowerCase()]);
  const wrong = records.flatMap((one: unknown, at): Issue[] => {
    if (typeof one !== 'string' || !validate(one)) return [issue(`/records/${at}`, 'format', 'An id is needed.')];
    if (seen.has(one.toLowerCase()))
      return [issue(`/records/${at}`, 'repeated', 'A record is merged once, and not into itself.')];
    seen.add(one.toLowerCase());
    return [];
  });
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    return [...wrong, issue('/fields', 'type', 'An object of field names and ids is needed.')];
  const choices = Object.entries(fields).filter(([, value]) => typeof value !== 'string');
  return [...wrong, ...choices.map(([name]) => issue(`/fields/${name}`, 'format', 'The id of one of the records is needed.'))];
}

/** All of them may be read, merged and changed by the actor. Locked in the order of their ids, so that two merges do not cross. */
async function lockGroup(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  id: string,
  records: readonly string[],
): Promise<{ readonly winner: CurrentRow; readonly losers: readonly CurrentRow[] }> {
  const rows = new Map<string, CurrentRow>();
  for (const one of [id, ...records].map((given) => given.toLowerCase()).sort()) {
    try {
      await currentRow(services.knex, context, entity, one, 'merge');
      rows.set(one, await currentRow(services.knex, context, entity, one, 'update'));
    } catch (error) {
      const at = records.findIndex((record) => record.toLowerCase() === one);
      if (at === -1 || !(error instanceof Problem) || error.code !== 'not_found') throw error;
      const detail = `There is no ${entity.singular} with this id.`;
      throw problem('validation_failed', { errors: [{ pointer: `/records/${at}`, code: 'reference_missing', detail }] });
    }
  }
  const row = (one: string): CurrentRow => rows.get(one.toLowerCase()) as CurrentRow;
  return { winner: row(id), losers: records.map(row) };
}

/** What really became of the patched fields, hooks included, by the ids of the fields. */
async function changesOf(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  winner: CurrentRow,
  patch: RecordValues,
): Promise<Readonly<Record<string, FieldChange>>> {
  if (Object.keys(patch).length === 0) return {};
  const { record } = await currentRow(services.knex, { ...context, actor: systemActor }, entity, winner.id, 'update');
  return Object.fromEntries(
    changedFields(entity, winner.record, record).flatMap((name) => {
      const field = entity.fields.get(name);
      // What is worked out follows from the rest, also on the way back.
      if (field === undefined || field.computed !== undefined) return [];
      return [[field.meta.id, { before: winner.record[name] ?? null, after: record[name] ?? null }]];
    }),
  );
}
