// Lengths of time as people and programs write them ↔ whole seconds. Runs in the browser too.

const second = 1;
const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;

/** Units that are always equally long: a month is none. */
const units: readonly (readonly [seconds: number, words: readonly string[]])[] = [
  [week, ['w', 'wk', 'wks', 'week', 'weeks', 'أسبوع', 'أسابيع', 'שבוע', 'שבועות']],
  [day, ['d', 'day', 'days', 'يوم', 'أيام', 'יום', 'ימים']],
  [hour, ['h', 'hr', 'hrs', 'hour', 'hours', 'ساعة', 'ساعات', 'שעה', 'שעות']],
  [minute, ['m', 'min', 'mins', 'minute', 'minutes', 'دقيقة', 'دقائق', 'דקה', 'דקות']],
  [second, ['s', 'sec', 'secs', 'second', 'seconds', 'ثانية', 'ثوان', 'שנייה', 'שניות']],
];
const secondsOf: ReadonlyMap<string, number> = new Map(units.flatMap(([seconds, words]) => words.map((word) => [word, seconds])));

const iso = /^P(?=.)(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?=.)(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/i;
const clock = /^(\d{1,6}):([0-5]\d)(?::([0-5]\d))?$/;
const number = /^\d{1,10}(?:\.\d{1,6})?$/;
const longestText = 100;

const sum = (parts: readonly (readonly [text: string | undefined, unit: number])[]): number | undefined => {
  let seconds = 0;
  for (const [text, unit] of parts) {
    if (text === undefined) continue;
    if (!number.test(text)) return undefined;
    seconds += Number(text) * unit;
  }
  // Of 0.1 h a float makes 360.00000000000006 s.
  const whole = Math.round(seconds);
  return Math.abs(seconds - whole) < 1e-6 ? whole : undefined;
};

function inWords(text: string): number | undefined {
  const parts: (readonly [string, number])[] = [];
  let rest = text;
  while (rest !== '') {
    const match = /^([\d.]+)\s*(\p{L}+)\.?[\s,]*/u.exec(rest);
    const unit = secondsOf.get(match?.[2] ?? '');
    // From the greater to the smaller, each once: `30m 1h` is more likely a mistake.
    if (match === null || unit === undefined || unit >= (parts.at(-1)?.[1] ?? Number.POSITIVE_INFINITY)) return undefined;
    parts.push([match[1] ?? '', unit]);
    rest = rest.slice(match[0].length);
  }
  return parts.length === 0 ? undefined : sum(parts);
}

/**
 * `PT1H30M` (ISO 8601, without years and months), `1h 30m`, `90 min`, `1:30`, `1:30:00`, or seconds.
 * @returns whole seconds, or undefined for what is no length of time
 */
export function durationSeconds(given: string, decimalSeparator: '.' | ',' = '.'): number | undefined {
  const trimmed = given.trim().toLowerCase();
  if (trimmed.length > longestText) return undefined;
  const negative = /^[-−]/.test(trimmed);
  const signless = trimmed.replace(/^[-−+]\s*/, '');
  const text = decimalSeparator === ',' ? signless.replace(/(\d),(\d)/g, '$1.$2') : signless;
  const [weeks, days, hours, minutes, seconds] = (iso.exec(text) ?? []).slice(1);
  const [clockHours, clockMinutes, clockSeconds] = (clock.exec(text) ?? []).slice(1);
  const found = iso.test(text)
    ? sum([
        [weeks, week],
        [days, day],
        [hours, hour],
        [minutes, minute],
        [seconds, second],
      ])
    : clock.test(text)
      ? sum([
          [clockHours, hour],
          [clockMinutes, minute],
          [clockSeconds, second],
        ])
      : number.test(text)
        ? sum([[text, second]])
        : inWords(text);
  if (found === undefined) return undefined;
  return negative && found !== 0 ? -found : found;
}

/** What `durationSeconds` reads back: `1d 2h 30m`; days are the greatest unit. */
export function durationText(seconds: number): string {
  let left = Math.abs(seconds);
  const parts = (
    [
      [day, 'd'],
      [hour, 'h'],
      [minute, 'm'],
      [second, 's'],
    ] as const
  ).flatMap(([unit, word]) => {
    const count = Math.floor(left / unit);
    left -= count * unit;
    return count === 0 ? [] : [`${count}${word}`];
  });
  return `${seconds < 0 ? '-' : ''}${parts.length === 0 ? '0s' : parts.join(' ')}`;
}
