// Formulas: the calendar. Times of day count in UTC; what would leave the years 1 to 9999 is no value.
import Big from 'big.js';
import type { FormulaFunction } from '../function.ts';
import type { FormulaKind, FormulaValue } from '../kinds.ts';

const dayMs = 86_400_000;
/** Longer steps than this leave the calendar from any date. */
const maxDays = 1_000_000;
const maxMonths = 30_000;
const [first, last] = ['0001-01-01', '9999-12-31'];

/** Milliseconds since 1970 of an ISO date or time; years below 100 as they stand. */
const millis = (value: FormulaValue | undefined): number =>
  Date.parse(typeof value === 'string' && value.length === 10 ? `${value}T00:00:00.000Z` : String(value));

const isDate = (value: FormulaValue | undefined): boolean => typeof value === 'string' && value.length === 10;

function inCalendar(milliseconds: number, like: FormulaValue | undefined): FormulaValue {
  const date = new Date(milliseconds);
  const year = Number.isNaN(date.getTime()) ? 0 : date.getUTCFullYear();
  if (year < 1 || year > 9999) return null;
  return isDate(like) ? date.toISOString().slice(0, 10) : date.toISOString();
}

const whole = (value: FormulaValue | undefined, most: number): number | undefined =>
  value instanceof Big && value.abs().lte(most) ? Number(value.round(0, Big.roundDown)) : undefined;

/** The last day of a month where the other has no such day. */
function monthsLater(value: FormulaValue | undefined, months: number): FormulaValue {
  const from = new Date(millis(value));
  const target = new Date(from);
  target.setUTCDate(1);
  target.setUTCMonth(target.getUTCMonth() + months);
  const end = new Date(target);
  end.setUTCMonth(end.getUTCMonth() + 1, 0);
  target.setUTCDate(Math.min(from.getUTCDate(), end.getUTCDate()));
  return inCalendar(target.getTime(), value);
}

const dated: readonly FormulaKind[] = ['date', 'dateTime'];
const local = (sql: string | undefined, kind: FormulaKind): string =>
  kind === 'dateTime' ? `((${sql}) AT TIME ZONE 'UTC')` : `(${sql})`;

/** In the calendar, else null; `moved` is only worked out for steps that are short enough. */
function calendarSql(kind: FormulaKind, amount: string | undefined, most: number, moved: string): string {
  const type = kind === 'date' ? 'date' : 'timestamp';
  const end = kind === 'date' ? last : `${last} 23:59:59.999`;
  const back = kind === 'date' ? 'm.v' : "m.v AT TIME ZONE 'UTC'";
  return `(CASE WHEN abs(${amount}) <= ${most} THEN (SELECT ${back} FROM (SELECT (${moved})::${type} AS v) m WHERE m.v BETWEEN ${type} '${first}' AND ${type} '${end}') END)`;
}

const part = (name: string, field: string, value: (date: Date) => number): readonly FormulaFunction[] =>
  dated.map((kind) => ({
    name,
    parameters: [kind],
    result: 'number',
    value: ([date]) => new Big(value(new Date(millis(date)))),
    sql: ([date]) => `extract(${field} FROM ${local(date, kind)})`,
  }));

export const dateFunctions: readonly FormulaFunction[] = [
  ...part('YEAR', 'year', (date) => date.getUTCFullYear()),
  ...part('MONTH', 'month', (date) => date.getUTCMonth() + 1),
  ...part('DAY', 'day', (date) => date.getUTCDate()),
  // Monday is 1, as ISO 8601 counts.
  ...part('WEEKDAY', 'isodow', (date) => date.getUTCDay() || 7),
  {
    name: 'DATE',
    parameters: ['number', 'number', 'number'],
    result: 'date',
    value([year, month, day]) {
      const [y, m, d] = [year, month, day].map((value) =>
        value instanceof Big && value.abs().lte(9999) ? Number(value) : Number.NaN,
      );
      const text = [String(y).padStart(4, '0'), String(m).padStart(2, '0'), String(d).padStart(2, '0')].join('-');
      if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || y === 0) return null;
      const date = new Date(`${text}T00:00:00.000Z`);
      return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null;
    },
    sql: ([year, month, day]) =>
      `(SELECT CASE WHEN g.y = trunc(g.y) AND g.y BETWEEN 1 AND 9999 AND g.m = trunc(g.m) AND g.m BETWEEN 1 AND 12 AND g.d = trunc(g.d) AND g.d >= 1 THEN CASE WHEN g.d <= extract(day FROM make_date(g.y::int, g.m::int, 1) + interval '1 month' - interval '1 day') THEN make_date(g.y::int, g.m::int, g.d::int) END END FROM (SELECT ${year} AS y, ${month} AS m, ${day} AS d) g)`,
  },
  {
    name: 'DATEVALUE',
    parameters: ['dateTime'],
    result: 'date',
    value: ([time]) => new Date(millis(time)).toISOString().slice(0, 10),
    sql: ([time]) => `${local(time, 'dateTime')}::date`,
  },
  ...dated.flatMap((kind): readonly FormulaFunction[] => [
    {
      name: 'ADDDAYS',
      parameters: [kind, 'number'],
      result: kind,
      value([date, amount]) {
        const days = whole(amount, maxDays);
        return days === undefined ? null : inCalendar(millis(date) + days * dayMs, date);
      },
      sql: ([date, amount]) =>
        calendarSql(kind, amount, maxDays, `${local(date, kind)} + trunc(${amount})::int * interval '1 day'`),
    },
    {
      name: 'ADDMONTHS',
      parameters: [kind, 'number'],
      result: kind,
      value([date, amount]) {
        const months = whole(amount, maxMonths);
        return months === undefined ? null : monthsLater(date, months);
      },
      sql: ([date, amount]) =>
        calendarSql(kind, amount, maxMonths, `${local(date, kind)} + trunc(${amount})::int * interval '1 month'`),
    },
  ]),
  {
    name: 'DAYS',
    parameters: ['date', 'date'],
    result: 'number',
    value: ([from, to]) => new Big(Math.round((millis(to) - millis(from)) / dayMs)),
    sql: ([from, to]) => `(${to} - ${from})::numeric`,
  },
  {
    name: 'HOURS',
    parameters: ['dateTime', 'dateTime'],
    result: 'number',
    value: ([from, to]) => new Big(millis(to) - millis(from)).div(3_600_000).round(6, Big.roundHalfUp),
    sql: ([from, to]) => `round(extract(epoch FROM (${to} - ${from})) / 3600, 6)`,
  },
];
