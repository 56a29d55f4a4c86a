// Rights → SQL: on which rows of an entity an actor may do something, by owner, team, parent record, record filter and share.

import type { Condition } from '../conditions/tree.ts';
import type { Entity, Grant, Registry, Relation } from '../metadata/registry.ts';
import { usersEntity } from '../metadata/system-fields.ts';
import type { Right } from '../metadata/types.ts';
import { columnName } from './columns.ts';
import { conditionIn, trustedCondition } from './condition-scope.ts';
import type { Context } from './context.ts';
import { beforeShares, shared } from './shares.ts';
import { type Parameters, quoted } from './statement.ts';
import { namesEntity } from './stored-names.ts';

/** The rows of `entity` under `alias` on which the actor may do `right`; `true` for all, `false` for none. */
export function entityPredicate(context: Context, entity: Entity, alias: string, bound: Parameters, right: Right): string {
  return grantedRows(context, entity, alias, bound, right, context.actor.grants(entity.name, right));
}

/** A condition that an actor gave, over rows under `alias`: it looks at nothing that is closed to them. */
export function conditionOn(context: Context, entity: Entity, alias: string, condition: Condition, bound: Parameters): string {
  const rows = (target: Entity, inner: string, parameters: Parameters): string =>
    entityPredicate(context, target, inner, parameters, 'read');
  const registry = context.actor.sees(context.registry);
  return conditionIn({ context, registry, rows }, entity, alias, condition, bound);
}

/** The rows that some of the grants reach. What is shared is reached by whoever has any. */
export function grantedRows(
  context: Context,
  entity: Entity,
  alias: string,
  bound: Parameters,
  right: Right,
  grants: readonly Grant[],
): string {
  if (grants.length === 0) return 'false';
  const mark = bound.values.length;
  const parts = grants.map((grant) => grantSql(context, entity, alias, bound, right, grant));
  if (parts.includes('true')) {
    // PostgreSQL refuses parameters that nothing in the text gives a type.
    bound.rewind(mark);
    return 'true';
  }
  const more = shared(context, entity, alias, bound, right);
  return `(${[...new Set(parts), ...(more === undefined ? [] : [more])].join(' OR ')})`;
}

/** The rows of one grant: its level, within its record filter. */
export function grantSql(context: Context, entity: Entity, alias: string, bound: Parameters, right: Right, grant: Grant): string {
  const level = levelSql(context, entity, alias, bound, right, grant.level);
  const filter = filterSql(context, entity, alias, bound, grant);
  if (filter === 'true' || level === 'false') return level;
  return level === 'true' ? filter : `(${level} AND ${filter})`;
}

/** The record filter alone, rights aside: it may look at what the actor may not see. */
export const filterSql = (context: Context, entity: Entity, alias: string, bound: Parameters, { filter }: Grant): string =>
  filter === undefined ? 'true' : `(${trustedCondition(context, entity, alias, filter, bound)})`;

/** The rows that a level reaches by itself. */
export function levelSql(
  context: Context,
  entity: Entity,
  alias: string,
  bound: Parameters,
  right: Right,
  level: Grant['level'],
): string {
  if (level === 'all') return 'true';
  const { owner, team, through } = entity.meta.ownership ?? {};
  const parent = through === undefined ? undefined : entity.relations.get(through);
  if (parent !== undefined) return parentSql(beforeShares(context, entity, right), parent, alias, bound, right);
  const own = ownerColumn(entity, alias, owner);
  const { id, reach } = context.actor;
  if (level === 'own') return `${own} = ${bound.bind(id)}::uuid`;
  const ofPeople = `${own} = ANY(${bound.bind(reach.users)}::uuid[])`;
  const field = team === undefined ? undefined : entity.fields.get(team);
  if (field === undefined || reach.teams.length === 0) return ofPeople;
  return `(${ofPeople} OR ${alias}.${quoted(columnName(field))} = ANY(${bound.bind(reach.teams)}::uuid[]))`;
}

