// Texts for people as they may be given at run time: a plain one is of the first language, a missing one is made from the name.
import { isObject, type JsonObject } from '../pointer.ts';
import { withoutNulls } from './overlay.ts';

/** `shelf_number` → `Shelf number`. */
export const wordsOf = (name: string): string => {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** What is neither text nor missing stays as it is, for the schemas to speak about. */
export function labelOf(given: unknown, languages: readonly string[], name?: unknown): unknown {
  if (typeof given === 'string') return { [languages[0] ?? 'en']: given };
  if (given !== undefined && given !== null) return given;
  return typeof name === 'string' && name !== '' ? everyLanguage(languages, wordsOf(name)) : given;
}

export const everyLanguage = <T>(languages: readonly string[], text: T): Readonly<Record<string, T>> =>
  Object.fromEntries(languages.map((language) => [language, text]));

/** For one and for several: `"Visit"`, `{ "en": "Visit" }` or `{ "en": { "one", "other" } }`. */
export function pluralLabelOf(given: unknown, languages: readonly string[]): unknown {
  const label = labelOf(given, languages);
  if (!isObject(label)) return label;
  return Object.fromEntries(
    Object.entries(label).map(([language, text]) => [language, typeof text === 'string' ? { one: text, other: text } : text]),
  );
}

/** The object with these of its members as labels; those that are not there stay away. */
export function withLabels(value: JsonObject, keys: readonly string[], languages: readonly string[]): JsonObject {
  const given = keys.filter((key) => typeof value[key] === 'string');
  return { ...value, ...Object.fromEntries(given.map((key) => [key, labelOf(value[key], languages)])) };
}

/** The items of a list as `change` makes them; what is no list or no object stays as it is. */
export const eachObject = (list: unknown, change: (item: JsonObject) => JsonObject): unknown =>
  Array.isArray(list) ? (list as unknown[]).map((item) => (isObject(item) ? change(item) : item)) : list;

/** Options without a label keep the one that they have, or get one made from the value. */
export const optionsFrom = (given: unknown, languages: readonly string[], before?: unknown): unknown => {
  const labels = new Map<unknown, unknown>(
    Array.isArray(before) ? before.filter(isObject).map((option) => [option['value'], option['label']] as const) : [],
  );
  return eachObject(given, ({ value, label, ...settings }) => ({
    value,
    label: labelOf(label, languages) ?? labels.get(value) ?? labelOf(undefined, languages, value),
    ...withoutNulls(settings),
  }));
};
