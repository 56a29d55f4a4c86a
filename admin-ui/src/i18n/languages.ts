// Which languages the interface speaks, which one to start with, and which way each is written.
const rightToLeft: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ur', 'ps', 'sd', 'ug', 'yi', 'dv', 'ckb']);
const storageKey = 'formwork-language';

const files = import.meta.glob<Record<string, string>>('../../../metadata/locales/*.json', { import: 'default' });

/** Language → loader of its texts, one chunk each. */
export const locales: ReadonlyMap<string, () => Promise<Record<string, string>>> = new Map(
  Object.entries(files).map(([path, load]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), load]),
);

export const directionOf = (language: string): 'ltr' | 'rtl' => (rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr');

/** The name of a language in that language itself. */
export function nameOfLanguage(language: string): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
}

export const rememberLanguage = (language: string): void => localStorage.setItem(storageKey, language);

const wishes = (): readonly (string | null | undefined)[] => [
  localStorage.getItem(storageKey),
  ...navigator.languages.map((tag) => tag.split('-')[0]),
];

/** Whether the person, or their browser, asks for one of the offered languages. */
export const hasWish = (offered: readonly string[]): boolean =>
  wishes().some((language) => language != null && offered.includes(language));

/** The remembered language, else the browser's first that is offered, else the first offered. */
export function firstLanguage(offered: readonly string[]): string {
  return wishes().find((language) => language != null && offered.includes(language)) ?? offered[0] ?? 'en';
}
