// Pairs of duplicates, put aside in the database and joined into groups there: whatever their number, not in this memory.
import type { Knex } from 'knex';
import type { Entity } from '../metadata/registry.ts';
import { seenBy } from './access.ts';
import type { Context } from './context.ts';
import { guardedColumn } from './guarded-column.ts';
import type { Pair } from './scan-duplicates.ts';
import { parameters, run } from './statement.ts';

export interface GroupedPair extends Pair {
  /** From 1. */
  readonly group: number;
  readonly rules: readonly string[];
  readonly nameOfA: string | null;
  readonly nameOfB: string | null;
}

/** For the rest of the transaction. */
export async function openPairs(transaction: Knex.Transaction): Promise<void> {
  const text = `CREATE TEMP TABLE duplicate_pairs (a uuid NOT NULL, b uuid NOT NULL, score float8 NOT NULL, rules text[] NOT NULL, PRIMARY KEY (a, b)) ON COMMIT DROP`;
  await run(transaction, { text, values: [] });
}

/** A pair that several rules find has their names, and the highest of their scores. */
export async function keepPairs(transaction: Knex.Transaction, rule: string, pairs: readonly Pair[]): Promise<void> {
  if (pairs.length === 0) return;
  await run(transaction, {
    text: `INSERT INTO duplicate_pairs AS p (a, b, score, rules) SELECT a, b, s, ARRAY[$4::text] FROM unnest($1::uuid[], $2::uuid[], $3::float8[]) AS n (a, b, s)
      ON CONFLICT (a, b) DO UPDATE SET score = greatest(p.score, excluded.score), rules = p.rules || excluded.rules`,
    values: [pairs.map(({ a }) => a), pairs.map(({ b }) => b), pairs.map(({ score }) => score), rule],
  });
}

/**
 * Each record takes over the smallest label among those that it is paired with, until none changes: as many rounds as the
 * longest chain has links.
 * @returns how many groups and pairs there are
 */
export async function joinGroups(transaction: Knex.Transaction): Promise<{ readonly groups: number; readonly pairs: number }> {
  const statement = (text: string) => run<{ n: number }>(transaction, { text, values: [] });
  await statement(
    `CREATE TEMP TABLE duplicate_nodes ON COMMIT DROP AS
      SELECT id, id::text COLLATE "C" AS label FROM (SELECT a AS id FROM duplicate_pairs UNION SELECT b FROM duplicate_pairs) n`,
  );
  await statement('CREATE UNIQUE INDEX ON duplicate_nodes (id)');
  await statement('ANALYZE duplicate_nodes');
  for (;;) {
    const moved = await statement(
      `WITH least AS (
        SELECT id, min(label) AS label FROM (
          SELECT p.a AS id, n.label FROM duplicate_pairs p JOIN duplicate_nodes n ON n.id = p.b
          UNION ALL SELECT p.b, n.label FROM duplicate_pairs p JOIN duplicate_nodes n ON n.id = p.a
        ) reached GROUP BY id
      ), changed AS (
        UPDATE duplicate_nodes n SET label = l.label FROM least l WHERE l.id = n.id AND l.label < n.label RETURNING 1
      ) SELECT count(*)::int AS n FROM changed`,
    );
    if (moved[0]?.n === 0) break;
  }
  const [groups] = await statement('SELECT count(DISTINCT label)::int AS n FROM duplicate_nodes');
  const [pairs] = await statement('SELECT count(*)::int AS n FROM duplicate_pairs');
  return { groups: groups?.n ?? 0, pairs: pairs?.n ?? 0 };
}

const fetched = 1_000;

/** Group by group, the most alike first. */
export async function* groupedPairs(
  transaction: Knex.Transaction,
  context: Context,
  entity: Entity,
): AsyncGenerator<GroupedPair> {
  const bound = parameters();
  const displayName = seenBy(context).entities.get(entity.name)?.fields.get('display_name');
  const name = (alias: string): string =>
    displayName === undefined ? 'NULL::text' : guardedColumn(context, entity, displayName, alias, bound)('');
  await run(transaction, {
    text: `DECLARE duplicate_cursor CURSOR FOR
      SELECT dense_rank() OVER (ORDER BY n.label)::int AS "group", p.a, p.b, p.score, p.rules, ${name('ta')} AS "nameOfA", ${name('tb')} AS "nameOfB"
      FROM duplicate_pairs p JOIN duplicate_nodes n ON n.id = p.a
        JOIN ${entity.qualifiedTable} ta ON ta."id" = p.a JOIN ${entity.qualifiedTable} tb ON tb."id" = p.b
      ORDER BY n.label, p.score DESC, p.a, p.b`,
    values: bound.values,
  });
  for (;;) {
    const rows = await run<GroupedPair & Record<string, unknown>>(transaction, {
      text: `FETCH ${fetched} FROM duplicate_cursor`,
      values: [],
    });
    yield* rows;
    if (rows.length < fetched) return;
  }
}
