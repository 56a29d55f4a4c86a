// Reads dates and times of CSV cells by dayjs patterns, strictly; no zone of this machine ever plays a part.
import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat.js';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';

dayjs.extend(utc);
dayjs.extend(timezone);
dayjs.extend(customParseFormat);

/** The first pattern that fits, as the wall time it names; undefined when none does. */
function wallTime(
  text: string,
  formats: readonly string[],
): { readonly time: dayjs.Dayjs; readonly hasOffset: boolean } | undefined {
  for (const format of formats) {
    const time = dayjs.utc(text, format, true);
    if (time.isValid()) return { time, hasOffset: /Z/.test(format.replace(/\[[^\]]*\]/g, '')) };
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
