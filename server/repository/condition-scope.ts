// Where the facts of a condition stand in SQL: columns of a row, of what it refers to, or values of the actor and the clock.
import { conditionSql, type SqlScope } from '../conditions/sql.ts';
import type { Condition } from '../conditions/tree.ts';
import { type ResolvedFact, resolveFact } from '../metadata/facts.ts';
import type { Entity, Registry, Relation } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import { ambientFact } from './ambient-facts.ts';
import { columnOf } from './columns.ts';
import type { Context } from './context.ts';
import { type Parameters, quoted } from './statement.ts';
import { namesEntity } from './stored-names.ts';

/** What a condition may look at. */
export interface Sight {
  readonly context: Context;
  /** What it may name. */
  readonly registry: Registry;
  /** The rows of an entity that it may look at, as SQL; `true` for all. */
  readonly rows: (entity: Entity, alias: string, bound: Parameters) => string;
}

/**
 * A condition over rows of `entity` that stand under `alias`, as SQL that needs no join of its own. Subqueries stand under
 * longer aliases than what is around them, so none hides another.
 */
export const conditionIn = (sight: Sight, entity: Entity, alias: string, condition: Condition, bound: Parameters): string =>
  conditionSql(condition, scopeOf(sight, sight.registry.entities.get(entity.name) ?? entity, alias, bound));

/** Rights aside: for what the metadata themselves say of rows. */
export const trustedCondition = (
  context: Context,
  entity: Entity,
  alias: string,
  condition: Condition,
  bound: Parameters,
): string => conditionIn({ context, registry: context.registry, rows: () => 'true' }, entity, alias, condition, bound);

function scopeOf(sight: Sight, entity: Entity, alias: string, bound: Parameters): SqlScope {
  const { context, registry } = sight;
  return {
    bind: (value) => bound.bind(value),
    column(path) {
      const ambient = ambientFact(context, path);
      if (ambient !== undefined) return { sql: `${bound.bind(ambient.value)}::${ambient.sqlType}`, kind: ambient.kind };
      const fact = resolveFact(registry, entity, path);
      if (fact === undefined) throw problem('invalid_query', { detail: `${entity.name} has no field "${path}".` });
      return { sql: factSql(sight, fact, alias, bound), kind: fact.kind };
    },
    exists(name, where) {
      const relation = entity.relations.get(name);
      const target = relation === undefined || !('target' in relation) ? undefined : registry.entities.get(relation.target);
      if (relation === undefined || target === undefined)
        throw problem('invalid_query', { detail: `${entity.name} has no to-many relation "${name}".` });
      const inner = `${alias}e`;
      const conditions = [relatedRows(context, relation, entity, target, alias, inner), sight.rows(target, inner, bound)];
      if (where !== undefined) conditions.push(`(${where(scopeOf(sight, target, inner, bound))})`);
      return `EXISTS (SELECT 1 FROM ${conditions.join(' AND ')})`;
    },
  };
}

/** A fact of a related record is a scalar subquery: null where there is no such record, as in memory. */
function factSql(sight: Sight, fact: ResolvedFact, alias: string, bound: Parameters): string {
  const [first, ...rest] = fact.through;
  if (first === undefined) {
    const { type, meta } = fact.field;
    const column = columnOf(fact.field, alias);
    // A value with parts has no column of its own; as a whole it can only be asked for being there.
    return type.parts !== undefined && fact.suffix === '' ? type.json(column, meta) : column(fact.suffix);
  }
  const target = sight.registry.entities.get(first.target);
  if (target === undefined) throw problem('invalid_query', { detail: `There is no relation "${first.name}".` });
  const inner = `${alias}f`;
  const value = factSql(sight, { ...fact, through: rest }, inner, bound);
  const rows = sight.rows(target, inner, bound);
  return `(SELECT ${value} FROM ${target.qualifiedTable} ${inner} WHERE ${inner}."id" = ${alias}.${quoted(first.field)} AND ${inner}."deleted_at" IS NULL AND ${rows})`;
}

/** `FROM` part and `WHERE` of the live rows that a to-many relation of a row leads to. */
export function relatedRows(
  context: Context,
  relation: Relation,
  entity: Entity,
  target: Entity,
  alias: string,
  inner: string,
): string {
  const from = `${target.qualifiedTable} ${inner}`;
  const live = `${inner}."deleted_at" IS NULL`;
  if (relation.kind === 'hasMany') return `${from} WHERE ${inner}.${quoted(relation.field)} = ${alias}."id" AND ${live}`;
  if (relation.kind === 'hasManyAny') {
    const kind = namesEntity(context.registry, `${inner}.${quoted(relation.typeField)}`, entity.name);
    return `${from} WHERE ${kind} AND ${inner}.${quoted(relation.idField)} = ${alias}."id" AND ${live}`;
  }
  if (relation.kind === 'manyToMany') {
    const link = context.registry.entities.get(relation.through);
    return `${from} WHERE ${live} AND EXISTS (SELECT 1 FROM ${link?.qualifiedTable} l WHERE l.${quoted(relation.fromField)} = ${alias}."id" AND l.${quoted(relation.toField)} = ${inner}."id" AND l."deleted_at" IS NULL)`;
  }
  throw problem('invalid_query', { detail: `"${relation.name}" points to one record, not to many.` });
}
