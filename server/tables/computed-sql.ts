// SQL of values that are worked out: what each should be, from what is stored. For backfills and for finding drift.
import { conditionSql } from '../conditions/sql.ts';
import { currencies } from '../fields/currency.ts';
import { countSuffix, sumSuffix } from '../fields/rollup.ts';
import { quotientSql } from '../formulas/functions/numbers.ts';
import { formulaColumn } from '../formulas/kinds.ts';
import { formulaSql } from '../formulas/sql.ts';
import { type DerivedField, type Feed, inheritedFrom } from '../metadata/computed.ts';
import { resolveFact } from '../metadata/facts.ts';
import type { Entity, Field, Registry } from '../metadata/registry.ts';
import { exchangeRateSql } from './exchange-rate-sql.ts';
import { quoteName, quoteText } from './names.ts';

/** Column → the expression of its value. */
export type Expressions = readonly (readonly [column: string, sql: string])[];

const columnOf = (alias: string, field: Field | undefined, suffix = ''): string => {
  const columns = [...(field?.columns ?? []), ...(field?.kept ?? [])];
  return `${alias}.${quoteName(columns.find((column) => column.suffix === suffix)?.name ?? `${field?.name}${suffix}`)}`;
};

/** A formula, currency or converted amount of the row under `alias`. */
export function derivedSql(registry: Registry, entity: Entity, field: DerivedField, alias: string): Expressions {
  const { computed } = field;
  const column = field.columns[0]?.name ?? field.name;
  if (computed.kind === 'converted') {
    const [amount, currency, date] = [computed.amount, computed.currency, computed.date].map((name) =>
      columnOf(alias, entity.fields.get(name)),
    );
    const base = quoteText(registry.app.baseCurrency);
    const rate = exchangeRateSql(registry, `${currency}::text`, dayOf(entity.fields.get(computed.date), date ?? 'now()'));
    const converted = rate === undefined ? 'NULL::numeric' : `${amount} * ${rate}`;
    return [[column, fitted(field, `(CASE WHEN coalesce(${currency}, ${base}) = ${base} THEN ${amount} ELSE ${converted} END)`)]];
  }
  if (computed.kind === 'inherited') {
    const source = inheritedFrom(registry, entity, computed);
    if (source === undefined) return [[column, `NULL::${field.columns[0]?.type}`]];
    const reference = columnOf(alias, entity.fields.get(computed.reference));
    return [
      [column, `(SELECT ${columnOf('o', source.field)} FROM ${source.entity.qualifiedTable} o WHERE o."id" = ${reference})`],
    ];
  }
  const sql = formulaSql(computed.formula, (path) => {
    const [name = '', part] = path.split('.');
    const read = entity.fields.get(name);
    const suffix = part === undefined ? '' : (read?.type.parts?.[part]?.suffix ?? '');
    const kind = part === undefined ? read?.columns[0]?.kind : read?.type.parts?.[part]?.kind;
    return formulaColumn(columnOf(alias, read, suffix), kind ?? 'text');
  });
  if (computed.formula.kind === 'none') return [[column, `NULL::${field.columns[0]?.type}`]];
  const currency = computed.currency === undefined ? undefined : entity.fields.get(computed.currency);
  return [[column, fitted(field, currency === undefined ? sql : inMinorUnits(field, sql, columnOf(alias, currency)))]];
}

/** Rounded to what can be paid, where the currency has fewer digits than the column. */
function inMinorUnits(field: Field, sql: string, currency: string): string {
  const scale = Number(/,(\d+)\)$/.exec(field.columns[0]?.type ?? '')?.[1] ?? 0);
  const cases = Array.from({ length: scale }, (_, digits) => {
    const codes = [...currencies.values()].filter((one) => one.digits === digits).map(({ code }) => quoteText(code));
    return codes.length === 0 ? '' : ` WHEN ${currency} IN (${codes.join(', ')}) THEN round(f.v, ${digits})`;
  });
  return `(SELECT CASE${cases.join('')} ELSE f.v END FROM (SELECT (${sql})::numeric AS v) f)`;
}

/** The day in UTC from which a rate counts; of a record without one, today. */
function dayOf(field: Field | undefined, column: string): string {
  const day = field?.type.name === 'date' ? column : `(${column} AT TIME ZONE 'UTC')::date`;
  return `coalesce(${day}, (now() AT TIME ZONE 'UTC')::date)`;
}

