// SQL that works a computed field out anew, batch by batch, and that finds where it differs.
import { type DerivedField, feedOf, type RollupField } from '../metadata/computed.ts';
import type { Entity, Field, Registry } from '../metadata/registry.ts';
import { derivedSql, type Expressions, rollupAggregate, rollupSql } from './computed-sql.ts';
import { quoteName } from './names.ts';

export interface ComputedPass {
  /** Locks the next rows: `$1` the id to go on after or null, `$2` how many; gives their `id`. */
  readonly lock: string;
  /** Works out rows `$1` (uuid[]); to be sent once they are locked, so that it sees what others have committed. */
  readonly update: string;
  /** Rows that differ: `total`, and the ids of some as `examples`. */
  readonly differing: string;
}

/** undefined: there is nothing to work it out from. */
export function computedPass(registry: Registry, entity: Entity, field: Field): ComputedPass | undefined {
  const values = valuesOf(registry, entity, field);
  if (values === undefined) return undefined;
  const { from, expressions } = values;
  const columns = expressions.map(([column]) => quoteName(column));
  const named = expressions.map(([column, sql]) => `${sql} AS ${quoteName(column)}`).join(', ');
  const differs = `(${columns.map((column) => `t.${column}`).join(', ')}) IS DISTINCT FROM (${columns.map((column) => `v.${column}`).join(', ')})`;
  const table = entity.qualifiedTable;
  return {
    lock: `SELECT t."id" FROM ${table} t WHERE ($1::uuid IS NULL OR t."id" > $1::uuid) ORDER BY t."id" LIMIT $2 FOR NO KEY UPDATE`,
    update: `UPDATE ${table} t SET ${columns.map((column) => `${column} = v.${column}`).join(', ')} FROM (SELECT p."id", ${named} FROM ${table} p${from} WHERE p."id" = ANY ($1::uuid[])) v WHERE t."id" = v."id" AND ${differs}`,
    differing: `SELECT count(*)::int AS total, (array_agg(t."id"::text))[1:5] AS examples FROM ${table} t JOIN (SELECT p."id", ${named} FROM ${table} p${from}) v ON v."id" = t."id" WHERE ${differs}`,
  };
}

/** The row is `p`. */
function valuesOf(
  registry: Registry,
  entity: Entity,
  field: Field,
): { readonly from: string; readonly expressions: Expressions } | undefined {
  if (field.computed === undefined) return undefined;
  if (field.computed.kind !== 'rollup')
    return { from: '', expressions: derivedSql(registry, entity, field as DerivedField, 'p') };
  const feed = feedOf(registry, entity, field as RollupField);
  if (feed === undefined) return undefined;
  return { from: ` CROSS JOIN LATERAL (${rollupAggregate(registry, feed, 'p."id"')}) a`, expressions: rollupSql(feed, 'a') };
}
