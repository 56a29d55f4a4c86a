// Duplicates among the records that are there: by blocks of equal keys and neighbours in the trigram index, never all with all.
import type { Knex } from 'knex';
import type { Entity } from '../metadata/registry.ts';
import type { DuplicateRule } from '../metadata/types.ts';
import { requireOperation, seenEntity } from './access.ts';
import { trustedCondition } from './condition-scope.ts';
import type { Context } from './context.ts';
import { blockersOf, likeRows, type Own, termsOf } from './duplicate-sql.ts';
import { allowSimilarity, mostAlike } from './find-duplicates.ts';
import { entityPredicate } from './row-rights.ts';
import { type Parameters, parameters, quoted, run } from './statement.ts';

export interface Pair {
  readonly a: string;
  readonly b: string;
  /** 0 … 1 */
  readonly score: number;
}

export interface ScannedBatch {
  readonly rule: string;
  readonly pairs: readonly Pair[];
  /** Records of this rule that have been compared so far. */
  readonly done: number;
}

const batchRows = 500;

/** The rules by which records are compared, of those named or all. @throws not_found, forbidden */
export function scanSubject(context: Context, name: string, names: readonly string[] = []) {
  const seen = seenEntity(context, name);
  requireOperation(context, seen, 'read');
  const entity = context.registry.entities.get(seen.name) ?? seen;
  const rules = (entity.meta.duplicateRules ?? []).filter((rule) => names.length === 0 || names.includes(rule.name));
  return { entity, rules };
}

/** Compares a batch of records after another with those behind them; what is in memory is the pairs of one batch. */
export async function* scanDuplicates(
  transaction: Knex.Transaction,
  context: Context,
  entity: Entity,
  rule: DuplicateRule,
): AsyncGenerator<ScannedBatch> {
  await allowSimilarity(transaction, entity, [rule]);
  let cursor: string | null = null;
  for (let done = 0; ; ) {
    const bound = parameters();
    const text = batchStatement(context, entity, rule, cursor, bound);
    const rows: BatchRow[] = await run<BatchRow>(transaction, { text, values: bound.values });
    const [batch] = rows;
    if (batch === undefined || batch.last === null) return;
    done += batch.count;
    cursor = batch.last;
    yield {
      rule: rule.name,
      done,
      pairs: rows.flatMap(({ a, b, score }) => (a === null || b === null ? [] : [{ a, b, score: Number(score) }])),
    };
  }
}

interface BatchRow extends Record<string, unknown> {
  readonly a: string | null;
  readonly b: string | null;
  readonly score: number;
  readonly last: string | null;
  readonly count: number;
}

function batchStatement(context: Context, entity: Entity, rule: DuplicateRule, cursor: string | null, bound: Parameters): string {
  const own: Own = { has: () => true, sql: ({ name }) => `l.${quoted(name)}` };
  const like = likeRows(context.registry.app.schema, entity, rule, own, mostAlike, (alias) => ` AND ${alias}."id" > l."id"`);
  const visible = (alias: string): string =>
    [
      `${alias}."deleted_at" IS NULL`,
      entityPredicate(context, entity, alias, bound, 'read'),
      ...(rule.when === undefined ? [] : [`(${trustedCondition(context, entity, alias, rule.when, bound)})`]),
    ].join(' AND ');
  const after = cursor === null ? '' : ` AND l."id" > ${bound.bind(cursor)}::uuid`;
  return `WITH batch AS MATERIALIZED (
      SELECT l.* FROM ${entity.qualifiedTable} l WHERE ${visible('l')}${after} ORDER BY l."id" LIMIT ${batchRows}
    ), found AS (
      SELECT l."id" AS a, f."id" AS b, f.score FROM batch l CROSS JOIN LATERAL (
        SELECT t."id", ${like?.score ?? '0'} AS score FROM ${entity.qualifiedTable} t WHERE ${visible('t')} AND ${like?.where ?? 'false'} LIMIT ${mostAlike}
      ) f
    ), whole AS (SELECT (SELECT "id" FROM batch ORDER BY "id" DESC LIMIT 1) AS last, (SELECT count(*)::int FROM batch) AS count)
    SELECT f.a, f.b, f.score::float8 AS score, w.last, w.count FROM whole w LEFT JOIN found f ON true`;
}

/** Values that so many records share that not all of them are compared, by field: how many such values. */
export async function crowdedBlocks(
  transaction: Knex.Transaction,
  entity: Entity,
  rule: DuplicateRule,
): Promise<ReadonlyMap<string, number>> {
  const own: Own = { has: () => true, sql: ({ name }) => name };
  const equal = blockersOf(rule, termsOf(entity, rule), own).filter(({ match }) => match.method !== 'similar');
  const crowded = new Map<string, number>();
  for (const { match, column } of equal) {
    const name = quoted(column.name);
    const [row] = await run<{ n: number }>(transaction, {
      text: `SELECT count(*)::int AS n FROM (SELECT FROM ${entity.qualifiedTable} WHERE "deleted_at" IS NULL AND ${name} IS NOT NULL GROUP BY ${name} HAVING count(*) > ${mostAlike}) c`,
      values: [],
    });
    if (row !== undefined && row.n > 0) crowded.set(match.field, row.n);
  }
  return crowded;
}
