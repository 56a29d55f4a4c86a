// Numbers as people type them, in any language's digits and separators, → the plain decimal the API takes, and back.

/** Arabic-Indic and Persian digits → 0–9. */
const plainDigits = (text: string): string =>
  text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));

/** The decimal separator of a language, e.g. `,` in German. */
export function separatorOf(language: string): string {
  return new Intl.NumberFormat(language).formatToParts(1.5).find((part) => part.type === 'decimal')?.value ?? '.';
}

/**
 * @returns the plain decimal (`-1250000.50`), or null when the text is no number
 * @example parseDecimalText('1.250,5', 'de') // '1250.5'
 */
export function parseDecimalText(text: string, language: string): string | null {
  const digits = plainDigits(text)
    .replace(/[\s\u00a0\u202f\u200e\u200f\u061c'’\u066c]/g, '')
    .replaceAll('\u2212', '-')
    .replaceAll('\u066b', '.');
  const separator = separatorOf(language);
  const plain = separator === ',' ? digits.replaceAll('.', '').replace(',', '.') : digits.replaceAll(',', '');
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(plain);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return null;
  return `${sign === '-' ? '-' : ''}${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The plain decimal as it is edited: no groups, the language's separator. */
export const editableDecimal = (value: string, language: string): string => value.replace('.', separatorOf(language));
