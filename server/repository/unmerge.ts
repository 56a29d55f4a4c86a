// Undoes a merge: values, records and references are what they were, unless one of them has changed since.
import type { Entity } from '../metadata/registry.ts';
import { type Issue, problem } from '../problem.ts';
import { entityFor, requireOperation } from './access.ts';
import type { Context } from './context.ts';
import { cascadesFrom, incomingOf } from './incoming.ts';
import { type Merge, type Move, markUndone, nextMoves, standingMerge } from './merge-journal.ts';
import { moveHistoryBack, referenceField } from './move-children.ts';
import { currentRow } from './read.ts';
import { attachAgain } from './reattach.ts';
import { sameValue } from './records.ts';
import type { Merged } from './repository.ts';
import { revive } from './restore.ts';
import { type LockedRecord, lockedRecords, rewrite } from './rewrite.ts';
import { entityPredicate } from './row-rights.ts';
import type { RepositoryServices } from './services.ts';
import { parameters, run } from './statement.ts';
import { appendTimeline } from './timeline.ts';
import { inTransaction, type TransactionContext } from './transaction.ts';

/** @param mergeId the newest merge into the record that still stands, when absent */
export async function unmerge(
  services: RepositoryServices,
  context: Context,
  name: string,
  id: string,
  mergeId?: string,
): Promise<Merged> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'merge');
  requireOperation(context, entity, 'update');
  return inTransaction(services, context, async (inner) => {
    await currentRow(services.knex, inner, entity, id, 'merge');
    const winner = await currentRow(services.knex, inner, entity, id, 'update');
    const merge = await standingMerge(inner, entity, winner.id, mergeId);
    if (merge === undefined) throw problem('not_found', { detail: `No merge into this ${entity.singular} is left to undo.` });
    const losers = await lockedRecords(inner, entity, merge.losers);
    await requireLosers(inner, entity, merge);
    const values = valuesBefore(entity, merge);
    const issues = [
      ...valueIssues(entity, merge, winner.record),
      ...merge.losers.flatMap((one) => loserIssues(entity, merge, losers.get(one))),
      ...(await moveIssues(inner, merge)),
    ];
    if (issues.length > 0)
      throw problem('merge_changed', {
        detail: 'What was merged has been changed since, so it cannot be taken apart as it was.',
        errors: issues,
      });
    // The winner gives back what is unique before those have it again.
    const { record } = winner;
    if (Object.keys(values).length > 0) await rewrite(services, inner, entity, record, values);
    for (const { record: loser } of losers.values()) await revive(services, inner, { entity, record: loser, missing: [] });
    const moved = await moveBack(services, inner, merge);
    const collapsed = await bringBack(services, inner, merge);
    await attachAgain(services, inner, merge.id);
    await moveHistoryBack(inner, merge);
    await markUndone(inner, merge.id);
    await appendTimeline(inner, {
      entity: entity.name,
      id: winner.id,
      kind: 'unmerged',
      summary: null,
      data: { merge: merge.id },
    });
    const version = winner.version + (Object.keys(values).length > 0 ? 1 : 0);
    return { id: winner.id, version, created: false, changed: true, merge: merge.id, records: merge.losers, moved, collapsed };
  });
}

/** The actor may read and merge every one of them. @throws forbidden */
async function requireLosers(context: TransactionContext, entity: Entity, { losers }: Merge): Promise<void> {
  const bound = parameters();
  const rights = (['read', 'merge'] as const).map((right) => entityPredicate(context, entity, 't', bound, right));
  const rows = await run(context.transaction, {
    text: `SELECT FROM ${entity.qualifiedTable} t WHERE t."id" = ANY(${bound.bind(losers)}::uuid[]) AND NOT COALESCE(${rights.join(' AND ')}, false)`,
    values: bound.values,
  });
  if (rows.length > 0) throw problem('forbidden', { detail: `You may not merge all of these ${entity.name}.` });
}

/** By names in force; of fields that are gone nothing can come back. */
const fieldsOf = (entity: Entity, { changes }: Merge) =>
  [...entity.fields.values()].flatMap((field) => {
    const change = Object.hasOwn(changes, field.meta.id) ? changes[field.meta.id] : undefined;
    return change === undefined ? [] : [{ name: field.name, change }];
  });

