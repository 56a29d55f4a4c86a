// The interface texts: the same keys in every language, every key that the code uses, and no text in the code.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../server/package-root.ts';
import { adminUiTexts, textsOf } from './source-texts.ts';

const folder = join(packageRoot(), 'metadata', 'locales');
const plural = /_(zero|one|two|few|many|other)$/;
const texts: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(
  readdirSync(folder).map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
);
const english = texts.get('en') ?? {};
/** Keys without their plural endings. */
const bases = (all: Readonly<Record<string, string>>): readonly string[] =>
  [...new Set(Object.keys(all).map((key) => key.replace(plural, '')))].sort();
const namespaces = new Set(bases(english).map((key) => key.split('.')[0] ?? ''));

describe('the interface texts', () => {
  test('exist in English, Arabic and Hebrew', () => {
    expect([...texts.keys()]).toEqual(expect.arrayContaining(['ar', 'en', 'he']));
  });

  test.each([...texts.keys()])('have the same keys in %s as in English, none of them empty', (language) => {
    const own = texts.get(language) ?? {};
    expect(bases(own)).toEqual(bases(english));
    expect(Object.entries(own).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test.each([...texts.keys()])('have every plural form that %s needs', (language) => {
    const own = texts.get(language) ?? {};
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const counted = [
      ...new Set(
        Object.keys(own)
          .filter((key) => plural.test(key))
          .map((key) => key.replace(plural, '')),
      ),
    ];
    const missing = counted.flatMap((key) => forms.map((form) => `${key}_${form}`).filter((full) => !Object.hasOwn(own, full)));
    expect(counted.length).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  });

  test.each([...texts.keys()])('name the same placeholders in %s as in English', (language) => {
    const own = texts.get(language) ?? {};
    const placeholders = (text: string): readonly string[] => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort();
    for (const [key, text] of Object.entries(own)) {
      if (plural.test(key)) continue;
      expect([key, placeholders(text)]).toEqual([key, placeholders(english[key] ?? '')]);
    }
  });
});

describe('the code of the admin UI', () => {
  const { keys, literals } = adminUiTexts(namespaces);

  test('uses only keys that exist', () => {
    const known = new Set(bases(english));
    expect([...keys].filter(([key]) => !known.has(key))).toEqual([]);
    expect(keys.size).toBeGreaterThan(100);
  });

  test('leaves no key unused', () => {
    expect(bases(english).filter((key) => !keys.has(key))).toEqual([]);
  });

  test('shows no text of its own', () => {
    expect(literals).toEqual([]);
  });

  test('would be caught showing one', () => {
    const code = `const a = <p title="Good day">{t('no.such')} Hello {i18next.t('signIn.title')}</p>;`;
    expect(textsOf(code, new Set(['signIn']))).toEqual({
      keys: expect.arrayContaining(['no.such', 'signIn.title']),
      literals: expect.arrayContaining(['Good day', 'Hello']),
    });
  });
});