/** People own themselves; records without an owner belong to whoever made them. */
function ownerColumn(entity: Entity, alias: string, owner: string | undefined): string {
  if (entity.name === usersEntity) return `${alias}."id"`;
  const field = owner === undefined ? undefined : entity.fields.get(owner);
  return `${alias}.${quoted(field === undefined ? 'created_by' : columnName(field))}`;
}

/** A record that belongs to another is read by who may read that, and written by who may change that. */
function parentSql(context: Context, relation: Relation, alias: string, bound: Parameters, right: Right): string {
  const onParent: Right = right === 'read' || right === 'export' ? 'read' : 'update';
  const inner = `${alias}p`;
  const reachable = (name: string, reference: string): string => {
    const target = context.registry.entities.get(name);
    if (target === undefined) return 'false';
    // What is itself about records of any kind owns nothing further, or there would be no end of it.
    if (relation.kind === 'belongsToAny' && isAboutAny(context.registry, target))
      return context.actor.grants(name, onParent).some(isUnlimited) ? 'true' : 'false';
    const rows = parentRows(context, target, inner, bound, onParent);
    if (rows === 'true' || rows === 'false') return rows;
    return `EXISTS (SELECT FROM ${target.qualifiedTable} ${inner} WHERE ${inner}."id" = ${alias}.${quoted(reference)} AND ${rows})`;
  };
  if (relation.kind === 'belongsTo') return reachable(relation.target, relation.field);
  if (relation.kind !== 'belongsToAny') return 'false';
  const kind = `${alias}.${quoted(relation.typeField)}`;
  const cases = relation.targets.map((name) => [name, reachable(name, relation.idField)] as const);
  const wholly = cases.filter(([, rows]) => rows === 'true').map(([name]) => namesEntity(context.registry, kind, name));
  const partly = cases
    .filter(([, rows]) => rows !== 'true' && rows !== 'false')
    .map(([name, rows]) => `(${namesEntity(context.registry, kind, name)} AND ${rows})`);
  const all = [...wholly, ...partly];
  return all.length === 0 ? 'false' : `(${all.join(' OR ')})`;
}

/** What is deleted tells nothing any more but to those who may restore it. */
function parentRows(context: Context, target: Entity, alias: string, bound: Parameters, right: Right): string {
  const rows = entityPredicate(context, target, alias, bound, right);
  if (right !== 'read' || rows === 'false') return rows;
  const restorable = entityPredicate(context, target, alias, bound, 'restore');
  if (restorable === 'true') return rows;
  const shown = `(${alias}."deleted_at" IS NULL OR ${restorable})`;
  return rows === 'true' ? shown : `(${rows} AND ${shown})`;
}

const isUnlimited = ({ level, filter }: Grant): boolean => level === 'all' && filter === undefined;

/** It belongs to a record of any kind, or to one that does, however far up. */
function isAboutAny(registry: Registry, { meta, relations }: Entity): boolean {
  const parent = relations.get(meta.ownership?.through ?? '');
  if (parent?.kind !== 'belongsTo') return parent?.kind === 'belongsToAny';
  const target = registry.entities.get(parent.target);
  return target !== undefined && isAboutAny(registry, target);
}

/** Which of the grants a row meets, as a list of column expressions `?g0`, `?g1` …; empty where one row is like another. */
export function metGrants(context: Context, entity: Entity, alias: string, bound: Parameters, right: Right): readonly string[] {
  const grants = context.actor.grants(entity.name, right);
  if (grants.length < 2 || grants.every(({ fields }) => Object.keys(fields).length === 0)) return [];
  const more = shared(context, entity, alias, bound, right);
  return grants.map((grant, at) => {
    const rows = grantSql(context, entity, alias, bound, right, grant);
    return `(${more === undefined ? rows : `${rows} OR ${more}`}) IS TRUE AS ${quoted(`?g${at}`)}`;
  });
}

/** The grants that a row selected with `metGrants` meets. */
export function grantsMet(
  context: Context,
  entity: Entity,
  right: Right,
  row: Readonly<Record<string, unknown>>,
): readonly Grant[] {
  const grants = context.actor.grants(entity.name, right);
  return '?g0' in row ? grants.filter((_, at) => row[`?g${at}`] === true) : grants;
}
