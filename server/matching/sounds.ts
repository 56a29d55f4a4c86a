// How words sound: one code for spellings of one name, also over scripts. Double Metaphone over Latin letters.
import anyAscii from 'any-ascii';
import { doubleMetaphone } from 'double-metaphone';

/** Consonants of the scripts that write no short vowels; '' stands for what carries a vowel or none. */
const abjads: Readonly<Record<string, string>> = {
  ...{ ب: 'b', ت: 't', ث: 'th', ج: 'j', ح: 'h', خ: 'kh', د: 'd', ذ: 'd', ر: 'r', ز: 'z', س: 's', ش: 'sh', ص: 's', ض: 'd' },
  ...{ ط: 't', ظ: 'z', غ: 'gh', ف: 'f', ق: 'q', ك: 'k', ل: 'l', م: 'm', ن: 'n', ا: '', و: '', ي: '', ع: '', ه: 'h', ء: '' },
  ...{ ב: 'b', ג: 'g', ד: 'd', ז: 'z', ח: 'h', ט: 't', כ: 'k', ל: 'l', מ: 'm', נ: 'n', ס: 's', פ: 'p', צ: 'ts', ק: 'k', ר: 'r' },
  ...{ ש: 'sh', ת: 't', א: '', ה: 'h', ו: '', י: '', ע: '' },
};
/** Otherwise than at the beginning. */
const within: Readonly<Record<string, string>> = { פ: 'f' };
/** At the beginning of a word these are consonants. */
const initial: Readonly<Record<string, string>> = { و: 'w', ي: 'y', ו: 'v', י: 'y' };

/**
 * The code of one plain word. Arabic and Hebrew are read with a vowel between consonants, which codes leave out again; other
 * scripts are romanised first. A word with digits, and one that has no sound, is its own code.
 * @example soundOf('mohammed') === soundOf('محمد') // true
 */
export function soundOf(word: string): string {
  if (/\p{N}/u.test(word)) return word;
  const latin = /^[a-z]+$/.test(word) ? word : isAbjad(word) ? consonants(word) : anyAscii(word).toLowerCase();
  const [code] = doubleMetaphone(latin);
  // Within a word h is hardly heard: Ahmed, أحمد; Cohen, כהן.
  return code === '' ? word : code.slice(0, 1) + code.slice(1).replaceAll('H', '');
}

/** The codes of plain words, in their order. */
export const soundsOf = (words: string): string => words.split(' ').filter(Boolean).map(soundOf).join(' ');

const isAbjad = (word: string): boolean => [...word].every((one) => Object.hasOwn(abjads, one));

function consonants(word: string): string {
  const [first = '', ...rest] = [...word];
  const begin = initial[first] ?? (abjads[first] === '' ? 'a' : `${abjads[first]}a`);
  // An h at the end writes a vowel (فاطمة, שרה).
  const inner = rest.map((one, at) => (at === rest.length - 1 && 'هה'.includes(one) ? '' : (within[one] ?? abjads[one] ?? '')));
  return begin + (begin.length === 1 && begin !== 'a' ? 'a' : '') + inner.filter(Boolean).join('a');
}
