// `groupBy=stage,month(close_date)&sum=amount&count=*` → an aggregate query, checked against the entity.
import { didYouMean } from '../conditions/did-you-mean.ts';
import type { Condition } from '../conditions/tree.ts';
import type { ValueKind } from '../conditions/value-kind.ts';
import { baseSuffix } from '../fields/money.ts';
import { currentMember } from '../metadata/aliases.ts';
import type { Entity, Field, Registry } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import {
  type AggregateQuery,
  type GroupKey,
  type GroupSort,
  type Measure,
  type MeasureFunction,
  measureFunctions,
  type Period,
  periods,
} from './ast.ts';
import { filterOf, isFilterParameter, parseFilterParameters } from './filter-parameters.ts';
import { choice, integer, json, maxSearchLength, numeral, refuse, text } from './words.ts';

export const aggregateWords = [...measureFunctions, 'groupBy', 'sort', 'limit', 'timeZone', 'q', 'filter', 'deleted'] as const;
type Word = (typeof aggregateWords)[number];

const defaultGroups = 100;
export const maxGroups = 1_000;
const maxKeys = 4;
const maxMeasures = 20;
const maxSortKeys = 5;

/** What an aggregate asks, its lists as texts with commas, its filters apart. */
export type AggregateInput = Readonly<Partial<Record<Word, unknown>>>;

/** `GET /{entity}/aggregate?…`. Throws invalid_query with every finding; pointers are `?name`. */
export function parseAggregateQuery(registry: Registry, entity: Entity, parameters: URLSearchParams): AggregateQuery {
  const issues: Issue[] = [];
  const words: Partial<Record<Word, unknown>> = {};
  const filters: (readonly [string, string])[] = [];
  for (const [name, value] of parameters) {
    if (isFilterParameter(name)) filters.push([name, value]);
    else if (!isWord(name)) issues.push(unknown(entity, name));
    else if (Object.hasOwn(words, name))
      issues.push({ pointer: `?${name}`, code: 'repeated', detail: `"${name}" is given twice.` });
    else words[name] = name === 'filter' ? json(value, '?filter', issues) : name === 'limit' ? numeral(value) : value;
  }
  const condition = parseFilterParameters(registry, entity, filters, issues);
  return aggregateQuery({ registry, entity, pointer: (word) => `?${word}`, issues }, words, condition);
}

/** Where a query is read, and what is found in it. */
export interface Reading {
  readonly registry: Registry;
  readonly entity: Entity;
  readonly pointer: (word: string) => string;
  readonly issues: Issue[];
}