const valuesBefore = (entity: Entity, merge: Merge): Readonly<Record<string, unknown>> =>
  Object.fromEntries(fieldsOf(entity, merge).map(({ name, change }) => [name, change.before]));

const valueIssues = (entity: Entity, merge: Merge, record: Readonly<Record<string, unknown>>): readonly Issue[] =>
  fieldsOf(entity, merge)
    .filter(({ name, change }) => !sameValue(record[name], change.after))
    .map(({ name }) => ({ pointer: `/${name}`, code: 'changed', detail: 'The value has been changed since the merge.' }));

function loserIssues(entity: Entity, { id }: Merge, loser: LockedRecord | undefined): readonly Issue[] {
  if (loser?.deletionId === id) return [];
  const what = loser === undefined ? 'is gone for good' : 'has been restored or deleted again since the merge';
  return [{ pointer: '', code: 'changed', detail: `A ${entity.singular} that was merged ${what}.` }];
}

interface Found {
  readonly move: Move;
  readonly source: Entity;
  readonly field: string;
  readonly row: LockedRecord | undefined;
}

/** Each record that was moved or taken away, locked, batch by batch. */
async function* movedRecords(context: TransactionContext, merge: Merge, kinds: readonly Move['kind'][]): AsyncGenerator<Found> {
  const relations = [...incomingOf(context.registry).values()].flat();
  for (let last: Move | undefined; ; ) {
    const moves = await nextMoves(context, merge.id, kinds, last);
    if (moves.length === 0) return;
    last = moves.at(-1);
    for (const id of new Set(moves.map(({ entity }) => entity))) {
      const ofEntity = moves.filter(({ entity }) => entity === id);
      const source = [...context.registry.entities.values()].find((entity) => entity.id === id);
      if (source === undefined) continue;
      const rows = await lockedRecords(
        context,
        source,
        ofEntity.map(({ record }) => record),
      );
      for (const move of ofEntity) {
        const incoming = relations.find(({ source: from, relation }) => from.id === id && relation.id === move.relation);
        if (incoming !== undefined) yield { move, source, field: referenceField(incoming), row: rows.get(move.record) };
      }
    }
  }
}

/** What of the moved records is no longer as the merge left it: by kind and number, they may be closed to the actor. */
async function moveIssues(context: TransactionContext, merge: Merge): Promise<readonly Issue[]> {
  const changed = new Map<string, number>();
  for await (const { move, source, field, row } of movedRecords(context, merge, ['moved', 'collapsed'])) {
    const asLeft =
      move.kind === 'moved' ? row?.deletionId === null && row.record[field] === merge.winner : row?.deletionId === merge.id;
    if (!asLeft) changed.set(source.name, (changed.get(source.name) ?? 0) + 1);
  }
  const seen = context.actor.sees(context.registry).entities;
  return [...changed].map(([name, count]) => ({
    pointer: '',
    code: 'changed',
    detail: `${count} of the ${seen.has(name) ? name : 'records'} that came along with the merge ${count === 1 ? 'has' : 'have'} been changed, moved or deleted since.`,
  }));
}

async function moveBack(services: RepositoryServices, context: TransactionContext, merge: Merge): Promise<number> {
  let count = 0;
  for await (const { move, source, field, row } of movedRecords(context, merge, ['moved'])) {
    if (row === undefined) continue;
    await rewrite(services, context, source, row.record, { [field]: move.loser });
    count += 1;
  }
  return count;
}

/** With what they had taken along: all of it carries the merge's id as its deletion. */
async function bringBack(services: RepositoryServices, context: TransactionContext, merge: Merge): Promise<number> {
  const sources = new Set<Entity>();
  for await (const { source } of movedRecords(context, merge, ['collapsed'])) sources.add(source);
  let count = 0;
  for (const entity of new Set([...sources].flatMap((source) => cascadesFrom(context.registry, source)))) {
    const rows = await run<{ id: string }>(context.transaction, {
      text: `SELECT "id" FROM ${entity.qualifiedTable} WHERE "deletion_id" = $1::uuid`,
      values: [merge.id],
    });
    const ids = rows.map(({ id }) => id);
    for (const { record } of (await lockedRecords(context, entity, ids)).values())
      await revive(services, context, { entity, record, missing: [] });
    if (sources.has(entity)) count += ids.length;
  }
  return count;
}
