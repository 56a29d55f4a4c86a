// Formulas: text by code points. Text without a value joins as the empty text.
import Big from 'big.js';
import type { FormulaFunction } from '../function.ts';
import type { FormulaValue } from '../kinds.ts';

const text = (value: FormulaValue | undefined): string => (typeof value === 'string' ? value : '');
const points = (value: FormulaValue | undefined): readonly string[] => [...text(value)];

/** More characters than a text ever has. */
const longest = 1_000_000;

/** A count of characters: whole, not below zero. */
function count(value: FormulaValue | undefined): number {
  if (!(value instanceof Big) || value.lt(0)) return 0;
  return value.gt(longest) ? longest : Number(value.round(0, Big.roundDown));
}
/** Not `greatest`, which knows better than null. */
const countSql = (sql: string | undefined, least = 0): string =>
  `trunc(CASE WHEN ${sql} < ${least} THEN ${least} WHEN ${sql} > ${longest} THEN ${longest} ELSE ${sql} END)::int`;

/** The white space that TRIM takes away, the same in memory and in SQL. */
const blanks = ' \t\n\r\f\v\u00a0\u2003\u3000';
const trimmed = new RegExp(`^[${blanks}]+|[${blanks}]+$`, 'g');
const blanksSql = `E' \\t\\n\\r\\f\\v' || U&'\\00a0\\2003\\3000'`;

const onText = (name: string, value: (of: string) => string, sql: (of: string) => string): FormulaFunction => ({
  name,
  parameters: ['text'],
  result: 'text',
  value: ([of]) => value(text(of)),
  sql: ([of = '']) => sql(of),
});

const tells = (name: string, value: (of: string, part: string) => boolean, sql: FormulaFunction['sql']): FormulaFunction => ({
  name,
  parameters: ['text', 'text'],
  result: 'boolean',
  value: ([of, part]) => value(text(of), text(part)),
  sql,
});

const joined = (args: readonly FormulaValue[]): string => args.map(text).join('');
const concat: FormulaFunction['sql'] = (args) => `concat(${args.join(', ')})`;

/** `1.50` → `1.5`, `-0` → `0`; as `trim_scale`. */
const plainNumber = (value: FormulaValue | undefined): string =>
  value instanceof Big ? (value.eq(0) ? '0' : value.toFixed()) : '';

export const textFunctions: readonly FormulaFunction[] = [
  { name: '+', parameters: ['text', 'text'], result: 'text', strict: false, value: joined, sql: concat },
  { name: 'CONCAT', parameters: ['text', 'text'], rest: ['text'], result: 'text', strict: false, value: joined, sql: concat },
  {
    name: 'JOIN',
    parameters: ['text', 'text'],
    rest: ['text'],
    result: 'text',
    strict: false,
    value: ([separator, ...parts]) =>
      parts
        .map(text)
        .filter((part) => part !== '')
        .join(text(separator)),
    sql: ([separator, ...parts]) =>
      `concat_ws(coalesce(${separator}, ''), ${parts.map((part) => `nullif(${part}, '')`).join(', ')})`,
  },
  onText(
    'UPPER',
    (of) => of.toUpperCase(),
    (of) => `(upper((${of}) COLLATE "und-x-icu") COLLATE "C")`,
  ),
  onText(
    'LOWER',
    (of) => of.toLowerCase(),
    (of) => `(lower((${of}) COLLATE "und-x-icu") COLLATE "C")`,
  ),
  onText(
    'TRIM',
    (of) => of.replaceAll(trimmed, ''),
    (of) => `btrim(${of}, ${blanksSql})`,
  ),
  {
    name: 'LEN',
    parameters: ['text'],
    result: 'number',
    value: ([of]) => new Big(points(of).length),
    sql: ([of]) => `char_length(${of})::numeric`,
  },
  {
    name: 'LEFT',
    parameters: ['text', 'number'],
    result: 'text',
    value: ([of, length]) => points(of).slice(0, count(length)).join(''),
    sql: ([of, length]) => `left(${of}, ${countSql(length)})`,
  },
  {
    name: 'RIGHT',
    parameters: ['text', 'number'],
    result: 'text',
    value([of, length]) {
      const all = points(of);
      return all.slice(Math.max(0, all.length - count(length))).join('');
    },
    sql: ([of, length]) => `right(${of}, ${countSql(length)})`,
  },
  {
    name: 'MID',
    parameters: ['text', 'number', 'number'],
    result: 'text',
    value([of, start, length]) {
      const from = Math.max(1, count(start));
      return points(of)
        .slice(from - 1, from - 1 + count(length))
        .join('');
    },
    sql: ([of, start, length]) => `substr(${of}, ${countSql(start, 1)}, ${countSql(length)})`,
  },
  tells(
    'CONTAINS',
    (of, part) => of.includes(part),
    ([of, part]) => `(strpos(${of}, ${part}) > 0)`,
  ),
  tells(
    'STARTSWITH',
    (of, part) => of.startsWith(part),
    ([of, part]) => `starts_with(${of}, ${part})`,
  ),
  tells(
    'ENDSWITH',
    (of, part) => of.endsWith(part),
    ([of, part]) => `(right(${of}, char_length(${part})) = (${part}) COLLATE "C")`,
  ),
  {
    name: 'TEXT',
    parameters: ['number'],
    result: 'text',
    value: ([number]) => plainNumber(number),
    sql: ([number]) => `trim_scale(${number})::text`,
  },
  {
    name: 'TEXT',
    parameters: ['date'],
    result: 'text',
    value: ([date]) => text(date),
    sql: ([date]) => `to_char(${date}, 'YYYY-MM-DD')`,
  },
];
