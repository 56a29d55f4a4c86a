// Reads dates and times of CSV cells by dayjs patterns, strictly; no zone of this machine ever plays a part.
import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat.js';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(utc);
dayjs.extend(timezone);
dayjs.extend(customParseFormat);

const readsOffset = (format: string): boolean => /Z/.test(format.replace(/\[[^\]]*\]/g, ''));

/** Minutes east of UTC that a text ends with, for `Z` and `ZZ` in a pattern. */
function offsetOf(text: string): number {
  const match = /([+-])(\d{2}):?(\d{2})$/.exec(text);
  return match === null ? 0 : (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

/** The wall time that the text names in this pattern, or undefined. */
function strictly(text: string, format: string): dayjs.Dayjs | undefined {
  if (!readsOffset(format)) {
    const time = dayjs.utc(text, format, true);
    return time.isValid() ? time : undefined;
  }
  // dayjs's own strict mode compares in UTC, which refuses every other offset.
  const time = dayjs.utc(text, format);
  const local = time.utcOffset(offsetOf(text));
  return time.isValid() && local.format(format) === text ? local : undefined;
}

/** The first pattern that fits; undefined when none does. */
function wallTime(
  text: string,
  formats: readonly string[],
): { readonly time: dayjs.Dayjs; readonly hasOffset: boolean } | undefined {
  for (const format of formats) {
    const time = strictly(text, format);
    if (time !== undefined) return { time, hasOffset: readsOffset(format) };
  }
  return undefined;
}

/** `YYYY-MM-DD`, or undefined. A time in the pattern is dropped. */
export const dateFromText = (text: string, formats: readonly string[]): string | undefined =>
  wallTime(text, formats)?.time.format('YYYY-MM-DD');

/** RFC 3339 in UTC, or undefined. A pattern without an offset is read in `zone` (IANA). */
export function dateTimeFromText(text: string, formats: readonly string[], zone: string): string | undefined {
  const read = wallTime(text, formats);
  if (read === undefined) return undefined;
  if (read.hasOffset || zone === 'UTC') return read.time.toISOString();
  return dayjs.tz(read.time.format('YYYY-MM-DDTHH:mm:ss.SSS'), zone).toISOString();
}
