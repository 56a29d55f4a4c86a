// Where the facts of a condition stand in SQL: columns of a row, of what it refers to, or values of the actor and the clock.
import { conditionSql, type SqlScope } from '../conditions/sql.ts';
import type { Condition } from '../conditions/tree.ts';
import { type ResolvedFact, resolveFact } from '../metadata/facts.ts';
import type { Entity, Relation } from '../metadata/registry.ts';
import type { Operation } from '../metadata/types.ts';
import { problem } from '../problem.ts';
import { rowCondition } from './access.ts';
import { ambientFact } from './ambient-facts.ts';
import { columnOf } from './columns.ts';
import type { Context } from './context.ts';
import { type Parameters, quoted } from './statement.ts';
import { namesEntity } from './stored-names.ts';

/**
 * A condition over rows of `entity` that stand under `alias`, as SQL that needs no join of its own. Subqueries stand under
 * longer aliases than what is around them, so none hides another.
 */
export function conditionOn(context: Context, entity: Entity, alias: string, condition: Condition, bound: Parameters): string {
  return conditionSql(condition, scopeOf(context, entity, alias, bound));
}

/** The rows of `entity` under `alias` on which the actor may do `operation`; `true` for all. */
export function entityPredicate(
  context: Context,
  entity: Entity,
  alias: string,
  bound: Parameters,
  operation: Operation,
): string {
  const condition = rowCondition(context, entity, operation);
  return condition === undefined ? 'true' : `(${conditionOn(context, entity, alias, condition, bound)})`;
}

function scopeOf(context: Context, entity: Entity, alias: string, bound: Parameters): SqlScope {
  return {
    bind: (value) => bound.bind(value),
    column(path) {
      const ambient = ambientFact(context, path);
      if (ambient !== undefined) return { sql: `${bound.bind(ambient.value)}::${ambient.sqlType}`, kind: ambient.kind };
      const fact = resolveFact(context.registry, entity, path);
      if (fact === undefined) throw problem('invalid_query', { detail: `${entity.name} has no field "${path}".` });
      return { sql: factSql(context, fact, alias, bound), kind: fact.kind };
    },
    exists(name, where) {
      const relation = entity.relations.get(name);
      const target =
        relation === undefined || !('target' in relation) ? undefined : context.registry.entities.get(relation.target);
      if (relation === undefined || target === undefined || context.actor.access(target.name, 'read') === 'none') {
        throw problem('invalid_query', { detail: `${entity.name} has no to-many relation "${name}".` });
      }
      const inner = `${alias}e`;
      const conditions = [
        relatedRows(context, relation, entity, target, alias, inner),
        entityPredicate(context, target, inner, bound, 'read'),
      ];
      if (where !== undefined) conditions.push(`(${where(scopeOf(context, target, inner, bound))})`);
      return `EXISTS (SELECT 1 FROM ${conditions.join(' AND ')})`;
    },
  };
}

/** A fact of a related record is a scalar subquery: null where there is no such record, as in memory. */
function factSql(context: Context, fact: ResolvedFact, alias: string, bound: Parameters): string {
  const [first, ...rest] = fact.through;
  if (first === undefined) {
    const { type, meta } = fact.field;
    const column = columnOf(fact.field, alias);
    // A value with parts has no column of its own; as a whole it can only be asked for being there.
    return type.parts !== undefined && fact.suffix === '' ? type.json(column, meta) : column(fact.suffix);
  }
  const target = context.registry.entities.get(first.target);
  if (target === undefined || context.actor.access(first.target, 'read') === 'none') {
    throw problem('invalid_query', { detail: `There is no relation "${first.name}".` });
  }
  const inner = `${alias}f`;
  const value = factSql(context, { ...fact, through: rest }, inner, bound);
  const readable = entityPredicate(context, target, inner, bound, 'read');
  return `(SELECT ${value} FROM ${target.qualifiedTable} ${inner} WHERE ${inner}."id" = ${alias}.${quoted(first.field)} AND ${inner}."deleted_at" IS NULL AND ${readable})`;
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
