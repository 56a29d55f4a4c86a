// What each field type accepts, refuses and makes of a JSON value.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatAutoNumber } from '../../server/fields/auto-number.ts';
import { fieldTypes } from '../../server/fields/index.ts';
import { verifySecret } from '../../server/fields/secret.ts';
import { contextOf, fieldOf, read, stages, typeOf } from './field-samples.ts';

type Case = readonly [type: string, value: unknown, expected: unknown, settings?: Readonly<Record<string, unknown>>];
const email64 = `${'a'.repeat(64)}@example.com`;

describe('a field type accepts', () => {
  test.each<Case>([
    ['text', ' José ', ' José '],
    ['text', 'e\u0301', 'é'],
    ['text', '😀'.repeat(3), '😀😀😀', { maxLength: 3 }],
    ['text', '', null],
    ['text', 'AB-12', 'AB-12', { pattern: '^[A-Z]{2}-\\d+$' }],
    ['longText', 'a\nb', 'a\nb'],
    ['longText', '', null],
    ['richText', 'a & b', '<p>a &amp; b</p>'],
    ['richText', '<p>  </p><br>', null],
    ['richText', `<p>${'<em>x</em>'.repeat(3)}</p>`, '<p><em>x</em><em>x</em><em>x</em></p>', { maxLength: 3 }],
    ['email', '  Ada@Example.COM ', 'ada@example.com'],
    ['email', email64, email64],
    ['email', 'Ada@MÜNCHEN.example', 'ada@xn--mnchen-3ya.example'],
    ['phone', '(202) 555-0143', '+12025550143'],
    ['phone', '+44 20 7946 0958', '+442079460958'],
    ['url', ' https://example.com/a?b=c#d ', 'https://example.com/a?b=c#d'],
    ['url', 'http://müller.example/straße', 'http://müller.example/straße'],
    ['integer', -2147483648, -2147483648],
    ['integer', 5, 5, { min: 5, max: 5 }],
    ['integer', '9223372036854775807', '9223372036854775807', { big: true }],
    ['integer', -0, 0],
    ['integer', 12, '12', { big: true }],
    ['integer', '-0', '0', { big: true }],
    ['decimal', '0.1', '0.1'],
    ['decimal', 0.1, '0.1'],
    ['decimal', '999999999999999.9999', '999999999999999.9999'],
    ['decimal', '1.50000', '1.5'],
    ['decimal', ' +7 ', '7'],
    ['decimal', '-0.0', '0'],
    ['decimal', '0.3', '0.3', { min: '0.3', max: 0.3 }],
    ['percent', 12.5, '12.5'],
    ['money', '22700.00', '22700'],
    ['money', '1.2345', '1.2345', { scale: 4 }],
    ['currency', 'SEK', 'SEK'],
    ['boolean', false, false],
    ['date', '2024-02-29', '2024-02-29'],
    ['date', '2024-01-01', '2024-01-01', { min: '2024-01-01', max: '2024-01-01' }],
    ['dateTime', '2024-02-29T12:00:00+02:00', '2024-02-29T10:00:00.000Z'],
    ['time', '09:30', '09:30:00'],
    ['duration', 5400, 5400],
    ['duration', -60, -60, { min: -60 }],
    ['select', 'won', 'won', { options: stages }],
    ['select', 'anything', 'anything'],
    ['multiSelect', ['won', 'new', 'won'], ['won', 'new'], { options: stages }],
    ['multiSelect', [], []],
    ['rating', 5, 5],
    ['rating', 10, 10, { max: 10 }],
    ['autoNumber', 'INV-0001', 'INV-0001'],
    ['color', '#ABC', '#aabbcc'],
    ['color', '#1C7ED6', '#1c7ed6'],
    ['address', { city: 'Umeå', country: 'se', street: '' }, { _city: 'Umeå', _country: 'SE', _street: null }],
    ['address', { postal_code: null }, { _postal_code: null }],
    ['address', { postal_code: 'x', country: 'AE' }, { _postal_code: 'x', _country: 'AE' }, { checkPostalCode: true }],
    ['address', { postal_code: '1' }, { _postal_code: '1' }, { checkPostalCode: true }],
    ['personName', { given: ' Ada ', family: '' }, { _given: 'Ada', _family: null }],
    ['personName', { prefix: null }, { _prefix: null }],
    ['geolocation', { lat: 59.33, lng: '-18.0600004' }, { _lat: '59.33', _lng: '-18.06' }],
    [
      'file',
      { id: '01890000-0000-7000-8000-00000000000A', size: 5 },
      { _id: '01890000-0000-7000-8000-00000000000a', _name: null },
    ],
    ['image', { id: null, width: null }, undefined],
    ['url', 'HTTPS://Ada@Example.COM/Path?Q', 'https://Ada@example.com/Path?Q'],
    ['json', { a: [1, null, 'é'] }, '{"a":[1,null,"é"]}'],
    ['json', 'text', '"text"'],
    ['reference', '01890000-0000-7000-8000-00000000000A', '01890000-0000-7000-8000-00000000000a'],
    ['id', '01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-00000000000a'],
  ])('%s %j as %j', async (type, value, expected, settings = {}) => {
    expect(await read(type, value, settings)).toEqual(expected);
  });
});

