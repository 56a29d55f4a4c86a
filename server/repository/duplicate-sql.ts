// A duplicate rule as SQL: which rows of the entity are like a record, and how much. The record is bound values or another row.
import { matchKeyOf } from '../metadata/match-keys.ts';
import type { Column, Entity } from '../metadata/registry.ts';
import type { DuplicateMatch, DuplicateRule } from '../metadata/types.ts';
import { quoted } from './statement.ts';

/** One comparison of a rule and the column that it looks at. */
export interface Term {
  readonly match: DuplicateMatch;
  readonly column: Column;
  readonly weight: number;
}

/** The record's own values of columns. */
export interface Own {
  has(column: Column): boolean;
  /** Only of what it has. */
  sql(column: Column): string;
}

export interface LikeRows {
  /** Predicate over the rows under `t`. */
  readonly where: string;
  /** 0 … 1 */
  readonly score: string;
}

const usualSimilarity = 0.6;
export const similarityOf = ({ similarity = usualSimilarity }: DuplicateMatch): number => similarity;

export function termsOf(entity: Entity, rule: DuplicateRule): readonly Term[] {
  return rule.match.map((match) => {
    const key = matchKeyOf(entity.meta, match);
    const [name = '', part] = key === undefined ? match.field.split('.') : [key.name];
    const field = entity.fields.get(name);
    const suffix = part === undefined ? '' : field?.type.parts?.[part]?.suffix;
    const column = field?.columns.find((candidate) => candidate.suffix === suffix) ?? field?.columns[0];
    if (column === undefined) throw new Error(`${entity.name} has no column for the rule ${rule.name}`);
    return { match, column, weight: match.weight ?? 1 };
  });
}

/**
 * The terms by which alone a row can be found: without any of them the others do not reach the threshold, so each row that
 * does agrees in one of these. Trigrams are left to the others where that can be, and after them what weighs least: an
 * index of equal keys finds few rows at once. Of a rule where all must match it is all of them, together.
 */
export function blockersOf(rule: DuplicateRule, terms: readonly Term[], own: Own): readonly Term[] {
  const { threshold } = rule;
  if (threshold === undefined) return terms;
  const needed = threshold * total(terms);
  const able = terms.filter(({ column }) => own.has(column));
  const costly = ({ match }: Term): number => (match.method === 'similar' ? 0 : 1);
  const others = new Set<Term>();
  let sum = 0;
  for (const term of [...able].sort((a, b) => costly(a) - costly(b) || a.weight - b.weight)) {
    // Rounding must not lose a row whose sum is just enough.
    if (sum + term.weight >= needed - 1e-9) continue;
    others.add(term);
    sum += term.weight;
  }
  return able.filter((term) => !others.has(term));
}

const total = (terms: readonly Term[]): number => terms.reduce((sum, { weight }) => sum + weight, 0);

/**
 * @param most rows that one value may be found by; what is as common as that tells nothing, and comparing it takes long
 * @param among further condition on the rows that are looked at, by their alias; '' for none
 * @returns undefined where the record has not what the rule compares
 */
export function likeRows(
  schema: string,
  entity: Entity,
  rule: DuplicateRule,
  own: Own,
  most: number,
  among: (alias: string) => string = () => '',
): LikeRows | undefined {
  const terms = termsOf(entity, rule);
  const { threshold } = rule;
  const sql = { schema: quoted(schema), own };
  const blockers = blockersOf(rule, terms, own);
  if (threshold === undefined) {
    if (terms.some(({ column }) => !own.has(column))) return undefined;
    const degrees = terms.map((term) => degree(sql, term));
    return {
      where: `${terms.map((term) => agrees(sql, term, 't')).join(' AND ')}${among('t')}`,
      score: `(${degrees.join(' + ')}) / ${terms.length}`,
    };
  }
  if (blockers.length === 0) return undefined;
  const found = blockers.map(
    (term) =>
      `(SELECT b."id" FROM ${entity.qualifiedTable} b WHERE b."deleted_at" IS NULL AND ${agrees(sql, term, 'b')}${among('b')} LIMIT ${most})`,
  );
  const parts = terms
    .filter(({ column }) => own.has(column))
    .map((term) => `${term.weight} * ${degree(sql, term)}${penalty(sql, term)}`);
  const score = `(${parts.join(' + ')}) / ${total(terms)}::float8`;
  return {
    where: `t."id" = ANY(ARRAY(${found.join(' UNION ')})) AND ${score} >= ${threshold} - 1e-9`,
    score,
  };
}

interface Sql {
  readonly schema: string;
  readonly own: Own;
}

/** `%` goes by pg_trgm.similarity_threshold, which the caller has set no higher than any of the rule's. */
function agrees({ schema, own }: Sql, { match, column }: Term, alias: string): string {
  const [theirs, ours] = [`${alias}.${quoted(column.name)}`, own.sql(column)];
  if (match.method !== 'similar') return `${theirs} = ${ours}`;
  return `${theirs} OPERATOR(${schema}.%) ${ours} AND ${schema}.similarity(${theirs}, ${ours}) >= ${similarityOf(match)}`;
}

/** 1 for the same, the share of common trigrams for what is like enough, else 0. */
function degree({ schema, own }: Sql, { match, column }: Term): string {
  const [theirs, ours] = [`t.${quoted(column.name)}`, own.sql(column)];
  if (match.method !== 'similar') return `(CASE WHEN ${theirs} = ${ours} THEN 1 ELSE 0 END)::float8`;
  const similarity = `${schema}.similarity(${theirs}, ${ours})`;
  return `(CASE WHEN ${similarity} >= ${similarityOf(match)} THEN ${similarity} ELSE 0 END)::float8`;
}

/** Taken off only where both have a value: what is missing speaks neither for nor against. */
function penalty(sql: Sql, { match, column }: Term): string {
  if (match.penalty === undefined || match.penalty === 0) return '';
  const [theirs, ours] = [`t.${quoted(column.name)}`, sql.own.sql(column)];
  const differ =
    match.method === 'similar' ? `${sql.schema}.similarity(${theirs}, ${ours}) < ${similarityOf(match)}` : `${theirs} <> ${ours}`;
  return ` - ${match.penalty} * (CASE WHEN ${differ} THEN 1 ELSE 0 END)`;
}
