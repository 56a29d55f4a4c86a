// Finds the records that are like one, by the entity's duplicate rules: one statement for all of them.
import type { Knex } from 'knex';
import type { Entity } from '../metadata/registry.ts';
import type { DuplicateRule } from '../metadata/types.ts';
import { seenBy } from './access.ts';
import { trustedCondition } from './condition-scope.ts';
import type { Context } from './context.ts';
import { likeRows, type Own, similarityOf, termsOf } from './duplicate-sql.ts';
import { guardedColumn } from './guarded-column.ts';
import { isEmpty } from './records.ts';
import type { DuplicateFinding } from './repository.ts';
import { entityPredicate } from './row-rights.ts';
import { literal, parameters, run } from './statement.ts';

const shown = 10;
/** A value that so many rows have tells nothing. */
export const mostAlike = 1_000;

/** The values of the columns that the rules compare, by name; null: none. */
export type OwnValues = Readonly<Record<string, unknown>>;

export const hasValue = (own: OwnValues, name: string): boolean => !isEmpty(own[name]);

interface Row extends Record<string, unknown> {
  readonly rule: string;
  readonly id: string;
  readonly score: number;
  readonly readable: boolean | null;
  readonly name: string | null;
}

/** @param self the record itself, which is not its own duplicate; its values are `own` */
export async function findDuplicates(
  database: Knex | Knex.Transaction,
  context: Context,
  entity: Entity,
  rules: readonly DuplicateRule[],
  { self, own }: { readonly self: string | null; readonly own: OwnValues },
): Promise<readonly DuplicateFinding[]> {
  const bound = parameters();
  const values = new Map<string, string>();
  const compared: Own = {
    has: ({ name }) => hasValue(own, name),
    sql: ({ name, type }) => {
      const known = values.get(name) ?? `${bound.bind(own[name])}::${type}`;
      values.set(name, known);
      return known;
    },
  };
  const parts = rules.flatMap((rule) => {
    const like = likeRows(context.registry.app.schema, entity, rule, compared, mostAlike);
    if (like === undefined) return [];
    const others = self === null ? '' : ` AND t."id" <> ${bound.bind(self)}::uuid`;
    const when = rule.when === undefined ? '' : ` AND (${trustedCondition(context, entity, 't', rule.when, bound)})`;
    return [
      `(SELECT ${literal(rule.name)} AS rule, t."id", ${like.score} AS score FROM ${entity.qualifiedTable} t WHERE t."deleted_at" IS NULL AND ${like.where}${others}${when} ORDER BY score DESC, t."id" LIMIT ${shown + 1})`,
    ];
  });
  if (parts.length === 0) return [];
  const readable = entityPredicate(context, entity, 't', bound, 'read');
  const displayName = seenBy(context).entities.get(entity.name)?.fields.get('display_name');
  const name = displayName === undefined ? 'NULL::text' : guardedColumn(context, entity, displayName, 't', bound)('');
  await allowSimilarity(database, entity, rules);
  const rows = await run<Row>(database, {
    text: `SELECT f.rule, f."id", f.score, ${readable} AS readable, ${name} AS name FROM (${parts.join(' UNION ALL ')}) f JOIN ${entity.qualifiedTable} t ON t."id" = f."id" ORDER BY f.score DESC, f."id"`,
    values: bound.values,
  });
  return rules.flatMap((rule) =>
    findingOf(
      context,
      entity,
      rule,
      rows.filter((row) => row.rule === rule.name),
    ),
  );
}

/** For the rest of the transaction. The operator is there for its index; each rule asks for its own degree besides. */
export async function allowSimilarity(database: Knex, entity: Entity, rules: readonly DuplicateRule[]): Promise<void> {
  const similar = rules.flatMap((rule) => termsOf(entity, rule).filter(({ match }) => match.method === 'similar'));
  if (similar.length === 0) return;
  const least = Math.min(...similar.map(({ match }) => similarityOf(match)));
  await run(database, { text: `SELECT set_config('pg_trgm.similarity_threshold', $1, true)`, values: [String(least)] });
}

/** Of records that the caller may not read, or whose compared fields they may not, only that there are any. */
function findingOf(context: Context, entity: Entity, rule: DuplicateRule, rows: readonly Row[]): readonly DuplicateFinding[] {
  if (rows.length === 0) return [];
  const fields = seenBy(context).entities.get(entity.name)?.fields;
  const open = rule.match.every(({ field }) => {
    const seen = fields?.get(field.split('.')[0] ?? '');
    return seen !== undefined && seen.guard === undefined;
  });
  const told = open ? rows.filter((row) => row.readable === true).slice(0, shown) : [];
  return [
    {
      rule: rule.name,
      action: rule.action,
      pointers: [...new Set(rule.match.map(({ field }) => `/${field.replace('.', '/')}`))],
      records: told.map(({ id, name, score }) => ({ id, display_name: name, score: Math.round(Number(score) * 1000) / 1000 })),
      others: told.length < rows.length,
    },
  ];
}
