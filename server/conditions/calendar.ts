// Calendar dates, times of day and instants in their one canonical text form; shared by field parsing and conditions.

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const timePattern = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;
const instantPattern =
  /^(\d{4}-\d{2}-\d{2})[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d{1,9})?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

const leap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number): number =>
  month === 2 ? (leap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** `YYYY-MM-DD` of a day that exists, years 0001 to 9999 of the proleptic Gregorian calendar; else undefined. */
export function canonicalDate(text: string): string | undefined {
  const match = datePattern.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) ? text : undefined;
}

/** `HH:MM` or `HH:MM:SS` (00:00 to 23:59:59) as `HH:MM:SS`; else undefined. */
export function canonicalTime(text: string): string | undefined {
  const match = timePattern.exec(text);
  return match === null ? undefined : `${match[1]}:${match[2]}:${match[3] ?? '00'}`;
}

/**
 * An RFC 3339 date-time as UTC with milliseconds, `2024-02-29T10:00:00.000Z`; finer fractions are cut off.
 * Undefined without an offset, for days that do not exist, leap seconds, and years outside 0001–9999 after conversion.
 */
export function canonicalDateTime(text: string): string | undefined {
  const match = instantPattern.exec(text);
  if (match === null || canonicalDate(match[1] as string) === undefined) return undefined;
  const [, date, time, fraction = '', zone] = match;
  const instant = new Date(`${date}T${time}${fraction.slice(0, 4)}${(zone as string).toUpperCase()}`);
  const iso = instant.toISOString();
  return /^\d{4}-/.test(iso) && !iso.startsWith('0000') ? iso : undefined;
}
