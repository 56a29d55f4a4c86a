// National telephone numbers of every country that libphonenumber knows, as they are written there.
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { type CountryCode, getCountries, getExampleNumber } from 'libphonenumber-js/max';
import { contextOf, fieldOf, typeOf } from './field-samples.ts';

const examples = createRequire(import.meta.url)('libphonenumber-js/examples.mobile.json') as Record<CountryCode, string>;
const countries = getCountries().filter((country) => examples[country] !== undefined);

const read = async (written: string, country: string, from = ['address.country']): Promise<unknown> => {
  const parsed = await typeOf('phone').parse(written, fieldOf('phone', { regionFrom: from }), {
    ...contextOf(),
    defaultRegion: 'XX',
    value: (path) => Promise.resolve(path === from.at(-1) ? country : null),
  });
  return 'columns' in parsed ? parsed.columns[''] : parsed.issues;
};

describe('the example numbers of all countries', () => {
  test('are 245', () => expect(countries.length).toBe(245));

  test.each([
    [
      'in national form with the region of the record',
      (number: { formatNational(): string }) => number.formatNational(),
      ['address.country'],
    ],
    [
      'in national digits with the region two relations away',
      (number: { nationalNumber: unknown }) => String(number.nationalNumber),
      ['country', 'a.b.country'],
    ],
    ['in international form', (number: { formatInternational(): string }) => number.formatInternational(), ['nowhere']],
    [
      'in full-width digits',
      (number: { formatNational(): string }) =>
        number.formatNational().replace(/\d/g, (digit) => '０１２３４５６７８９'[Number(digit)] ?? ''),
      ['address.country'],
    ],
  ])('%s come to their E.164', async (_what, write, from) => {
    const different: unknown[] = [];
    for (const country of countries) {
      const number = getExampleNumber(country, examples);
      if (number === undefined) throw new Error(country);
      const got = await read(write(number), country, from);
      if (got !== number.number) different.push([country, write(number), number.number, got]);
    }
    expect(different).toEqual([]);
  });
});
