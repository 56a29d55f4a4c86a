// Fields: options, settings that contradict each other, indexes.
import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../support/metadata.ts';

const books = 'entities/books.entity.json';
const found = (changes: Readonly<Record<string, unknown>>) => findingsOf({ [books]: changes });
const option = { value: 'a', label: { en: 'A', ar: 'أ' } };

describe('fields', () => {
  test('an option set must exist', async () => {
    expect(await found({ '/fields/format/optionSet': 'book_formts' })).toEqual([
      [`${books} /fields/format/optionSet`, 'There is no option set "book_formts". Did you mean "book_formats"?'],
    ]);
  });

  test('an option set that was left out with its own finding is not missed', async () => {
    expect(await findingsOf({ 'option-sets/book_formats.option-set.json': { '/options/0/value': 'a,b' } })).toEqual([
      [
        'option-sets/book_formats.option-set.json /options/0/value',
        '"a,b" does not fit. What is stored: no comma (filters list values with commas), no space at either end.',
      ],
    ]);
  });

  test('a choice needs its options from one place', async () => {
    expect(await found({ '/fields/format/optionSet': undefined, '/fields/format/default': undefined })).toEqual([
      [`${books} /fields/format`, 'A choice needs "options", "optionSet" or "optionsFrom".'],
    ]);
    expect(await found({ '/fields/genres/options': [option] })).toEqual([
      [`${books} /fields/genres/optionSet`, 'Options come from one place only, not from options and optionSet.'],
    ]);
  });

  test('options by condition are among the options, under conditions that hold water', async () => {
    const when = { fact: 'pages', operator: 'greaterThan', value: 10 };
    const entry = { when, options: ['hardcvr'] };
    expect(await found({ '/fields/format/optionsWhen': [entry] })).toEqual([
      [`${books} /fields/format/optionsWhen/0/options/0`, expect.stringMatching(/^There is no option "hardcvr"\./)],
    ]);
    const wrong = { when: { ...when, fact: 'leaves' }, options: ['hardcover'] };
    expect((await found({ '/fields/format/optionsWhen': [wrong] })).map(([place]) => place)).toContain(
      `${books} /fields/format/optionsWhen/0/when/fact`,
    );
    expect((await found({ '/fields/pages/optionsWhen': [entry] })).map(([place]) => place)).toEqual([
      `${books} /fields/pages/optionsWhen`,
    ]);
  });

  test('an option stands once', async () => {
    expect(await found({ '/fields/genres/optionSet': undefined, '/fields/genres/options': [option, option] })).toEqual([
      [`${books} /fields/genres/options/1/value`, 'The option "a" stands twice.'],
    ]);
    expect(await findingsOf({ 'option-sets/genres.option-set.json': { '/options/1/value': 'novel' } })).toEqual([
      ['option-sets/genres.option-set.json /options/1/value', 'The option "novel" stands twice.'],
    ]);
  });

  test('settings that contradict each other are refused by their type', async () => {
    const places = async (changes: Readonly<Record<string, unknown>>): Promise<readonly string[]> =>
      (await found(changes)).map(([place]) => place);
    expect(await places({ '/fields/pages/min': 10, '/fields/pages/max': 5 })).toHaveLength(1);
    expect(await places({ '/fields/title/pattern': '(' })).toEqual([`${books} /fields/title/pattern`]);
    expect(await places({ '/fields/title/index': true, '/fields/title/maxLength': 4000 })).toEqual([
      `${books} /fields/title/maxLength`,
    ]);
    expect(await places({ '/fields/summary/unique': true })).toEqual([`${books} /fields/summary/unique`]);
  });

  test('a default must be a value of its field', async () => {
    const [[place, message] = ['', '']] = await found({ '/fields/format/default': 'softcover' });
    expect(place).toBe(`${books} /fields/format/default`);
    expect(message).toContain('"softcover" is not an option');
    expect((await found({ '/fields/pages/default': 'many' })).map(([at]) => at)).toEqual([`${books} /fields/pages/default`]);
    expect((await found({ '/fields/pages/default': 0 })).map(([at]) => at)).toEqual([`${books} /fields/pages/default`]);
  });

  test('fields of several columns, sets and JSON take neither unique nor index', async () => {
    expect(await found({ '/fields/genres/index': true })).toEqual([
      [`${books} /fields/genres/index`, 'A field of type multiSelect takes no "index".'],
    ]);
    expect(await found({ '/fields/details/unique': true })).toEqual([
      [`${books} /fields/details/unique`, 'A field of type json takes no "unique".'],
    ]);
    expect(await findingsOf({ 'entities/branches.entity.json': { '/fields/address/unique': true } })).toEqual([
      ['entities/branches.entity.json /fields/address/unique', 'A field of type address takes no "unique".'],
    ]);
  });

  test('a partitioned table keeps nothing unique', async () => {
    expect(
      await found({ '/storage': { partitionBy: 'month' }, '/indexes/0/unique': true, '/relations/branch/unique': true }),
    ).toEqual(
      expect.arrayContaining([
        [`${books} /fields/isbn/unique`, 'A table in monthly partitions cannot keep a field unique.'],
        [`${books} /relations/branch/unique`, 'A table in monthly partitions cannot keep a field unique.'],
        [`${books} /indexes/0/unique`, 'A table in monthly partitions cannot keep values unique.'],
      ]),
    );
  });
});

describe('texts', () => {
  test('every language of the application must be there', async () => {
    expect(await found({ '/fields/title/label': { en: 'Title' } })).toEqual([
      [`${books} /fields/title/label`, 'The text in "ar" is missing.'],
    ]);
    expect(await found({ '/label': { en: { one: 'Book', other: 'Books' } } })).toEqual([
      [`${books} /label`, 'The text in "ar" is missing.'],
    ]);
    expect(await findingsOf({ 'app.json': { '/navigation/0/label': { ar: 'الإعارة' } } })).toEqual([
      ['app.json /navigation/0/label', 'The text in "en" is missing.'],
    ]);
  });

  test('what ships with the engine speaks English at least, whatever the application speaks', async () => {
    const places = (await findingsOf({ 'app.json': { '/languages': ['en', 'ar', 'de'] } })).map(([place]) => place);
    expect(places).toContain('app.json /label');
    expect(places.filter((place) => place.startsWith('server/platform'))).toEqual([]);
  });

  test('characters that show something else than is there are refused', async () => {
    for (const character of ['\u202A', '\u202E', '\u2066', '\u2069', '\u200F', '\u0007', '\u200B', '\uFEFF']) {
      const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      expect(await found({ '/fields/title/label/ar': `ع${character}نوان` })).toEqual([
        [`${books} /fields/title/label/ar`, `The text contains the invisible character U+${code}.`],
      ]);
    }
  });

  test('joiners that Persian and Indic scripts need are allowed', async () => {
    expect(await found({ '/fields/title/help': { en: 'Title', ar: 'کتاب\u200Cها' } })).toEqual([]);
  });
});
