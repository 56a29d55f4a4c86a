// The words of names of people and of companies that tell one from another.
import { connectors, legalForms, legalPhrases } from './legal-forms.ts';
import { plainWords } from './plain.ts';

/** Forms of address and degrees before a name; what tells father and son apart (Jr, III) is none. */
const titles: ReadonlySet<string> = new Set([
  ...['mr', 'mrs', 'ms', 'miss', 'mx', 'dr', 'prof', 'professor', 'sir', 'dame', 'rev', 'eng', 'ing', 'herr', 'frau', 'dipl'],
  ...[
    'mme',
    'mlle',
    'mons',
    'sr',
    'sra',
    'srta',
    'don',
    'dona',
    'sig',
    'dott',
    'السيد',
    'السيده',
    'الانسه',
    'الدكتور',
    'الدكتوره',
  ],
  ...['دكتور', 'دكتوره', 'الاستاذ', 'الاستاذه', 'المهندس', 'مهندس', 'الشيخ', 'الحاج', 'מר', 'גב', 'גברת', 'דר', 'פרופ'],
]);

/**
 * A person's name: titles aside, and in any order, since family names come first or last.
 * @example personName('Dr. Müller, Anna-Lena') // 'anna lena muller'
 */
export function personName(text: string): string {
  const words = joinedArabic(plainWords(text).split(' ')).map(withoutArticle);
  const telling = words.filter((word) => !titles.has(word));
  return (telling.length > 0 ? telling : words).sort(byCodePoint).join(' ');
}

/**
 * A company's name without its legal form, in the order of its words.
 * @example companyName('The Foo & Bar GmbH & Co. KG') // 'foo bar'
 */
export function companyName(text: string): string {
  const all = joinedLetters(withoutPhrases(plainWords(text.replaceAll('&', ' & ')))).split(' ');
  const words = all.filter((word) => !connectors.has(word));
  const last = words.findLastIndex((word) => !legalForms.has(word));
  const first = words.findIndex((word) => !legalForms.has(word));
  const telling = first === -1 ? all : words.slice(first, last + 1);
  return telling.map(withoutArticle).join(' ');
}

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** عبد الله is one name, also where it is written in two. */
const joinedArabic = (words: readonly string[]): string[] =>
  words.reduce<string[]>((done, word) => {
    const last = done.at(-1);
    if (last === 'عبد' || last === 'ابو') done[done.length - 1] = last + word;
    else done.push(word);
    return done;
  }, []);

/** الحسن and حسن are one name; what is left must still be a word. */
const withoutArticle = (word: string): string => (/^ال\p{L}{3,}$/u.test(word) ? word.slice(2) : word);

/** Letters that stand alone one after another belong together: `s a` is `sa`, `i b m` is `ibm`. */
const joinedLetters = (text: string): string =>
  text.replace(/(?<![\p{L}\p{N}])\p{L}(?: \p{L})+(?![\p{L}\p{N}])/gu, (letters) => letters.replaceAll(' ', ''));

const withoutPhrases = (text: string): string => {
  const phrase = legalPhrases.find((one) => text.endsWith(` ${one}`));
  return phrase === undefined ? text : text.slice(0, -phrase.length - 1);
};
