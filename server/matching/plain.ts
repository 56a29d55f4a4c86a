// Text as plain words: what fold takes for the same, letters that no accent explains, and no punctuation.
import { fold } from './fold.ts';

/** Latin letters that Unicode does not decompose, as they are usually written without them (Unicode CLDR, Latin-ASCII). */
const letters: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h', ŋ: 'n', ŧ: 't', ĸ: 'k' },
  // Hebrew letters at the end of a word are the same letters.
  ...{ ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ' },
  // Arabic letters that keyboards and dialects exchange: alef wasla, heh goal, Farsi digits are folded already.
  ...{ ٱ: 'ا', ہ: 'ه', ھ: 'ه', ۀ: 'ه', ے: 'ي', ڤ: 'ف', گ: 'ك', چ: 'ج', پ: 'ب', ژ: 'ز' },
};
const letter = new RegExp(`[${Object.keys(letters).join('')}]`, 'gu');

/** Marks that hold letters together without being one: they go without leaving a gap (O’Brien, בע"מ, S.A.). */
const joining = /(?<=[\p{L}\p{N}])['’‘ʼ`´"”“״׳.·]+(?=[\p{L}\p{N}]|\s|$)/gu;

/**
 * Scripts whose vowels are marks (Devanagari, Thai …) keep them, as does kana: there fold would take different words for the same.
 */
const written =
  /[\u3040-\u30ff\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Thai}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Sinhala}\p{Script=Gujarati}\p{Script=Kannada}\p{Script=Malayalam}]/u;

/**
 * Words of letters and digits in lower case, separated by one space each; '' where there are none.
 * @example plainWords('  Łukasz O’Brien-Größe ') // 'lukasz obrien grosse'
 */
export function plainWords(text: string): string {
  const folded = text.normalize('NFKC').split(/\s+/u).map(foldWord).join(' ');
  return folded
    .replace(letter, (one) => letters[one] ?? one)
    .replace(joining, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}

const foldWord = (word: string): string => (written.test(word) ? word.normalize('NFKC').toLowerCase() : fold(word));
