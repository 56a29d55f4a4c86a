// The three languages of the shipped application: no label, message, option, mail or interface text is missing in any of them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { signInLetter } from '../../server/auth/mail-texts.ts';
import { operators } from '../../server/conditions/operators.ts';
import { fieldTypes } from '../../server/fields/index.ts';
import { titles } from '../../server/forms/default-layout.ts';
import { labelsOf } from '../../server/metadata/labels.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { packageRoot } from '../../server/package-root.ts';
import { crmRegistry } from '../support/registry.ts';

const languages = ['en', 'ar', 'he'];
const scripts: Readonly<Record<string, RegExp>> = { ar: /\p{Script=Arabic}/u, he: /\p{Script=Hebrew}/u };
/** Addresses, formats and names that are the same in every language. */
const international = /^(JSON|https?:\/\/\S+|[A-Z][a-z]+\/[A-Z][a-z]+)$/;

type Texts = Readonly<Record<string, unknown>>;
const lacking = (place: string, label: Texts): readonly string[] =>
  languages.flatMap((language) => {
    const text = label[language];
    if (typeof text !== 'string' || text.trim() === '') return [`${place} has no ${language}`];
    const script = scripts[language];
    return script === undefined || script.test(text) || international.test(text) ? [] : [`${place} is not ${language}: ${text}`];
  });

let crm: Registry;
beforeAll(async () => {
  crm = await crmRegistry();
});

describe('the languages', () => {
  test('are English, Arabic and Hebrew, each with its interface texts', () => {
    expect(crm.app.languages).toEqual(languages);
    const files = readdirSync(join(packageRoot(), 'metadata', 'locales')).map((name) => name.replace('.json', ''));
    expect(files.sort()).toEqual([...languages].sort());
  });

  test('have every text of the application, of the platform and of the plugins', () => {
    const { entities, optionSets, roles, layouts, views, dashboards, workflows, importMappings, app } = crm;
    const source = {
      ...{ app, layouts, views, dashboards, workflows, importMappings: [...importMappings.values()] },
      entities: [...entities.values()].map(({ meta }) => meta),
      optionSets: [...optionSets.values()],
      roles: [...roles.values()],
    };
    const labels = [...labelsOf(source)];
    const missing = labels.flatMap(({ value, pointer, label }) =>
      lacking(`${String((value as { id?: string }).id)}${pointer}`, label),
    );
    expect(missing).toEqual([]);
    expect(labels.length).toBeGreaterThan(2300);
  });

  test('have the names of field types and their parts, of operators, of the engine’s own fields and titles', () => {
    const ofTypes = [...fieldTypes.values()].flatMap(({ name, label, parts = {} }) => [
      ...lacking(name, label),
      ...Object.entries(parts).flatMap(([part, { label: own }]) => lacking(`${name}.${part}`, own)),
    ]);
    const ofFields = [...crm.entities.values()].flatMap((entity) =>
      [...entity.fields.values()].flatMap(({ name, meta }) => lacking(`${entity.name}.${name}`, meta.label)),
    );
    const ofOperators = [...operators.values()].flatMap(({ name, label }) => lacking(name, label));
    const ofTitles = Object.entries(titles).flatMap(([name, label]) => lacking(name, label));
    expect([...ofTypes, ...ofFields, ...ofOperators, ...ofTitles]).toEqual([]);
  });

  test('have the mails of sign-in', () => {
    const facts = { app: 'CRM', name: 'A', invitedBy: 'B', url: 'https://example.com' };
    for (const kind of ['invitation', 'reset'] as const)
      for (const language of languages) {
        const letter = signInLetter(kind, language, facts);
        expect([kind, letter.language]).toEqual([kind, language]);
        expect(lacking(kind, { en: '-', ar: 'ع', he: 'א', [language]: letter.paragraphs.join(' ') })).toEqual([]);
      }
  });

  test('are what the texts of the interface are written in', () => {
    for (const language of ['ar', 'he']) {
      const texts = JSON.parse(readFileSync(join(packageRoot(), 'metadata', 'locales', `${language}.json`), 'utf8')) as Texts;
      const foreign = Object.entries(texts).filter(([, text]) => !scripts[language]?.test(String(text)));
      expect([language, foreign]).toEqual([language, []]);
    }
  });
});
