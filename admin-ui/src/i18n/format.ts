// Dates, numbers, money and names of countries in the reader's language, all by Intl.

const cache = new Map<string, unknown>();

/** Intl objects are dear to make and cheap to keep. */
function kept<T>(key: string, make: () => T): T {
  const known = cache.get(key) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  return made;
}

/** @param value `YYYY-MM-DD`; a day has no time zone */
export function formatDate(language: string, value: string): string {
  const date = new Date(`${value}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return value;
  return kept(`d${language}`, () => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })).format(date);
}

/** @param value RFC 3339; shown in the reader's own time zone */
export function formatDateTime(language: string, value: string): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return value;
  return kept(`t${language}`, () => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })).format(date);
}

/**
 * @param value a decimal of any length as a string, or a number
 * @param least digits after the point, where the value has fewer
 */
export function formatNumber(language: string, value: string | number, scale = 20, least = 0): string {
  const digits = { maximumFractionDigits: scale, minimumFractionDigits: least };
  const format = kept(`n${language}${scale} ${least}`, () => new Intl.NumberFormat(language, digits));
  // The string goes in as it is: Intl keeps every digit of a decimal string, a JS number would not.
  return format.format(value as `${number}`);
}

/** Digits after the point that amounts of a currency are shown with. */
export const digitsOf = (currency: string | undefined): number =>
  currency === undefined || !/^[A-Z]{3}$/.test(currency)
    ? 0
    : (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().minimumFractionDigits ?? 0);

export function formatMoney(language: string, value: string | number, currency: string | undefined): string {
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency)) return formatNumber(language, value);
  const format = kept(
    `m${language}${currency}`,
    () => new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }),
  );
  // The marks would turn the symbol round inside the left-to-right run that amounts are shown in.
  return format
    .formatToParts(value as `${number}`)
    .map(({ type, value: text }) => {
      const plain = text.replace(/[\u200e\u200f\u061c]/g, '');
      // A symbol of right-to-left letters keeps its full stop at its own end.
      return type === 'currency' && /[\u0590-\u08ff]/.test(plain) ? `\u2067${plain}\u2069` : plain;
    })
    .join('');
}

/** @param value percent points: 12.5 means 12.5 % */
export function formatPercent(language: string, value: string | number): string {
  const format = kept(
    `p${language}`,
    () => new Intl.NumberFormat(language, { style: 'unit', unit: 'percent', maximumFractionDigits: 6 }),
  );
  return format.format(value as `${number}`);
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export function formatBytes(language: string, bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const unit = byteUnits[power] ?? 'byte';
  const format = kept(
    `b${language}${unit}`,
    () => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }),
  );
  return format.format(bytes / 1000 ** power);
}

const durationUnits = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** @param seconds whole; shown in days, hours, minutes and seconds, those that are there */
export function formatDuration(language: string, seconds: number): string {
  let left = Math.abs(seconds);
  const parts = durationUnits.flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count === 0 && !(unit === 'second' && seconds === 0)) return [];
    const format = kept(
      `u${language}${unit}`,
      () => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }),
    );
    return [format.format(seconds < 0 ? -count : count)];
  });
  return kept(`l${language}`, () => new Intl.ListFormat(language, { type: 'unit', style: 'narrow' })).format(parts);
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** “2 hours ago”, in the biggest unit that fits. */
export function formatRelative(language: string, value: string, now: number = Date.now()): string {
  const seconds = (new Date(value).getTime() - now) / 1000;
  if (Number.isNaN(seconds)) return value;
  const format = kept(`r${language}`, () => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
  const step = steps.find(([, size]) => Math.abs(seconds) >= size);
  return step === undefined ? format.format(0, 'second') : format.format(Math.round(seconds / step[1]), step[0]);
}

export function nameOf(language: string, type: 'region' | 'currency' | 'language', code: string): string {
  try {
    return kept(`${type}${language}`, () => new Intl.DisplayNames([language], { type })).of(code) ?? code;
  } catch {
    return code;
  }
}
