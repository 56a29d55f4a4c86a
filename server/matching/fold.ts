// Folds text: case, accents and width do not count. The same folding fills the search column and reads the query.

/** Letters that are written one for another in Arabic (as Lucene's ArabicNormalizer has them), and its digits. */
const sameInArabic: Readonly<Record<string, string>> = { ى: 'ي', ی: 'ي', ة: 'ه', ک: 'ك', ـ: '' };
const arabicDigits = '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹';

/**
 * NFKD, combining marks removed, lower case, white space collapsed (Unicode Standard Annex #15 for the normal form).
 * @example fold('  Ångström  GmbH ') // 'angstrom gmbh'
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ىیةکـ]/g, (letter) => sameInArabic[letter] ?? letter)
    .replace(/[٠-٩۰-۹]/g, (digit) => String(arabicDigits.indexOf(digit) % 10))
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .trim();
}