/** Rounded or cut as the column stores it; null where it does not fit, which a write would have refused. */
function fitted(field: Field, sql: string): string {
  const { type = 'text', kind } = field.columns[0] ?? {};
  const numeric = /^numeric\((\d+),(\d+)\)$/.exec(type);
  if (numeric !== null) {
    const [precision, scale] = [Number(numeric[1]), Number(numeric[2])];
    return inRange(`round(${sql}, ${scale})`, `10::numeric ^ ${precision - scale}`, type);
  }
  if (type === 'integer') return inRange(`round(${sql})`, '2147483648', type);
  if (type === 'bigint') return inRange(`round(${sql})`, '9223372036854775808', type);
  if (kind !== 'text') return sql;
  return `nullif(left(${sql}, ${field.meta.maxLength === undefined ? 1000 : Number(field.meta.maxLength)}), '')`;
}

const inRange = (sql: string, limit: string, type: string): string =>
  `(SELECT CASE WHEN abs(f.v) < ${limit} THEN f.v::${type} END FROM (SELECT ${sql} AS v) f)`;

/** `SELECT n, s, lo, hi` over what is related to the parent whose id is the expression `parent`. */
export function rollupAggregate(registry: Registry, feed: Feed, parent: string): string {
  const { source, field, value } = feed;
  const { filter } = field.computed;
  const column = value === undefined ? undefined : columnOf('c', value);
  const numeric = value?.columns[0]?.kind === 'decimal' || value?.columns[0]?.kind === 'integer';
  const list = [
    `count(${column ?? '*'}) AS n`,
    `${numeric ? `coalesce(sum((${column})::numeric), 0)` : '0::numeric'} AS s`,
    `${column === undefined ? 'NULL' : `min(${column})`} AS lo`,
    `${column === undefined ? 'NULL' : `max(${column})`} AS hi`,
  ];
  const conditions = [relatedTo(registry, feed, parent), 'c."deleted_at" IS NULL'];
  if (filter !== undefined) {
    conditions.push(
      conditionSql(filter, {
        column(path) {
          const fact = resolveFact(registry, source, path);
          return { sql: columnOf('c', fact?.field, fact?.suffix), kind: fact?.kind ?? 'text' };
        },
        bind: inlined,
        // The checks refuse conditions on related records here.
        exists: () => 'FALSE',
      }),
    );
  }
  return `SELECT ${list.join(', ')} FROM ${source.qualifiedTable} c WHERE ${conditions.join(' AND ')}`;
}

const inlined = (value: unknown): string =>
  Array.isArray(value) ? `ARRAY[${value.map(inlined).join(', ')}]` : quoteText(String(value));

function relatedTo(registry: Registry, { relation, parent: { name } }: Feed, parent: string): string {
  if (relation.kind === 'hasMany') return `c.${quoteName(relation.field)} = ${parent}`;
  if (relation.kind === 'hasManyAny') {
    const names = [name, ...[...registry.aliases].flatMap(([other, alias]) => (alias.name === name ? [other] : []))];
    return `c.${quoteName(relation.typeField)} IN (${names.map(quoteText).join(', ')}) AND c.${quoteName(relation.idField)} = ${parent}`;
  }
  const link = registry.entities.get(relation.through);
  return `c."id" IN (SELECT l.${quoteName(relation.toField)} FROM ${link?.qualifiedTable} l WHERE l.${quoteName(relation.fromField)} = ${parent} AND l."deleted_at" IS NULL)`;
}

/** What the columns of a roll-up should hold, by the aggregate row under `row`. */
export function rollupSql({ field }: Pick<Feed, 'field'>, row: string): Expressions {
  const { calculate } = field.computed;
  const main = field.columns[0]?.name ?? field.name;
  const values = {
    count: `${row}.n`,
    sum: `${row}.s`,
    avg: quotientSql(`${row}.s`, `${row}.n::numeric`),
    min: `${row}.lo`,
    max: `${row}.hi`,
  };
  const isNumber = ['decimal', 'integer'].includes(field.columns[0]?.kind ?? '');
  const value = values[calculate];
  return [
    [main, isNumber ? fitted(field, `(${value})::numeric`) : value],
    ...(field.kept ?? []).map(({ suffix, name }): readonly [string, string] => [
      name,
      suffix === countSuffix ? `${row}.n` : suffix === sumSuffix ? `${row}.s` : 'NULL',
    ]),
  ];
}