/** @throws problem `invalid_query` with every finding */
export function aggregateQuery(reading: Reading, words: AggregateInput, condition?: Condition): AggregateQuery {
  const { registry, entity, pointer, issues } = reading;
  const list = (word: Word): readonly string[] =>
    (text(words[word], pointer(word), issues) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  const groupBy = list('groupBy').flatMap((as) => keyOf(reading, as));
  if (groupBy.length > maxKeys)
    issues.push({ pointer: pointer('groupBy'), code: 'too_many', detail: `At most ${maxKeys} keys of groups.` });
  const wanted = measureFunctions.flatMap((calculate) =>
    list(calculate).flatMap((as) => measureOf(reading, calculate, as, groupBy)),
  );
  if (wanted.length > maxMeasures)
    issues.push({ pointer: pointer('sum'), code: 'too_many', detail: `At most ${maxMeasures} figures at once.` });
  const measures: readonly Measure[] = wanted.length === 0 ? [{ calculate: 'count', as: '*' }] : wanted;
  const search = text(words.q, pointer('q'), issues, maxSearchLength)?.trim() ?? '';
  const query: AggregateQuery = {
    entity: entity.name,
    ...filterOf(registry, entity, condition, words.filter, pointer('filter'), issues),
    ...(search === '' ? {} : { search }),
    deleted: choice(words.deleted, ['live', 'only', 'with'], 'live', pointer('deleted'), issues),
    groupBy,
    measures,
    sort: sortOf(reading, list('sort'), groupBy, measures),
    limit: integer(words.limit, 1, maxGroups, defaultGroups, pointer('limit'), issues),
    timeZone: timeZoneOf(reading, text(words.timeZone, pointer('timeZone'), issues)),
  };
  refuse(issues);
  return query;
}

const isWord = (name: string): name is Word => (aggregateWords as readonly string[]).includes(name);

function unknown(entity: Entity, name: string): Issue {
  const detail = entity.fields.has(name)
    ? `To filter by "${name}", write ${name}[eq]=….`
    : `There is no parameter "${name}".${didYouMean(name, aggregateWords)}`;
  return { pointer: `?${name}`, code: 'unknown_parameter', detail };
}

function timeZoneOf({ pointer, issues }: Reading, given: string | undefined): string {
  if (given === undefined) return 'UTC';
  // Names alone: an offset would not know summer.
  const isName = /^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/.test(given);
  try {
    if (isName) return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone;
  } catch {
    // Told below.
  }
  issues.push({ pointer: pointer('timeZone'), code: 'time_zone', detail: `"${given}" is not a time zone like "Europe/Berlin".` });
  return 'UTC';
}

/** A value of its own, of which all that the caller may read of the records is open. */
const openField = (entity: Entity, name: string): Field | undefined => {
  const field = entity.fields.get(currentMember(entity, name));
  const open = field !== undefined && !field.hidden && field.type.secret !== true && field.guard === undefined;
  return open && entity.meta.about?.[field.name] === undefined ? field : undefined;
};

const namesOf = (entity: Entity, fits: (field: Field) => boolean): readonly string[] =>
  [...entity.fields.values()]
    .filter((field) => openField(entity, field.name) !== undefined && fits(field))
    .map(({ name }) => name);

const called = /^([a-z]+)\(([^()]+)\)$/;

function keyOf({ entity, pointer, issues }: Reading, as: string): readonly GroupKey[] {
  const refused = (code: string, detail: string): readonly GroupKey[] => {
    issues.push({ pointer: pointer('groupBy'), code, detail });
    return [];
  };
  const [, word, inner] = called.exec(as) ?? [];
  const period = periods.find((one) => one === word);
  if (word !== undefined && period === undefined)
    return refused('unknown_period', `There is no "${word}" of a date.${didYouMean(word, periods)}`);
  const [name = '', part, ...more] = (inner ?? as).split('.');
  const field = openField(entity, name);
  const kind = field === undefined || more.length > 0 ? undefined : kindOf(field, part);
  if (field === undefined || kind === undefined || !isKey(field, kind)) {
    const known = namesOf(entity, (one) => isKey(one, kindOf(one, undefined)));
    return refused('unknown_field', `Cannot group by "${inner ?? as}".${didYouMean(name, known)}`);
  }
  if (period !== undefined && !periodFits(period, kind))
    return refused('period', `"${name}" has no ${period}: ${kind === 'date' ? 'a day has no hours' : 'it is no date'}.`);
  return [
    {
      as,
      field: field.name,
      ...(part === undefined ? {} : { part }),
      ...(period === undefined ? {} : { period }),
    },
  ];
}

const kindOf = (field: Field, part: string | undefined): ValueKind | undefined =>
  part === undefined ? (field.type.parts === undefined ? field.type.kind : undefined) : field.type.parts?.[part]?.kind;

/** Lists and documents are no keys; texts of any length are, for those who ask. */
const isKey = (field: Field, kind: ValueKind | undefined): boolean =>
  kind !== undefined && kind !== 'set' && kind !== 'json' && field.type.sortable !== false;

const periodFits = (period: Period, kind: ValueKind): boolean => kind === 'dateTime' || (kind === 'date' && period !== 'hour');

const ordered: readonly ValueKind[] = ['integer', 'decimal', 'date', 'dateTime', 'time'];
const numeric: readonly ValueKind[] = ['integer', 'decimal'];

function measureOf(
  { registry, entity, pointer, issues }: Reading,
  calculate: MeasureFunction,
  as: string,
  groupBy: readonly GroupKey[],
): readonly Measure[] {
  if (calculate === 'count' && as === '*') return [{ calculate, as }];
  const field = openField(entity, as);
  const fits = ({ type }: Field): boolean =>
    type.parts === undefined &&
    (calculate === 'count' || (calculate === 'min' || calculate === 'max' ? ordered : numeric).includes(type.kind));
  if (field === undefined || !fits(field)) {
    const detail = `Cannot work out the ${calculate} of "${as}".${didYouMean(as, namesOf(entity, fits))}`;
    issues.push({ pointer: pointer(calculate), code: 'unknown_field', detail });
    return [];
  }
  if (field.type.name !== 'money' || calculate === 'count') return [{ calculate, as, field: field.name }];
  // Amounts of several currencies do not compare: within one they do, and in the base currency.
  const currency = entity.fields.get(`${field.name}_currency`);
  if (groupBy.some((key) => key.field === currency?.name)) return [{ calculate, as, field: field.name }];
  const { baseCurrency } = registry.app;
  if (isBase(currency)) return [{ calculate, as, field: field.name, currency: baseCurrency }];
  const base = openField(entity, `${field.name}${baseSuffix}`);
  if (base !== undefined) return [{ calculate, as, field: base.name, currency: baseCurrency }];
  const detail = `Amounts of several currencies are not added up: group by ${field.name}_currency as well.`;
  issues.push({ pointer: pointer(calculate), code: 'currencies', detail });
  return [];
}

/** Amounts that are worked out may be in the base currency by themselves. */
const isBase = (currency: Field | undefined): boolean =>
  currency?.computed?.kind === 'formula' && currency.computed.formula.node === 'literal';

function sortOf(
  { pointer, issues }: Reading,
  given: readonly string[],
  groupBy: readonly GroupKey[],
  measures: readonly Measure[],
): AggregateQuery['sort'] {
  const names = measures.map(({ calculate, as }) => (as === '*' ? calculate : `${calculate}(${as})`));
  if (given.length > maxSortKeys)
    issues.push({ pointer: pointer('sort'), code: 'too_many', detail: `At most ${maxSortKeys} sort keys.` });
  return given.flatMap((word): readonly GroupSort[] => {
    const descending = word.startsWith('-');
    const name = descending ? word.slice(1) : word;
    const [measure, key] = [names.indexOf(name), groupBy.findIndex(({ as }) => as === name)];
    if (measure !== -1) return [{ by: 'measure', at: measure, descending }];
    if (key !== -1) return [{ by: 'key', at: key, descending }];
    const known = [...names, ...groupBy.map(({ as }) => as)];
    issues.push({
      pointer: pointer('sort'),
      code: 'unknown_field',
      detail: `Cannot sort by "${name}".${didYouMean(name, known)}`,
    });
    return [];
  });
}
