// Works formulas and roll-ups out anew where the metadata have changed how, once every node writes them in the new way.
import { setTimeout as delay } from 'node:timers/promises';
import { computedInOrder, definitionOf, inputsOf, type PlacedField } from '../metadata/computed-order.ts';
import type { Registry } from '../metadata/registry.ts';
import { computedPass } from '../tables/computed-passes.ts';
import { shortHash, systemTable } from '../tables/names.ts';
import { type Attempted, inShortTransaction, throwIfStopped } from './attempts.ts';
import type { Queries } from './documents.ts';
import { timingOf, type VersionServices } from './services.ts';

/** Pause after a batch, as a part of the time it took: half of the time belongs to the others. */
const pausePart = 1;

const hashOf = (registry: Registry, placed: PlacedField): string => shortHash(definitionOf(registry, placed));

/**
 * @param registry what is published now, under its final names
 * @param rewritten whether a change has rewritten stored values of the column with this id
 */
export async function settleComputed(
  run: Attempted,
  registry: Registry,
  rewritten: (columnId: string) => boolean = () => false,
): Promise<void> {
  const { session, services } = run;
  const known = await workedOut(session, services.app);
  const ordered = computedInOrder(registry);
  const due = new Set<PlacedField['field']>();
  for (const placed of ordered) {
    const inputs = inputsOf(registry, placed).map(({ field }) => field);
    const isRewritten = inputs.some(({ meta, columns }) => columns.some(({ suffix }) => rewritten(`${meta.id}${suffix}`)));
    if (known.get(placed.field.meta.id) !== hashOf(registry, placed) || isRewritten || inputs.some((field) => due.has(field)))
      due.add(placed.field);
  }
  if (due.size > 0) await untilOlderWritersEnd(run);
  for (const placed of ordered) if (due.has(placed.field)) await workOut(run, registry, placed);
  const live = new Set(ordered.map(({ field }) => field.meta.id));
  const gone = [...known.keys()].filter((id) => !live.has(id));
  if (gone.length > 0)
    await session.query(`DELETE FROM ${systemTable(services.app, 'meta_computed')} WHERE field = ANY ($1::text[])`, [gone]);
}

/** For tables that are made in this very transaction: there is nothing to work out. */
export async function markWorkedOut(session: Queries, app: VersionServices['app'], registry: Registry): Promise<void> {
  for (const placed of computedInOrder(registry)) await mark(session, app, registry, placed);
}

/** Works out one field of all records, as often as it is called. @returns how many were changed */
export async function workOut(run: Attempted, registry: Registry, placed: PlacedField): Promise<number> {
  const { session, services } = run;
  const pass = computedPass(registry, placed.entity, placed.field);
  let changed = 0;
  for (let cursor: string | null = null; pass !== undefined; ) {
    const began = performance.now();
    const ids: readonly string[] = await inShortTransaction(run, async () => {
      const rows = await session.query<{ id: string }>(pass.lock, [cursor, timingOf(services).batchRows]);
      const locked = rows.map(({ id }) => id);
      if (locked.length > 0) {
        const [done] = await session.query<{ n: number }>(
          `WITH done AS (${pass.update} RETURNING 1) SELECT count(*)::int AS n FROM done`,
          [locked],
        );
        changed += done?.n ?? 0;
      }
      return locked;
    });
    if (ids.length === 0) break;
    cursor = ids.at(-1) ?? null;
    throwIfStopped(services);
    await delay((performance.now() - began) * pausePart);
  }
  await mark(session, services.app, registry, placed);
  return changed;
}

async function workedOut(session: Queries, app: VersionServices['app']): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query<{ field: string; definition: string }>(
    `SELECT field, definition FROM ${systemTable(app, 'meta_computed')}`,
  );
  return new Map(rows.map(({ field, definition }) => [field, definition]));
}

async function mark(session: Queries, app: VersionServices['app'], registry: Registry, placed: PlacedField): Promise<void> {
  await session.query(
    `INSERT INTO ${systemTable(app, 'meta_computed')} (field, definition) VALUES ($1, $2)
     ON CONFLICT (field) DO UPDATE SET definition = excluded.definition, worked_out_at = now()`,
    [placed.field.meta.id, hashOf(registry, placed)],
  );
}

const longestWaitMs = 60_000;
/** Requests under way have come to their first write by then. */
const graceMs = 200;

/**
 * A request that began under the metadata before still writes in the old way until it commits. Transactions that have
 * written to a table of records are waited for; others, like that of the request that waits for this change, are not.
 */
async function untilOlderWritersEnd({ session, services }: Attempted): Promise<void> {
  await delay(graceMs);
  const writers = `SELECT DISTINCT l.virtualtransaction AS transaction FROM pg_locks l
    JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.pid <> pg_backend_pid()
      AND l.mode = 'RowExclusiveLock' AND n.nspname = $1 AND c.relkind IN ('r', 'p') AND c.relname <> $2`;
  const values = [services.app.schema, `${services.app.prefix}idempotency_keys`];
  let older = (await session.query<{ transaction: string }>(writers, values)).map(({ transaction }) => transaction);
  for (const since = performance.now(); older.length > 0 && performance.now() - since < longestWaitMs; ) {
    await delay(20);
    throwIfStopped(services);
    const open = new Set((await session.query<{ transaction: string }>(writers, values)).map(({ transaction }) => transaction));
    older = older.filter((transaction) => open.has(transaction));
  }
  if (older.length > 0)
    services.log.warn(
      { transactions: older },
      'Writes from before the change are still open; formulas and roll-ups are worked out all the same',
    );
}
