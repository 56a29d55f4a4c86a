// Reads a number as people and spreadsheets write it: $22,700.00 · 1.234,50 € · (12.00) · 15 %.

/** Longer cells hold no number that a column could keep, and would only cost time. */
const longest = 200;

/** The plain decimal (`-22700.00`), or undefined when the text is not a number written with this separator. */
export function plainNumber(text: string, decimalSeparator: '.' | ','): string | undefined {
  if (text.length > longest) return undefined;
  const trimmed = text.trim();
  const bracketed = /^\((.*)\)$/.exec(trimmed);
  const bare = (bracketed?.[1] ?? trimmed)
    .replace(/[\p{Sc}%]/gu, '')
    .replace(/^([+-]?)\s*[A-Z]{3}\s+|\s+[A-Z]{3}$/g, '$1')
    .replace(/−/g, '-')
    .trim();
  const group = decimalSeparator === '.' ? ",'’" : ".'’";
  const point = decimalSeparator === '.' ? '\\.' : ',';
  const grouped = new RegExp(`^([+-]?)\\s*(\\d+|\\d{1,3}(?:([${group}\\s])\\d{2,3}(?:\\3\\d{2,3})*))?(?:${point}(\\d+))?$`, 'u');
  const match = grouped.exec(bare);
  if (match === null || (match[2] === undefined && match[4] === undefined)) return undefined;
  const whole = match[2] ?? '0';
  // The last group has three digits everywhere; the ones before it two (India) or three.
  if (match[3] !== undefined && !/\D\d{3}$/u.test(whole)) return undefined;
  const negative = (match[1] === '-') !== (bracketed !== null);
  return `${negative ? '-' : ''}${whole.replace(/\D/gu, '')}${match[4] === undefined ? '' : `.${match[4]}`}`;
}