describe('a field type refuses', () => {
  test.each<Case>([
    ['text', 3, ['type']],
    ['text', 'a\0b', ['characters']],
    ['text', '\ud800', ['characters']],
    ['text', 'a\nb', ['line_break']],
    ['text', 'x'.repeat(256), ['max_length']],
    ['text', 'x', ['min_length'], { minLength: 2 }],
    ['text', 'ab', ['pattern'], { pattern: '^\\d' }],
    ['text', '  ', ['required'], { required: true }],
    ['longText', '\0', ['characters']],
    ['longText', '', ['required'], { required: true }],
    ['longText', 'xx', ['max_length'], { maxLength: 1 }],
    ['richText', '<p>abcd</p>', ['max_length'], { maxLength: 3 }],
    ['richText', '<p><b></b></p>', ['required'], { required: true }],
    ['richText', 'x'.repeat(1_000_001), ['max_length']],
    ['richText', ['<p>'], ['type']],
    ['email', 'ada', ['format']],
    ['email', 'ada@localhost', ['format']],
    ['email', 'ada@ü ü.example', ['format']],
    ['email', 'ada@exa mple.com', ['format']],
    ['email', `a${email64}`, ['max_length']],
    ['email', `a@${'b'.repeat(250)}.com`, ['max_length']],
    ['email', null, ['type']],
    ['phone', '12', ['phone']],
    ['phone', '+1 555 555 5555 5', ['phone']],
    ['phone', 'call 202-555-0143', ['phone']],
    ['phone', '+1 202 555 0143 ext. 5', ['phone']],
    ['phone', '', ['format']],
    ['phone', '1'.repeat(41), ['format']],
    ['phone', 5, ['type']],
    ['url', 'javascript:alert(1)', ['format']],
    ['url', 'ftp://example.com', ['format']],
    ['url', 'https://', ['format']],
    ['url', 'https://exa\tmple.com', ['format']],
    ['url', 'https:\\\\example.com', ['format']],
    ['url', `https://example.com/${'x'.repeat(2048)}`, ['max_length']],
    ['url', {}, ['type']],
    ['integer', 1.5, ['type']],
    ['integer', '1', ['type']],
    ['integer', Number.NaN, ['type']],
    ['integer', 2147483648, ['max']],
    ['integer', 4, ['min'], { min: 5 }],
    ['integer', 6, ['max'], { max: '5' }],
    ['integer', '9223372036854775808', ['max'], { big: true }],
    ['integer', 2 ** 53 + 2, ['type'], { big: true }],
    ['integer', 'x', ['type'], { big: true }],
    ['integer', '1.5', ['type'], { big: true }],
    ['decimal', Number.NaN, ['type']],
    ['decimal', Number.POSITIVE_INFINITY, ['type']],
    ['decimal', '1e5', ['type']],
    ['decimal', '1,5', ['type']],
    ['decimal', '', ['type']],
    ['decimal', true, ['type']],
    ['decimal', 0.1 + 0.2, ['type']],
    ['decimal', '0.00001', ['scale']],
    ['decimal', '1000000000000000', ['precision']],
    ['decimal', '0.2999', ['min'], { min: '0.3' }],
    ['money', '-1', ['min'], { min: 0 }],
    ['money', '0.001', ['scale']],
    ['percent', '100.1', ['max'], { max: 100 }],
    ['currency', 'sek', ['currency']],
    ['currency', 'XXQ', ['currency']],
    ['currency', 5, ['type']],
    ['boolean', 'true', ['type']],
    ['date', '2023-02-29', ['date']],
    ['date', '2024-02-29T00:00:00Z', ['date']],
    ['date', 20240229, ['date']],
    ['date', '2023-12-31', ['min'], { min: '2024-01-01' }],
    ['date', '2024-01-02', ['max'], { max: '2024-01-01' }],
    ['dateTime', '2024-02-29T12:00:00', ['date_time']],
    ['dateTime', 0, ['date_time']],
    ['time', '25:00', ['time']],
    ['time', 9, ['time']],
    ['duration', -1, ['min']],
    ['duration', 61, ['max'], { max: 60 }],
    ['duration', 1.5, ['type']],
    ['duration', 'PT1H', ['type']],
    ['duration', 2147483648, ['max']],
    ['select', 'lost', ['option'], { options: stages }],
    ['select', 'old', ['option'], { options: stages }],
    ['select', '', ['option']],
    ['select', 'x'.repeat(101), ['max_length']],
    ['select', 1, ['type']],
    ['multiSelect', 'new', ['type'], { options: stages }],
    ['multiSelect', ['new', 'lost', 4], ['/1 option', '/2 type'], { options: stages }],
    ['multiSelect', [], ['required'], { required: true }],
    ['multiSelect', Array.from({ length: 501 }, () => 'x'), ['max_items']],
    ['rating', 0, ['rating']],
    ['rating', 6, ['rating']],
    ['rating', 2.5, ['rating']],
    ['autoNumber', '', ['min_length']],
    ['autoNumber', 3, ['type']],
    ['color', 'red', ['color']],
    ['color', 3, ['color']],
    ['address', 'Umeå', ['type']],
    ['address', [], ['type']],
    ['address', { city: 3, zip: 'x', country: 'Sweden' }, ['/city type', '/zip unknown', '/country country']],
    ['address', { 'a/b': 1 }, ['/a~1b unknown']],
    ['address', { postal_code: 'x'.repeat(21) }, ['/postal_code max_length']],
    ['address', { city: 'x' }, ['/street required'], { requiredParts: ['street', 'city'] }],
    ['personName', 'Ada', ['type']],
    ['personName', { given: 'a\nb', name: 1 }, ['/given line_break', '/name unknown']],
    ['personName', { suffix: 'III' }, ['required']],
    ['personName', { given: 'Ada' }, ['/family required'], { requiredParts: ['family'] }],
    ['geolocation', { lat: 91, lng: 'x' }, ['/lat degrees', '/lng degrees']],
    ['geolocation', { lat: 1 }, ['type']],
    ['geolocation', [1, 2], ['type']],
    ['file', 'x', ['/id id']],
    ['file', 5, ['type']],
    ['file', { name: 'a.txt' }, ['/id id']],
    ['file', { id: '01890000-0000-7000-8000-00000000000a', name: '..', width: 1 }, ['/width unknown', '/name file_name']],
    ['file', { id: null }, ['required'], { required: true }],
    ['json', undefined, ['json']],
    ['json', { 'a\0': 1 }, ['json']],
    ['json', ['\ud800'], ['json']],
    ['json', Number.NaN, ['json']],
    ['json', 'x'.repeat(70_000), ['json']],
    ['json', Array.from({ length: 70_000 }, () => 1), ['json']],
    ['reference', 'x', ['id']],
    ['secret', 'short', ['min_length']],
    ['secret', 'x'.repeat(257), ['max_length']],
    ['secret', 12, ['type']],
  ])('%s %j with %j', async (type, value, expected, settings = {}) => {
    expect(await read(type, value, settings)).toEqual(expected);
  });

  test('JSON deeper than 32 levels, and not 32 levels', async () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
    expect(await read('json', nested(32))).toMatch(/^\[/);
    expect(await read('json', nested(33))).toEqual(['json']);
    expect(await read('json', nested(5000))).toEqual(['json']);
  });

  test.each([...fieldTypes.values()].map((type) => [type.name, type] as const))('nothing by throwing: %s', async (name, type) => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), fc.string({ unit: 'binary' })), fc.string(), async (value, cell) => {
        const parsed = await type.parse(value, fieldOf(name, { minLength: 0 }), contextOf());
        expect('columns' in parsed || parsed.issues.length > 0).toBe(true);
        const read = type.fromText(cell, fieldOf(name), {});
        expect('value' in read || read.issues.length > 0).toBe(true);
      }),
      { numRuns: name === 'secret' ? 5 : 300 },
    );
  });
});

