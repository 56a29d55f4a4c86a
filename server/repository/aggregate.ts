// Figures over many records: groups by values and periods with their counts, sums, averages and extremes, in one statement.
import type { Column, Entity, Field } from '../metadata/registry.ts';
import type { AggregateQuery, GroupKey, Measure, Period } from '../query/ast.ts';
import { requireOperation, seenBy, seenEntity } from './access.ts';
import { columnOf } from './columns.ts';
import type { Context } from './context.ts';
import { listConditions } from './list.ts';
import type { Aggregates } from './repository.ts';
import { settleRollups } from './rollups.ts';
import { entityPredicate } from './row-rights.ts';
import type { RepositoryServices } from './services.ts';
import { literal, parameters, quoted, run } from './statement.ts';

interface Row extends Record<string, unknown> {
  readonly keys: string;
  readonly measures: string;
}

/** @throws problem `forbidden`; what may be grouped by and worked out, the query has checked */
export async function aggregate(
  { knex }: Pick<RepositoryServices, 'knex'>,
  context: Context,
  query: AggregateQuery,
): Promise<Aggregates> {
  const entity = seenEntity(context, query.entity);
  requireOperation(context, entity, 'read');
  await settleRollups(context);
  const rows = await run<Row>(context.transaction ?? knex, aggregateStatement(context, entity, query));
  const groups = rows.slice(0, query.limit).map((row) => {
    const [keys, values] = [JSON.parse(row.keys) as readonly unknown[], JSON.parse(row.measures) as readonly unknown[]];
    return {
      group: Object.fromEntries(query.groupBy.map(({ as }, at) => [as, keys[at] ?? null])),
      ...measured(query.measures, values),
    };
  });
  const currencies = currenciesOf(query.measures);
  return {
    groups,
    hasNext: rows.length > query.limit,
    limit: query.limit,
    ...(Object.keys(currencies).length === 0 ? {} : { currencies }),
    ...(await namesOf({ knex }, context, entity, query, groups)),
  };
}

/** The statement of the groups; for tests that look at its plan. */
export function aggregateStatement(context: Context, entity: Entity, query: AggregateQuery) {
  const bound = parameters();
  const keys = query.groupBy.map((key) => keySql(entity, key, query.timeZone));
  const measures = query.measures.map((measure) => measureSql(entity, measure));
  const order = [
    ...query.sort.map(({ by, at, descending }) => {
      const sql = by === 'key' ? keys[at]?.group : measures[at]?.sql;
      return `${sql} ${descending ? 'DESC' : 'ASC'} NULLS LAST`;
    }),
    ...keys.map(({ group }) => `${group} NULLS LAST`),
  ];
  const array = (list: readonly string[]): string => `json_build_array(${list.join(', ')})::text`;
  const grouping = keys.length === 0 ? '' : ` GROUP BY ${keys.map(({ group }) => group).join(', ')}`;
  const ordering = keys.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
  return {
    text: `SELECT ${array(keys.map(({ shown }) => shown))} AS keys, ${array(measures.map(({ shown }) => shown))} AS measures FROM ${entity.qualifiedTable} t WHERE ${listConditions(context, entity, query, bound).join(' AND ')}${grouping}${ordering} LIMIT ${bound.bind(query.limit + 1)}::int`,
    values: bound.values,
  };
}

/** As PostgreSQL's to_char writes them: ISO 8601 where there is a form for it; of a weekday its number, Monday 1. */
const patterns: Readonly<Record<Period, string>> = {
  year: 'YYYY',
  quarter: 'YYYY-"Q"Q',
  month: 'YYYY-MM',
  week: 'IYYY-"W"IW',
  day: 'YYYY-MM-DD',
  hour: 'YYYY-MM-DD"T"HH24',
  weekday: 'ID',
};

function keySql(
  entity: Entity,
  { field: name, part, period }: GroupKey,
  timeZone: string,
): { readonly group: string; readonly shown: string } {
  const field = fieldOf(entity, name);
  const suffix = part === undefined ? '' : (field.type.parts?.[part]?.suffix ?? '');
  const column = columnOf(field, 't')(suffix);
  if (period !== undefined) {
    const isTime = field.type.kind === 'dateTime';
    // A literal, not a parameter: the expressions of GROUP BY and of the list must be one.
    const group = `to_char(${column}${isTime ? ` AT TIME ZONE ${literal(timeZone)}` : ''}, ${literal(patterns[period])})`;
    return { group, shown: group };
  }
  return { group: column, shown: part === undefined ? field.type.json(() => column, field.meta) : column };
}

