// Starts i18next with the texts of one language; others are fetched when they are chosen.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { directionOf, firstLanguage, locales, rememberLanguage } from './languages.ts';

function applyToDocument(language: string): void {
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}

async function load(language: string): Promise<void> {
  const texts = await locales.get(language)?.();
  if (texts !== undefined) i18next.addResourceBundle(language, 'translation', texts, true, true);
}

/** @param offered languages of the application, the fallback first */
export async function startI18n(offered: readonly string[]): Promise<void> {
  const spoken = offered.filter((language) => locales.has(language));
  const language = firstLanguage(spoken);
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    supportedLngs: spoken,
    keySeparator: false,
    nsSeparator: false,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await load(language);
  applyToDocument(language);
}

/** Changes the language of the page at once; the choice stays in this browser. */
export async function changeLanguage(language: string): Promise<void> {
  await load(language);
  rememberLanguage(language);
  applyToDocument(language);
  await i18next.changeLanguage(language);
}

/** The languages that the interface can be switched to. */
export const spokenLanguages = (): readonly string[] => {
  const supported = i18next.options.supportedLngs;
  return supported === false || supported === undefined ? [] : supported.filter((language) => language !== 'cimode');
};
