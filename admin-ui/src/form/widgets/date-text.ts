// Days as people type them → `YYYY-MM-DD`.

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** Which of day, month and year comes first in a language's short dates. */
function orderOf(language: string): readonly string[] {
  const parts = new Intl.DateTimeFormat(language, {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    timeZone: 'UTC',
  }).formatToParts(0);
  return parts.map((part) => part.type).filter((type) => type !== 'literal');
}

function assemble(year: number, month: number, day: number): string | null {
  const full = year < 100 ? year + (year < 50 ? 2000 : 1900) : year;
  const date = new Date(Date.UTC(full, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && full >= 1 && full <= 9999;
  return isReal ? `${pad(full, 4)}-${pad(month, 2)}-${pad(day, 2)}` : null;
}

/**
 * Reads ISO days, three numbers in the language's own order, and what the browser reads by itself (“12 Apr 1990”).
 * @returns null when it is no day
 */
export function parseDateText(text: string, language: string): string | null {
  const digits = text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
  const clean = digits.replace(/[\u200e\u200f\u061c]/g, '').trim();
  const numbers = /^(\d{1,4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,4})\D*$/.exec(clean)?.slice(1).map(Number);
  if (numbers !== undefined && !/\p{L}/u.test(clean)) {
    const order = /^\d{4}/.test(clean) ? ['year', 'month', 'day'] : orderOf(language);
    const at = (type: string): number => numbers[order.indexOf(type)] ?? 0;
    return assemble(at('year'), at('month'), at('day'));
  }
  const date = new Date(clean);
  if (clean === '' || Number.isNaN(date.getTime())) return null;
  return assemble(date.getFullYear(), date.getMonth() + 1, date.getDate());
}
