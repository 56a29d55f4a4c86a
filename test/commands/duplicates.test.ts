// `formwork duplicates`: pairs and groups over what is there, by rule, as text and as NDJSON.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { duplicatesCommand } from '../../server/commands/duplicates.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
const before = { ...process.env };
let printed = '';
let told = '';
const ids = new Map<string, string>();

beforeAll(async () => {
  app = await startTestApp();
  const add = async (name: string, body: object): Promise<void> => {
    const answer = await app.request('POST', '/contacts', { body });
    ids.set(name, String(answer.body['data']?.['id']));
  };
  // a and b share a phone, b and c a mobile: one group of three. d and e are another, f is like nobody.
  await add('a', { first_name: 'Anna', last_name: 'Müller', phone: '+4930901820' });
  await add('b', { first_name: 'Anna', last_name: 'Mueller', phone: '+4930901820', mobile: '+4915123456789' });
  await add('c', { first_name: 'Ana', last_name: 'Muller', mobile: '+4915123456789' });
  await add('d', { last_name: 'ÅNGSTRÖM', phone: '+46812345678' });
  await add('e', { last_name: 'Angstrom', phone: '+46812345678' });
  await add('f', { first_name: 'Nobody', last_name: 'Else' });
  await add('gone', { last_name: 'Angstrom', phone: '+46812345678' });
  await app.request('DELETE', `/contacts/${ids.get('gone')}`);
});
afterAll(() => app.stop());
beforeEach(() => {
  process.env['DATABASE_URL'] = app.parts.database.url;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  jest.spyOn(console, 'error').mockImplementation((text) => {
    told += `${String(text)}\n`;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
  process.env = { ...before };
});

async function run(...words: string[]): Promise<number> {
  const program = new Command('formwork').exitOverride().configureOutput({ writeErr: () => undefined });
  duplicatesCommand(program);
  process.exitCode = 0;
  [printed, told] = ['', ''];
  await program.parseAsync(['node', 'formwork', 'duplicates', ...words]);
  return Number(process.exitCode);
}

type Line = { group: number; a: { id: string; display_name: string }; b: { id: string }; score: number; rules: string[] };
const names = new Map<string, string>();
const lines = (): Line[] =>
  printed
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);

describe('duplicates', () => {
  test('tells each pair once, in groups, with the rules that find it', async () => {
    expect(await run('contacts', '--format', 'ndjson')).toBe(0);
    for (const [name, id] of ids) names.set(id, name);
    const found = lines().map(({ group, a, b, rules }) => [
      group,
      [names.get(a.id), names.get(b.id)].sort().join(''),
      [...rules].sort().join(),
    ]);
    expect(found.map(([, pair]) => pair).sort()).toEqual(expect.arrayContaining(['ab', 'bc', 'de']));
    const groupOf = (pair: string) => found.find(([, one]) => one === pair)?.[0];
    expect([groupOf('ab') === groupOf('bc'), groupOf('ab') === groupOf('de')]).toEqual([true, false]);
    expect(found.find(([, pair]) => pair === 'de')?.[2]).toContain('same_phone_and_name');
    expect(found.some(([, pair]) => String(pair).includes('f') || pair?.toString().includes('gone'))).toBe(false);
    expect(lines().every(({ score }) => score > 0 && score <= 1)).toBe(true);
    expect(told).toMatch(/^\d pairs in 2 groups of contacts\.$/m);
  });

  test('goes by one rule, and prints for people', async () => {
    expect(await run('contacts', '--rule', 'same_phone_and_name')).toBe(0);
    expect(printed).toMatch(/^Group 1\n {2}1\.000 {2}ÅNGSTRÖM \(.*\) {2}= {2}Angstrom \(.*\) {2}same_phone_and_name\n$/);
  });

  test.each([
    [['contacts', '--rule', 'nope'], 'contacts has no duplicate rule nope.'],
    [['tags'], 'tags has no duplicate rules.'],
    [['contcts'], 'There is no "contcts".'],
  ])('says what is wrong: %j', async (words, sentence) => {
    expect(await run(...words)).toBe(1);
    expect(told).toContain(sentence);
  });
});