describe('a phone number', () => {
  test('is read in the country that the record names, else in the default one', async () => {
    const settings = { regionFrom: ['mailing_address.country'] };
    expect(await read('phone', '020 7946 0958', settings, { 'mailing_address.country': 'gb' })).toBe('+442079460958');
    expect(await read('phone', '020 7946 0958', settings, { 'mailing_address.country': 'Nowhere' })).toEqual(['phone']);
    expect(await read('phone', '020 7946 0958', settings)).toEqual(['phone']);
    expect(await read('phone', '202-555-0143', settings, { 'mailing_address.country': 12 })).toBe('+12025550143');
  });

  test('without any country must carry its own', async () => {
    const context = { ...contextOf(), defaultRegion: '' };
    expect(await typeOf('phone').parse('202-555-0143', fieldOf('phone'), context)).toHaveProperty('issues');
    expect(await typeOf('phone').parse('+12025550143', fieldOf('phone'), context)).toHaveProperty('columns');
  });
});

describe('decimals', () => {
  test('come back exactly as they were sent, whatever their digits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(10n ** 19n) + 1n, max: 10n ** 19n - 1n }), async (units) => {
        const sign = units < 0n ? '-' : '';
        const digits = String(units < 0n ? -units : units).padStart(5, '0');
        const sent = `${sign}${digits.slice(0, -4)}.${digits.slice(-4)}`;
        const got = String(await read('decimal', sent));
        const [whole, part = ''] = got.replace('-', '').split('.');
        expect(BigInt(`${whole}${part.padEnd(4, '0')}`)).toBe(units < 0n ? -units : units);
        expect(got.startsWith('-')).toBe(units < 0n);
      }),
    );
  });
});

describe('a pattern', () => {
  test('that would run for ages natively is answered at once', async () => {
    const value = `${'a'.repeat(200)}!`;
    expect(await read('text', value, { pattern: '^(a+)+$' })).toEqual(['pattern']);
  });
});

describe('a secret', () => {
  test('is kept as an Argon2id hash that only the same text meets', async () => {
    const hashed = String(await read('secret', 'correct horse e\u0301'));
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifySecret(hashed, 'correct horse é')).toBe(true);
    expect(await verifySecret(hashed, 'correct horse e')).toBe(false);
    expect(await verifySecret(hashed, 'correct horse é\0')).toBe(false);
    expect(await verifySecret(hashed, 'x'.repeat(300))).toBe(false);
  });
});

describe('an automatic number', () => {
  test.each([
    ['INV-{0000}', 42, 'INV-0042'],
    ['INV-{0000}', 123456, 'INV-123456'],
    ['{0}/q', 7n, '7/q'],
    ['{00}', '$1', '$1'],
  ])('%s with %s is %s', (format, number, expected) => {
    expect(formatAutoNumber(format, number)).toBe(expected);
  });
});
