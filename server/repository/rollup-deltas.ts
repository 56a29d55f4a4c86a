// What one change of a record means for the roll-ups that it feeds: per parent, how much comes and goes.
import Big from 'big.js';
import { testCondition } from '../conditions/test.ts';
import { decimalOf } from '../conditions/values.ts';
import { type Feed, feedsOf, inOwnCurrency } from '../metadata/computed.ts';
import { resolveFact } from '../metadata/facts.ts';
import type { Entity } from '../metadata/registry.ts';
import { type RecordValues, valueIn } from './records.ts';
import { quoted, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/** Comings and goings of one roll-up of one parent. */
export interface Delta {
  readonly feed: Feed;
  /** Records; of other functions than `count`, records with a value. */
  count: Big;
  sum: Big;
  /** Values that came; an extreme may be among them. */
  readonly came: unknown[];
  readonly went: unknown[];
  /** Of what came, where all is to be in the currency of the parent. */
  readonly currencies: Set<unknown>;
  /** Nothing that memory knows tells the new value: the database is to be asked. */
  again: boolean;
}

/** By parent entity, parent id and field. */
export type Deltas = Map<string, Map<string, Map<string, Delta>>>;

export interface RecordChange {
  readonly entity: Entity;
  readonly id: string;
  /** Null where the record was, or is, not there. A deleted one counts as not there. */
  readonly before: RecordValues | null;
  readonly after: RecordValues | null;
}

/** Notes what the change means for every roll-up; they are written in `settleRollups`. */
export async function noteChange(context: TransactionContext, deltas: Deltas, change: RecordChange): Promise<void> {
  for (const feed of feedsOf(context.registry).get(change.entity.name) ?? []) {
    if (feed.relation.kind === 'manyToMany') await noteLinked(context, deltas, feed, change);
    else noteDirect(context, deltas, feed, change);
  }
}

const isThere = (record: RecordValues | null): record is RecordValues =>
  record !== null && (record['deleted_at'] ?? null) === null;

function noteDirect(context: TransactionContext, deltas: Deltas, feed: Feed, { before, after }: RecordChange): void {
  for (const [record, sign] of [
    [before, -1],
    [after, 1],
  ] as const) {
    const parent = isThere(record) ? parentOf(context, feed, record) : undefined;
    if (record === null || parent === undefined || !counts(context, feed, record)) continue;
    const value = feed.value === undefined ? null : (record[feed.value.name] ?? null);
    if (feed.field.computed.calculate !== 'count' && value === null) continue;
    const delta = deltaOf(deltas, feed, parent);
    delta.count = delta.count.plus(sign);
    delta.sum = delta.sum.plus((decimalOf(value) ?? new Big(0)).times(sign));
    (sign === 1 ? delta.came : delta.went).push(value);
    if (sign === 1 && feed.value !== undefined && inOwnCurrency(feed.field))
      delta.currencies.add(record[`${feed.value.name}_currency`]);
  }
}

function parentOf({ registry }: TransactionContext, { relation, parent }: Feed, record: RecordValues): string | undefined {
  if (relation.kind === 'manyToMany') return undefined;
  const id = record[relation.kind === 'hasMany' ? relation.field : relation.idField];
  if (typeof id !== 'string') return undefined;
  if (relation.kind === 'hasMany') return id;
  const type = String(record[relation.typeField]);
  return type === parent.name || registry.aliases.get(type)?.name === parent.name ? id : undefined;
}

function counts({ registry }: TransactionContext, { source, field }: Feed, record: RecordValues): boolean {
  const { filter } = field.computed;
  return (
    filter === undefined ||
    testCondition(
      filter,
      (path) => valueIn(record, path),
      (path) => resolveFact(registry, source, path)?.kind ?? 'text',
    )
  );
}

/**
 * Over links a change of one side cannot know what the other side is about to become, so parents are noted to be asked
 * again. The record at the far end is locked against changes first: one of the two writers then sees the other's work.
 */
async function noteLinked(context: TransactionContext, deltas: Deltas, feed: Feed, change: RecordChange): Promise<void> {
  const { relation } = feed;
  if (relation.kind !== 'manyToMany') return;
  if (feed.by === 'link') {
    for (const record of [change.before, change.after]) {
      const [parent, far] = [record?.[relation.fromField], record?.[relation.toField]];
      if (typeof parent !== 'string' || typeof far !== 'string') continue;
      await run(context.transaction, {
        text: `SELECT 1 FROM ${feed.source.qualifiedTable} WHERE "id" = $1::uuid FOR SHARE`,
        values: [far],
      });
      deltaOf(deltas, feed, parent).again = true;
    }
    return;
  }
  const link = context.registry.entities.get(relation.through);
  if (link === undefined || !matters(context, feed, change)) return;
  const parents = await run<{ parent: string }>(context.transaction, {
    text: `SELECT DISTINCT ${quoted(relation.fromField)} AS parent FROM ${link.qualifiedTable} WHERE ${quoted(relation.toField)} = $1::uuid`,
    values: [change.id],
  });
  for (const { parent } of parents) if (parent !== null) deltaOf(deltas, feed, parent).again = true;
}

/** Whether a change of the record at the far end of links can change what is summed up. */
function matters(context: TransactionContext, feed: Feed, { before, after }: RecordChange): boolean {
  const part = (record: RecordValues | null): string =>
    isThere(record) && counts(context, feed, record)
      ? String(feed.value === undefined ? 1 : (record[feed.value.name] ?? null))
      : '';
  return part(before) !== part(after);
}

function deltaOf(deltas: Deltas, feed: Feed, id: string): Delta {
  const { parent, field } = feed;
  const byId = deltas.get(parent.name) ?? new Map<string, Map<string, Delta>>();
  deltas.set(parent.name, byId);
  const byField = byId.get(id) ?? new Map<string, Delta>();
  byId.set(id, byField);
  const none = { count: new Big(0), sum: new Big(0), came: [], went: [], currencies: new Set(), again: false };
  const delta = byField.get(field.name) ?? { feed, ...none };
  byField.set(field.name, delta);
  return delta;
}
