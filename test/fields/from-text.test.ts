// How each field type reads the text of a CSV cell.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TextFormat } from '../../server/fields/field-type.ts';
import { plainNumber } from '../../server/fields/number-text.ts';
import { fieldOf, read, stages, typeOf } from './field-samples.ts';

const cell = (type: string, text: string, format: TextFormat = {}, settings: Readonly<Record<string, unknown>> = {}) => {
  const result = typeOf(type).fromText(text, fieldOf(type, settings), format);
  return 'value' in result ? result.value : result.issues.map(({ code }) => code);
};
const american: TextFormat = { dateFormats: ['DD MMM, YYYY HH:mm:ss', 'M/D/YYYY'] };

describe('a cell', () => {
  test.each<readonly [string, string, unknown, TextFormat?, Readonly<Record<string, unknown>>?]>([
    ['text', "'=SUM(A1)", "'=SUM(A1)"],
    ['text', "'tis", "'tis"],
    ['longText', '-x\ny', '-x\ny'],
    ['richText', 'a < b\nc\n\nd', '<p>a &lt; b<br />c</p><p>d</p>'],
    ['richText', '<p>a</p>', '<p>a</p>'],
    ['autoNumber', '+1', '+1'],
    ['email', ' Ada@Example.com ', 'Ada@Example.com'],
    ['phone', ' +442079460958', '+442079460958'],
    ['url', 'www.example.com/a', 'https://www.example.com/a'],
    ['url', 'http://example.com', 'http://example.com'],
    ['url', 'not a site', 'not a site'],
    ['money', '$22,700.00', '22700.00'],
    ['money', ' -5', '-5'],
    ['money', '(1,234.50)', '-1234.50'],
    ['money', 'USD 12', '12'],
    ['money', '1.234,50 €', '1234.50', { decimalSeparator: ',' }],
    ['money', '12,34,567.8', '1234567.8'],
    ['money', 'many', ['number']],
    ['decimal', '1,5', ['number']],
    ['decimal', '.5', '0.5'],
    ['percent', '12.5 %', '12.5'],
    ['integer', '1,000', 1000],
    ['integer', 'x', ['number']],
    ['integer', '9223372036854775807', '9223372036854775807', {}, { big: true }],
    ['currency', 'sek', 'SEK'],
    ['boolean', 'Yes', true],
    ['boolean', '0', false],
    ['boolean', 'ja', true, { trueValues: ['Ja'] }],
    ['boolean', 'Nej', false, { falseValues: ['nej'] }],
    ['boolean', 'yes', ['boolean'], { trueValues: ['ja'] }],
    ['date', '2024-02-29', '2024-02-29'],
    ['date', '2/29/2024', '2024-02-29', american],
    ['date', '2/29/2023', ['date'], american],
    ['date', '29 Feb, 2024 23:59:59', '2024-02-29', american],
    ['dateTime', '29 Feb, 2024 23:59:59', '2024-02-29T23:59:59.000Z', american],
    ['dateTime', '2024-07-01 09:30', '2024-07-01T13:30:00.000Z', { timeZone: 'America/New_York' }],
    ['dateTime', '2024-07-01T09:30:00+02:00', '2024-07-01T07:30:00.000Z', { timeZone: 'America/New_York' }],
    [
      'dateTime',
      '2024-07-01 09:30 +02:00',
      '2024-07-01T07:30:00.000Z',
      { dateFormats: ['YYYY-MM-DD HH:mm Z'], timeZone: 'America/New_York' },
    ],
    ['dateTime', '2024-02-30 09:30 -0530', ['date_time'], { dateFormats: ['YYYY-MM-DD HH:mm ZZ'] }],
    ['dateTime', '2024-02-29 20:30 -0530', '2024-03-01T02:00:00.000Z', { dateFormats: ['YYYY-MM-DD HH:mm ZZ'] }],
    ['date', '2024-02-29 20:30 -0530', '2024-02-29', { dateFormats: ['YYYY-MM-DD HH:mm ZZ'] }],
    ['dateTime', 'nonsense', ['date_time'], { dateFormats: ['YYYY-MM-DD HH:mm Z'] }],
    ['dateTime', '2024-07-01', '2024-07-01T00:00:00.000Z'],
    ['dateTime', 'soon', ['date_time']],
    ['time', '9:30', '09:30'],
    ['time', '12:05 am', '00:05'],
    ['time', '2:30:15 PM', '14:30:15'],
    ['time', '13:00 pm', ['time']],
    ['time', 'noon', ['time']],
    ['duration', '1h 30m', 5400],
    ['duration', '1,5 h', 5400, { decimalSeparator: ',' }],
    ['duration', '1,5 h', ['duration']],
    ['duration', 'a while', ['duration']],
    ['select', 'CLOSED WON', 'won', {}, { options: stages }],
    ['select', 'تم الفوز', 'won', {}, { options: stages }],
    ['select', 'Won', 'won', {}, { options: stages }],
    ['select', 'lost', 'lost', {}, { options: stages }],
    ['select', 'free', 'free'],
    ['multiSelect', 'New; closed won;;', ['new', 'won'], {}, { options: stages }],
    ['multiSelect', 'a|b', ['a', 'b'], { listSeparator: '|' }],
    ['rating', ' 4 ', 4],
    ['rating', 'good', ['number']],
    ['color', '#fff', '#fff'],
    ['address', 'Main St', ['address']],
    ['personName', 'Ada Lovelace', ['person_name']],
    ['geolocation', '59.33, 18.06', { lat: 59.33, lng: 18.06 }],
    ['geolocation', '59.33', ['geolocation']],
    ['file', 'a.pdf', ['file']],
    ['json', '{"a":1}', { a: 1 }],
    ['json', '{a}', ['json']],
    ['reference', ' x ', 'x'],
    ['secret', ' kept as it is ', ' kept as it is '],
  ])('of %s: %j is %j', (type, text, expected, format = {}, settings = {}) => {
    expect(cell(type, text, format, settings)).toEqual(expected);
  });

  test('of a number reads back every way of writing it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), fc.integer({ min: 0, max: 99 }), (whole, part) => {
        const cents = String(part).padStart(2, '0');
        const expected = `${whole}.${cents}`;
        expect(plainNumber(`${whole.toLocaleString('en-US')}.${cents}`, '.')).toBe(expected);
        expect(plainNumber(`${whole.toLocaleString('de-DE')},${cents} €`, ',')).toBe(expected);
        expect(plainNumber(`${whole.toLocaleString('sv-SE')},${cents} kr`.replace(' kr', ' SEK'), ',')).toBe(expected);
        expect(plainNumber(`${whole.toLocaleString('en-IN')}.${cents}`, '.')).toBe(expected);
      }),
    );
    for (const wrong of ['1'.repeat(201), '1,23', '1,2,3', '1.2.3', '', '-', '1 2', '12,34', '--1'])
      expect(plainNumber(wrong, '.')).toBeUndefined();
  });

  test('is then parsed like any other value', async () => {
    expect(await read('money', cell('money', '$22,700.00'))).toBe('22700');
    expect(await read('select', cell('select', 'lost', {}, { options: stages }), { options: stages })).toEqual(['option']);
  });
});