function measureSql(entity: Entity, { calculate, field: name }: Measure): { readonly sql: string; readonly shown: string } {
  const field = name === undefined ? undefined : fieldOf(entity, name);
  if (calculate === 'count' || field === undefined) {
    const sql = `count(${field === undefined ? '*' : columnOf(field, 't')(mainSuffix(field))})`;
    return { sql, shown: sql };
  }
  const column = columnOf(field, 't')('');
  switch (calculate) {
    case 'sum': {
      const sql = `sum(${column})`;
      return { sql, shown: `${sql}::text` };
    }
    case 'avg': {
      const sql = `avg(${column})`;
      return { sql, shown: `round(${sql}, ${Math.max(leastDigits, scaleOf(field))})::text` };
    }
    default: {
      const sql = `${calculate}(${column})`;
      return { sql, shown: field.type.json(() => sql, field.meta) };
    }
  }
}

/** Of an average. */
const leastDigits = 4;
const scaleOf = ({ columns }: Field): number => Number(/,(\d+)\)$/.exec(columns[0]?.type ?? '')?.[1] ?? 0);
const mainSuffix = ({ columns }: Field): string => (columns.find(({ suffix }) => suffix === '') ?? (columns[0] as Column)).suffix;

function fieldOf(entity: Entity, name: string): Field {
  const field = entity.fields.get(name);
  if (field === undefined) throw new Error(`${entity.name} lacks the field ${name}`);
  return field;
}

/** `count` is a number, the others are objects by field. */
function measured(measures: readonly Measure[], values: readonly unknown[]): Readonly<Record<string, unknown>> {
  const told: Record<string, unknown> = {};
  for (const [at, { calculate, as }] of measures.entries()) {
    const value = values[at] ?? null;
    if (calculate === 'count' && as === '*') told['count'] = value;
    else {
      const name = calculate === 'count' ? 'countOf' : calculate;
      told[name] = { ...(told[name] as object | undefined), [as]: value };
    }
  }
  return told;
}

/** In which currency amounts are that were converted. */
const currenciesOf = (measures: readonly Measure[]): Readonly<Record<string, string>> =>
  Object.fromEntries(measures.flatMap(({ as, currency }) => (currency === undefined ? [] : [[as, currency]])));

/** What the records that are keys are called, as far as the caller may read them. */
async function namesOf(
  { knex }: Pick<RepositoryServices, 'knex'>,
  context: Context,
  entity: Entity,
  { groupBy }: AggregateQuery,
  groups: readonly { readonly group: Readonly<Record<string, unknown>> }[],
): Promise<Pick<Aggregates, 'names'>> {
  const names: Record<string, string> = {};
  for (const { as, field, period } of groupBy) {
    const relation = [...entity.relations.values()].find((one) => one.kind === 'belongsTo' && one.field === field);
    const target = relation?.kind === 'belongsTo' ? seenBy(context).entities.get(relation.target) : undefined;
    const named = target?.fields.get('display_name');
    if (target === undefined || named === undefined || named.guard !== undefined || period !== undefined) continue;
    const ids = [...new Set(groups.flatMap(({ group }) => (typeof group[as] === 'string' ? [group[as]] : [])))];
    const bound = parameters();
    const rows = await run<{ id: string; name: string | null }>(context.transaction ?? knex, {
      text: `SELECT t."id", ${columnOf(named, 't')('')} AS name FROM ${target.qualifiedTable} t WHERE t."id" = ANY (${bound.bind(ids)}::uuid[]) AND t.${quoted('deleted_at')} IS NULL AND ${entityPredicate(context, target, 't', bound, 'read')}`,
      values: bound.values,
    });
    for (const { id, name } of rows) if (name !== null) names[id] = name;
  }
  return Object.keys(names).length === 0 ? {} : { names };
}
