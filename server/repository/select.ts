// Selection → SQL: PostgreSQL renders each record, and everything included with it, as one JSON text.
import { currentMember, formerNames } from '../metadata/aliases.ts';
import type { Entity, Field, Relation } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { Include, Selection, SortKey } from '../query/ast.ts';
import { includeLimit } from '../query/selection.ts';
import { defaultSort } from '../query/sort.ts';
import { seenBy } from './access.ts';
import { relatedRows } from './condition-scope.ts';
import type { Context } from './context.ts';
import { guardedColumn } from './guarded-column.ts';
import { beyondCursor, cursorArray, orderBy } from './keyset.ts';
import { conditionOn, entityPredicate } from './row-rights.ts';
import { literal, type Parameters, quoted } from './statement.ts';
import { shownColumn, whenEntity } from './stored-names.ts';

/** What a record under `alias` renders to: a select list, and the lateral joins that it needs. */
export interface Rendering {
  readonly list: string;
  readonly joins: string;
}

/**
 * Fields a selection renders, each with its name in the answer; in the entity's order when none are named, and then under
 * their former names too, for clients that know no other.
 */
function selectedFields(entity: Entity, selection: Selection): readonly (readonly [string, Field])[] {
  const readable = (name: string): Field | undefined => {
    const field = entity.fields.get(name);
    return field === undefined || field.hidden || field.type.secret === true ? undefined : field;
  };
  if (selection.fields === null) {
    const all = [...[...entity.fields.keys()].map((name) => [name, name] as const), ...formerNames(entity.aliases)];
    return all.flatMap(([as, name]) => {
      const field = readable(name);
      return field === undefined ? [] : [[as, field] as const];
    });
  }
  return selection.fields.map((name) => {
    const field = readable(currentMember(entity, name));
    if (field === undefined) throw problem('invalid_query', { detail: `${entity.name} has no field "${name}".` });
    return [name, field] as const;
  });
}

/** Renders a record whose row stands under `alias`. @param entity as the actor sees it */
export function render(context: Context, entity: Entity, alias: string, selection: Selection, bound: Parameters): Rendering {
  const { registry } = context;
  const list = selectedFields(entity, selection).map(([as, field]) => {
    const column = guardedColumn(context, entity, field, alias, bound);
    const shown = (suffix: string): string => shownColumn(registry, entity, field, column(suffix));
    return `${field.type.json(shown, field.meta)} AS ${quoted(as)}`;
  });
  const joins: string[] = [];
  selection.include.forEach((include, index) => {
    const inner = `${alias}_${index}`;
    joins.push(`LEFT JOIN LATERAL (${includeSql(context, entity, alias, include, inner, bound)}) ${inner} ON true`);
    list.push(`${inner}.j AS ${quoted(include.as)}`);
  });
  // A selection of nothing (GraphQL asks for __typename only) still renders an object.
  return { list: list.length > 0 ? list.join(', ') : `${alias}."id" AS "id"`, joins: joins.join(' ') };
}

/** `row_to_json` over a select list: the one way to make an object with more than 50 keys. */
export const jsonObject = (list: string): string => `(SELECT row_to_json(r) FROM (SELECT ${list}) r)`;

function includeSql(context: Context, entity: Entity, alias: string, include: Include, inner: string, bound: Parameters): string {
  const relation = entity.relations.get(include.relation);
  if (relation === undefined) throw problem('invalid_query', { detail: `${entity.name} has no relation "${include.relation}".` });
  if (relation.kind === 'belongsToAny') return anySql(context, relation, alias, inner, bound);
  const target = seenBy(context).entities.get(relation.target);
  if (target === undefined) {
    throw problem('invalid_query', { detail: `${entity.name} has no relation "${include.relation}".` });
  }
  return relation.kind === 'belongsTo'
    ? oneSql(context, target, `${alias}.${quoted(relation.field)}`, include, `${inner}r`, bound)
    : manySql(context, entity, relation, target, alias, include, `${inner}r`, bound);
}

// LIMIT 1 keeps the planner from joining first: each record's one row is found by its key before any JSON is built of it.
function oneSql(context: Context, target: Entity, reference: string, include: Include, row: string, bound: Parameters): string {
  const rendering = render(context, target, row, include.selection, bound);
  const readable = entityPredicate(context, target, row, bound, 'read');
  return `SELECT ${jsonObject(rendering.list)} AS j FROM ${target.qualifiedTable} ${row} ${rendering.joins} WHERE ${row}."id" = ${reference} AND ${row}."deleted_at" IS NULL AND ${readable} LIMIT 1`;
}

/** The inner query finds and cuts the rows (one more than asked tells whether there are others) before any JSON is built. */
function manySql(
  context: Context,
  entity: Entity,
  relation: Relation,
  target: Entity,
  alias: string,
  include: Include,
  row: string,
  bound: Parameters,
): string {
  const limit = include.limit ?? includeLimit;
  const sort: readonly SortKey[] = include.sort ?? defaultSort;
  const order = orderBy(target, row, sort);
  const conditions = [
    relatedRows(context, relation, entity, target, alias, row),
    entityPredicate(context, target, row, bound, 'read'),
  ];
  if (include.filter !== undefined) conditions.push(`(${conditionOn(context, target, row, include.filter, bound)})`);
  const all = conditions.join(' AND ');
  if (include.after !== undefined) conditions.push(beyondCursor(target, row, sort, include.after, false, bound));
  const rows = `SELECT ${row}.*, row_number() OVER (ORDER BY ${order}) AS "?n" FROM ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ${limit + 1}`;
  const rendering = render(context, target, row, include.selection, bound);
  const keys = include.keys === true ? `, ${cursorArray(target, row, sort)} AS k` : '';
  const objects = `SELECT ${row}."?n" AS n, ${jsonObject(rendering.list)} AS j${keys} FROM (${rows}) ${row} ${rendering.joins}`;
  const shown = (value: string): string => `coalesce(json_agg(${value} ORDER BY z.n) FILTER (WHERE z.n <= ${limit}), '[]'::json)`;
  const page = [`'limit', ${limit}`, `'hasNext', count(*) > ${limit}`];
  if (include.keys === true) page.push(`'keys', ${shown('z.k')}`);
  if (include.total === true) page.push(`'total', (SELECT count(*) FROM ${all})`);
  return `SELECT json_build_object('data', ${shown('z.j')}, 'page', json_build_object(${page.join(', ')})) AS j FROM (${objects}) z`;
}

/** A record of any kind renders as what it is and what it is called. */
function anySql(
  context: Context,
  relation: Extract<Relation, { kind: 'belongsToAny' }>,
  alias: string,
  row: string,
  bound: Parameters,
): string {
  const cases = relation.targets.flatMap((name) => {
    const target = seenBy(context).entities.get(name);
    const called = target?.fields.get('display_name');
    if (target === undefined || called === undefined) return [];
    const displayName = guardedColumn(context, target, called, `${row}r`, bound)('');
    const list = `${literal(name)} AS entity, ${row}r."id" AS id, ${displayName} AS display_name`;
    const readable = entityPredicate(context, target, `${row}r`, bound, 'read');
    const where = `${row}r."id" = ${alias}.${quoted(relation.idField)} AND ${row}r."deleted_at" IS NULL AND ${readable}`;
    const found = `(SELECT ${jsonObject(list)} FROM ${target.qualifiedTable} ${row}r WHERE ${where})`;
    return [whenEntity(context.registry, name, found)];
  });
  return cases.length === 0
    ? 'SELECT NULL::json AS j'
    : `SELECT CASE ${alias}.${quoted(relation.typeField)} ${cases.join(' ')} END AS j`;
}
