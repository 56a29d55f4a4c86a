// A person's name as one line of text, in the order of its script. Runs in the browser too.

export type NameParts = Readonly<Record<string, unknown>>;
export type NameOrder = 'byScript' | 'givenFirst' | 'familyFirst';

export const nameOrders: readonly NameOrder[] = ['byScript', 'givenFirst', 'familyFirst'];

const eastAsian = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}ー々\s・]+$/u;
/** Japanese writes names from elsewhere in this script, in their own order, with a dot between. */
const foreignInJapanese = /^[\p{Script=Katakana}ー\s・]+$/u;

/**
 * Names written in Chinese characters, kana or Hangul have the family name first and nothing between; titles follow them.
 * All others have the given name first. Arabic and Hebrew names need no more than that: their direction is the letters' own.
 * Source: the name patterns of Unicode CLDR, https://unicode.org/reports/tr35/tr35-personNames.html
 * @example personNameText({ given: '太郎', family: '山田', suffix: '様' }) // '山田太郎様'
 */
export function personNameText(name: NameParts, order: NameOrder = 'byScript'): string {
  const part = (key: string): string => {
    const value = name[key];
    return typeof value === 'string' ? value.trim() : '';
  };
  const joined = (parts: readonly string[], between: string): string => parts.filter((one) => one !== '').join(between);
  const [prefix, given, middle, family, suffix] = ['prefix', 'given', 'middle', 'family', 'suffix'].map(part) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const own = [given, middle, family].filter((one) => one !== '');
  const native = own.length > 0 && own.every((one) => eastAsian.test(one));
  const foreign = native && own.every((one) => foreignInJapanese.test(one));
  const familyFirst = order === 'familyFirst' || (order === 'byScript' && native && !foreign);
  const inOrder = familyFirst ? [family, given, middle] : [given, middle, family];
  if (!native) return joined([prefix, ...inOrder, suffix], ' ');
  const between = foreign ? '・' : familyFirst ? '' : ' ';
  const title = (one: string): string => (one === '' || eastAsian.test(one) ? one : ` ${one}`);
  return `${joined(inOrder, between)}${title(prefix)}${title(suffix)}`;
}
