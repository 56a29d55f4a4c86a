// Keeps roll-ups exact: what a transaction changes is noted, and written to the locked parents before it commits.
import Big from 'big.js';
import type { Knex } from 'knex';
import { compare } from '../conditions/order.ts';
import { canonicalOf, decimalOf } from '../conditions/values.ts';
import { countSuffix, sumSuffix } from '../fields/rollup.ts';
import { divided } from '../formulas/functions/numbers.ts';
import type { Feed, RollupField } from '../metadata/computed.ts';
import type { Entity } from '../metadata/registry.ts';
import { type Issue, problem } from '../problem.ts';
import { rollupAggregate, rollupSql } from '../tables/computed-sql.ts';
import { columnName } from './columns.ts';
import type { Context } from './context.ts';
import { asStored, derive } from './derived.ts';
import { maintainedColumns } from './maintained.ts';
import { recordOf, rowColumns, sameValue } from './records.ts';
import { type Delta, type Deltas, noteChange, type RecordChange } from './rollup-deltas.ts';
import { writeRow } from './row.ts';
import { quoted, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

type Row = Record<string, unknown>;

/** What is noted in each open transaction and not yet written. */
const pending = new WeakMap<Knex.Transaction, Deltas>();

/** To be called with every change of a record that is made in the transaction. */
export async function noteForRollups(context: TransactionContext, change: RecordChange): Promise<void> {
  const deltas = pending.get(context.transaction) ?? new Map();
  pending.set(context.transaction, deltas);
  await noteChange(context, deltas, change);
}

/**
 * Writes what is noted: before the commit, and before anything in the transaction is read. Parents are locked in the
 * order of their ids; what a parent then feeds is written in the same way. No version moves: nobody has changed them.
 */
export async function settleRollups({ transaction, ...outside }: Context): Promise<void> {
  const deltas = transaction === undefined ? undefined : pending.get(transaction);
  if (transaction === undefined || deltas === undefined) return;
  const context: TransactionContext = { ...outside, transaction };
  for (;;) {
    const [first] = deltas;
    if (first === undefined) return;
    const [name, byId] = first;
    deltas.delete(name);
    const parent = context.registry.entities.get(name);
    if (parent !== undefined) await settleParents(context, deltas, parent, byId);
  }
}

async function settleParents(
  context: TransactionContext,
  deltas: Deltas,
  parent: Entity,
  byId: ReadonlyMap<string, ReadonlyMap<string, Delta>>,
): Promise<void> {
  const moved = [...byId].filter(([, byField]) => [...byField.values()].some(isMove));
  if (moved.length === 0) return;
  const kept = [...parent.fields.values()].flatMap((field) => field.kept ?? []).map(({ name }) => `, ${quoted(name)}`);
  const rows = await run<Row>(context.transaction, {
    text: `SELECT ${rowColumns(parent)}${kept.join('')} FROM ${parent.qualifiedTable} WHERE "id" = ANY ($1::uuid[]) ORDER BY "id" FOR NO KEY UPDATE`,
    values: [moved.map(([id]) => id)],
  });
  const worked = rows.map((row) => ({ row, columns: {} as Row, asked: [] as Feed[] }));
  for (const { row, columns, asked } of worked) {
    for (const delta of byId.get(String(row['id']))?.values() ?? []) {
      refuseOtherCurrencies(parent, delta, row);
      const columnsNow = isMove(delta) ? columnsAfter(delta, row) : {};
      if (columnsNow === undefined) asked.push(delta.feed);
      else Object.assign(columns, columnsNow);
    }
  }
  await askAgain(context, worked);
  for (const { row, columns } of worked) await writeParent(context, deltas, parent, row, columns);
}

/** The parent's currency was changed by somebody else after the amount took it: with the new one, all begins anew. */
function refuseOtherCurrencies(parent: Entity, { feed: { field }, currencies }: Delta, row: Row): void {
  const own = parent.fields.get(String(field.meta['currencyFrom']));
  if (own === undefined || [...currencies].every((currency) => currency === row[columnName(own)])) return;
  // A serialization failure as PostgreSQL has them (40001): transactions begin anew after one.
  throw Object.assign(new Error(`The currency of ${parent.name} has changed in the meantime.`), { code: '40001' });
}

const isMove = ({ count, sum, came, went, again }: Delta): boolean =>
  again || !count.eq(0) || !sum.eq(0) || !sameValue([...came].sort(), [...went].sort());

/** The columns of one roll-up after the delta; `undefined`: only the database can tell. Null stays: it is yet to be worked out. */
function columnsAfter(delta: Delta, row: Row): Row | undefined {
  const { field } = delta.feed;
  if (delta.again) return undefined;
  const main = columnName(field);
  if (field.computed.calculate === 'count') {
    const before = decimalOf(row[main]);
    return before === undefined ? {} : { [main]: fitting(field, before.plus(delta.count)) };
  }
  const before = decimalOf(row[columnName(field, countSuffix)]);
  if (before === undefined) return {};
  const count = before.plus(delta.count);
  const counted = { [columnName(field, countSuffix)]: count.toFixed(0) };
  switch (field.computed.calculate) {
    case 'sum': {
      const sum = (decimalOf(row[main]) ?? new Big(0)).plus(delta.sum);
      return { ...counted, [main]: fitting(field, sum) };
    }
    case 'avg': {
      const sum = (decimalOf(row[columnName(field, sumSuffix)]) ?? new Big(0)).plus(delta.sum);
      return { ...counted, [columnName(field, sumSuffix)]: sum.toFixed(), [main]: fitting(field, divided(sum, count)) };
    }
    default: {
      const extreme = extremeAfter(delta, row[main] ?? null, count);
      return extreme === undefined ? undefined : { ...counted, [main]: extreme };
    }
  }
}

/** The minimum or maximum; undefined where the value that was it went, and none that came is as good. */
function extremeAfter({ feed: { field }, came, went }: Delta, now: unknown, count: Big): unknown {
  if (count.eq(0)) return null;
  const kind = field.columns[0]?.kind ?? 'decimal';
  const before = (left: unknown, right: unknown): boolean => {
    const [a, b] = [canonicalOf(left, kind), canonicalOf(right, kind)];
    if (a === undefined || b === undefined) return b === undefined;
    const difference = compare(a, b, kind);
    return field.computed.calculate === 'min' ? difference <= 0 : difference >= 0;
  };
  const best = came.reduce<unknown>((found, value) => (found === null || before(value, found) ? value : found), null);
  if (now === null) return best ?? undefined;
  if (best !== null && before(best, now)) return best;
  return went.some((value) => before(value, now)) ? undefined : now;
}

/** @throws problem `validation_failed` for a number that the column cannot hold */
function fitting(field: RollupField, value: Big | null): unknown {
  const fitted = asStored(field, value);
  if (fitted !== undefined) return fitted;
  const issue: Issue = { pointer: '', code: 'out_of_range', detail: `The roll-up ${field.name} would become too large.` };
  throw problem('validation_failed', { errors: [issue] });
}

/** By a statement that begins when the parents are locked: it sees everything that others have committed. */
async function askAgain(
  context: TransactionContext,
  worked: readonly { readonly row: Row; readonly columns: Row; readonly asked: readonly Feed[] }[],
): Promise<void> {
  const feeds = new Set(worked.flatMap(({ asked }) => asked));
  for (const feed of feeds) {
    const of = worked.filter(({ asked }) => asked.includes(feed));
    const list = rollupSql(feed, 'a').map(([column, sql]) => `${sql} AS ${quoted(column)}`);
    const rows = await run<Row>(context.transaction, {
      text: `SELECT p.id AS "?parent", ${list.join(', ')} FROM unnest($1::uuid[]) AS p (id) CROSS JOIN LATERAL (${rollupAggregate(context.registry, feed, 'p.id')}) a`,
      values: [of.map(({ row }) => row['id'])],
    });
    for (const { row, columns } of of) {
      const { '?parent': _parent, ...found } = rows.find((one) => one['?parent'] === row['id']) ?? {};
      Object.assign(columns, found);
    }
  }
}

async function writeParent(context: TransactionContext, deltas: Deltas, parent: Entity, row: Row, columns: Row): Promise<void> {
  const changed = Object.entries(columns).filter(([name, value]) => !sameValue(row[name], value));
  if (changed.length === 0) return;
  const before = recordOf(parent, row);
  const rolled = recordOf(parent, { ...row, ...columns });
  const derived = await derive(context, parent, rolled);
  const after = { ...rolled, ...derived.values };
  const id = String(row['id']);
  await writeRow(context, parent, id, { ...columns, ...derived.columns, ...maintainedColumns(parent, after) }, after);
  await noteChange(context, deltas, { entity: parent, id, before, after });
}
