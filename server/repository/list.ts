// A list: one statement that filters, sorts and cuts in an inner query and renders JSON only for the rows of the page.
import type { Knex } from 'knex';
import type { Entity } from '../metadata/registry.ts';
import type { ListQuery } from '../query/ast.ts';
import { requireOperation, seenEntity } from './access.ts';
import type { Context } from './context.ts';
import { beyondCursor, cursorColumns, cursorOf, orderBy } from './keyset.ts';
import type { ListPage, PageInfo } from './repository.ts';
import { settleRollups } from './rollups.ts';
import { conditionOn, entityPredicate } from './row-rights.ts';
import { searchConditions } from './search-conditions.ts';
import { jsonObject, render } from './select.ts';
import { type Parameters, parameters, run } from './statement.ts';
import { visibleRows } from './visible.ts';

export async function list(database: Knex, context: Context, query: ListQuery): Promise<ListPage> {
  const entity = seenEntity(context, query.entity);
  requireOperation(context, entity, 'read');
  if (query.right === 'export') requireOperation(context, entity, 'export');
  await settleRollups(context);
  const connection = context.transaction ?? database;
  const backwards = query.before !== undefined || query.fromEnd === true;
  const [rows, total] = await Promise.all([
    run(connection, pageStatement(context, entity, query)),
    countRows(connection, context, entity, query),
  ]);
  const more = rows.length > query.limit;
  const shown = rows.slice(0, query.limit);
  if (backwards) shown.reverse();
  const cursors = shown.map((row) => cursorOf(entity, query.sort, row));
  const next = (backwards ? query.before !== undefined : more) ? (cursors.at(-1) ?? null) : null;
  const prev = (backwards ? more : query.after !== undefined || (query.offset ?? 0) > 0) ? (cursors[0] ?? null) : null;
  const page: PageInfo = {
    limit: query.limit,
    hasNext: next !== null,
    hasPrev: prev !== null,
    next,
    prev,
    ...(total === undefined ? {} : { total: total.rows, totalIs: total.is }),
  };
  return { rows: shown.map((row) => row['json'] as string), cursors, page };
}

/** The statement of one page; for tests that look at its plan. */
export function pageStatement(context: Context, entity: Entity, query: ListQuery) {
  const bound = parameters();
  const conditions = listConditions(context, entity, query, bound);
  const backwards = query.before !== undefined || query.fromEnd === true;
  const cursor = query.before ?? query.after;
  if (cursor !== undefined) conditions.push(beyondCursor(entity, 't', query.sort, cursor, backwards, bound));
  const order = orderBy(entity, 't', query.sort, backwards);
  const offset = query.offset === undefined ? '' : ` OFFSET ${bound.bind(query.offset)}::int`;
  const limit = bound.bind(query.limit + 1);
  const inner = `SELECT t.* FROM ${entity.qualifiedTable} t WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ${limit}::int${offset}`;
  const rendering = render(context, entity, 't', query.selection, bound);
  return {
    text: `SELECT ${jsonObject(rendering.list)}::text AS json, ${cursorColumns(entity, 't', query.sort)} FROM (${inner}) t ${rendering.joins} ORDER BY ${order}`,
    values: bound.values,
  };
}

/** What of a query says which rows it is about, as conditions on the row `t`; rights included. */
export function listConditions(
  context: Context,
  entity: Entity,
  query: Pick<ListQuery, 'right' | 'filter' | 'search' | 'deleted'>,
  bound: Parameters,
): string[] {
  const conditions = [...visibleRows(context, entity, 't', query.deleted, bound)];
  if (query.right === 'export') conditions.push(entityPredicate(context, entity, 't', bound, 'export'));
  if (query.filter !== undefined) conditions.push(`(${conditionOn(context, entity, 't', query.filter, bound)})`);
  if (query.search !== undefined) conditions.push(...searchConditions(context, entity, 't', query.search, bound));
  return conditions;
}

interface Total {
  readonly rows: number;
  readonly is: 'exact' | 'estimated';
}

async function countRows(connection: Knex, context: Context, entity: Entity, query: ListQuery): Promise<Total | undefined> {
  if (query.count === 'none') return undefined;
  const bound = parameters();
  const text = `SELECT 1 FROM ${entity.qualifiedTable} t WHERE ${listConditions(context, entity, query, bound).join(' AND ')}`;
  // The planner estimates from values of all rows: of those that one may not read, too.
  if (query.count === 'exact' || entityPredicate(context, entity, 't', parameters(), 'read') !== 'true') {
    const [row] = await run<{ n: string }>(connection, { text: `SELECT count(*) AS n FROM (${text}) c`, values: bound.values });
    return { rows: Number(row?.n ?? 0), is: 'exact' };
  }
  const [row] = await run(connection, { text: `EXPLAIN (FORMAT JSON) ${text}`, values: bound.values });
  const plan = row?.['QUERY PLAN'];
  const [first] = (typeof plan === 'string' ? JSON.parse(plan) : plan) as { Plan: { 'Plan Rows': number } }[];
  return { rows: Math.round(first?.Plan['Plan Rows'] ?? 0), is: 'estimated' };
}
