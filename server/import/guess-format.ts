// How the dates and numbers of a column are written, by its cells.
import type { TextFormat } from '../fields/field-type.ts';
import type { Field } from '../metadata/registry.ts';
import type { ImportFormat } from '../metadata/workflow-types.ts';
import { type Cell, cellText } from './formats/row-file.ts';

const days = [
  'YYYY-MM-DD',
  'YYYY/M/D',
  'YYYY.M.D',
  'M/D/YYYY',
  'D/M/YYYY',
  'D.M.YYYY',
  'D-M-YYYY',
  'D MMM, YYYY',
  'D MMM YYYY',
  'D-MMM-YYYY',
  'D MMMM YYYY',
  'MMM D, YYYY',
  'MMMM D, YYYY',
  'M/D/YY',
  'D/M/YY',
  'D.M.YY',
  'YYYYMMDD',
];
const times = ['HH:mm:ss', 'HH:mm', 'H:mm:ss', 'H:mm', 'h:mm A', 'h:mm:ss A', 'hh:mm A', 'hh:mm:ss A'];
/** Leading zeros are written or not: dayjs holds strictly to one of them. */
const padded = (pattern: string): readonly string[] =>
  [pattern, pattern.replace(/\bM\b/, 'MM').replace(/\bD\b/, 'DD')].filter((one, at, all) => all.indexOf(one) === at);
const dayPatterns = days.flatMap(padded);
const patterns = [
  ...dayPatterns,
  ...dayPatterns.flatMap((day) => [' ', ', ', 'T'].flatMap((gap) => times.map((time) => `${day}${gap}${time}`))),
];

/** A column that is written in more ways than these is not of one source. */
const mostFormats = 4;

/** Undefined where the cells are read without being told anything. */
export function guessFormat(field: Field, cells: readonly Cell[]): Omit<ImportFormat, 'delimiter'> | undefined {
  const texts = [...new Set(cells.filter((cell) => typeof cell === 'string').map((cell) => cellText(cell).trim()))];
  if (texts.length === 0) return undefined;
  if (field.type.name === 'date' || field.type.name === 'dateTime') return dateFormat(field, texts);
  return field.type.kind === 'decimal' || field.type.kind === 'integer' ? decimalFormat(field, texts) : undefined;
}

const reads = (field: Field, text: string, format: TextFormat): boolean =>
  'value' in field.type.fromText(text, field.meta, format);

/**
 * The pattern that reads the most of the cells, and those for the rest. Of 3/4/2021 and 13/4/2021 the second tells that days
 * come first; where no cell tells, months do, as in most exports.
 */
function dateFormat(field: Field, texts: readonly string[]): { readonly dateFormats: readonly string[] } | undefined {
  let rest = texts.filter((text) => !reads(field, text, {}));
  const dateFormats: string[] = [];
  for (let [first] = rest; first !== undefined && dateFormats.length < mostFormats; [first] = rest) {
    const text = first;
    const unread = rest;
    const counts = patterns
      .filter((pattern) => reads(field, text, { dateFormats: [pattern] }))
      .map((pattern) => ({ pattern, count: unread.filter((one) => reads(field, one, { dateFormats: [pattern] })).length }));
    const best = counts.reduce((one, other) => (other.count > one.count ? other : one), { pattern: '', count: 0 });
    if (best.count > 0) dateFormats.push(best.pattern);
    rest = rest.filter((one) => one !== text && !reads(field, one, { dateFormats: [best.pattern] }));
  }
  return dateFormats.length === 0 ? undefined : { dateFormats };
}

/**
 * A comma is the decimal separator where more cells are numbers with it. So many decimals that no amount has them are the
 * traces of binary fractions, and rounded off.
 */
function decimalFormat(field: Field, texts: readonly string[]): Omit<ImportFormat, 'delimiter'> | undefined {
  const count = (decimalSeparator: '.' | ','): number => texts.filter((text) => reads(field, text, { decimalSeparator })).length;
  const comma = count(',') > count('.');
  const binary = field.type.kind === 'decimal' && texts.some((text) => /[.,]\d{6,}\s*$/.test(text));
  const scale = field.meta.scale ?? (field.type.name === 'money' ? 2 : 4);
  return comma || binary ? { ...(comma ? { decimalSeparator: ',' } : {}), ...(binary ? { decimals: scale } : {}) } : undefined;
}
