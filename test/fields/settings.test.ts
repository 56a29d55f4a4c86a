// Settings that contradict are refused; the catalogue is complete and each type has all its faces.
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import * as formats from 'ajv-formats';
import { getCountries } from 'libphonenumber-js/max';
import { countryCodes } from '../../server/fields/country-codes.ts';
import { currencyByCode } from '../../server/fields/currency.ts';
import { defineFieldType } from '../../server/fields/define-field-type.ts';
import { fieldTypeCatalogue, fieldTypes } from '../../server/fields/index.ts';
import { compilePattern } from '../../server/fields/text-value.ts';
import { fieldOf, read, stages, typeOf } from './field-samples.ts';

const findings = (type: string, settings: Readonly<Record<string, unknown>>) =>
  (typeOf(type).check?.(fieldOf(type, settings)) ?? []).map(({ pointer }) => pointer);

describe('settings', () => {
  test.each<readonly [string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['text', { minLength: 5, maxLength: 4 }, ['/minLength']],
    ['text', { pattern: '(' }, ['/pattern']],
    ['text', { pattern: '(a)\\1' }, ['/pattern']],
    ['text', { unique: true, maxLength: 651 }, ['/maxLength']],
    ['text', { index: true, maxLength: 650 }, []],
    ['text', { default: 'x', maxLength: 1 }, []],
    ['text', { default: 'xx', maxLength: 1 }, ['/default']],
    ['longText', { unique: true, index: true }, ['/unique', '/index']],
    ['richText', { unique: true, minLength: 5, maxLength: 4 }, ['/minLength', '/unique']],
    ['richText', { default: '<p>a<script>b</script></p>' }, ['/default']],
    ['richText', { default: '<p>a</p>' }, []],
    ['integer', { min: 5, max: 4 }, ['/min']],
    ['integer', { max: 2147483648 }, ['/max']],
    ['integer', { max: 2147483648, big: true }, []],
    ['integer', { min: 'x' }, ['/min']],
    ['integer', { default: 1.5 }, ['/default']],
    ['decimal', { precision: 4, scale: 4 }, ['/scale']],
    ['decimal', { min: 'a', max: '1e5' }, ['/min', '/max']],
    ['decimal', { min: '0.2', max: '0.10' }, ['/min']],
    ['percent', { default: '0.123456' }, ['/default']],
    ['money', { currency: 'XXQ' }, ['/currency']],
    ['money', { currency: 'EUR', default: 0, min: 0 }, []],
    ['currency', { default: 'EUR' }, []],
    ['currency', { default: 'euro' }, ['/default']],
    ['duration', { min: 60, max: 30 }, ['/min']],
    ['duration', { max: -1 }, ['/min']],
    ['duration', { default: 90, max: 60 }, ['/default']],
    ['date', { min: '2024-02-30' }, ['/min']],
    ['date', { min: '2024-02-02', max: '2024-02-01' }, ['/min']],
    ['date', { default: 'soon' }, ['/default']],
    ['select', { options: [...stages, ...stages] }, ['/options/3/value']],
    ['select', { options: stages, default: 'old' }, ['/default']],
    ['multiSelect', { options: stages, default: ['new', 'x'] }, ['/default/1']],
    ['autoNumber', { default: 'x' }, ['/default']],
    ['personName', { default: { given: 'A' }, requiredParts: ['family'] }, ['/default/family']],
    ['address', { default: { postal_code: '1', country: 'SE' }, checkPostalCode: true }, ['/default/postal_code']],
    ['file', { default: 'x' }, ['/default']],
    ['image', { accept: ['image/png', 'image/*'] }, []],
    ['image', { accept: ['image/png', 'image/svg+xml'] }, ['/accept/1']],
    ['secret', { minLength: 20, maxLength: 10 }, ['/minLength']],
    ['secret', { default: 'correct horse battery', unique: true, index: true }, ['/default', '/unique', '/index']],
    ['boolean', { default: null }, []],
  ])('of %s %j have findings at %j', (type, settings, expected) => {
    expect(findings(type, settings)).toEqual(expected);
  });

  test('of a plugin type whose parsing is asynchronous take no default', () => {
    const type = defineFieldType({ ...typeOf('text'), name: 'slow', parse: async () => ({ columns: { '': 1 } }) });
    expect(type.check?.(fieldOf('slow', { default: 'x' }))).toEqual([
      { pointer: '/default', detail: expect.stringContaining('slow') },
    ]);
  });

  test('with a pattern are compiled once and remembered within bounds', () => {
    expect(compilePattern('^x$')).toBe(compilePattern('^x$'));
    const first = compilePattern('^0$');
    for (let at = 0; at < 1100; at++) compilePattern(`^${at}$`);
    expect(compilePattern('^0$')).not.toBe(first);
  });
});

describe('the catalogue', () => {
  test('has every type once under its own name', () => {
    expect([...fieldTypes.keys()].join(' ')).toBe(
      'text longText richText email phone url integer decimal percent money currency boolean date dateTime time duration select multiSelect rating autoNumber formula rollup color address personName geolocation json file image reference secret id',
    );
    for (const [name, type] of fieldTypes) expect(type.name).toBe(name);
  });

  test('takes the types of plugins, but none twice', () => {
    const own = defineFieldType({ ...typeOf('text'), name: 'shout' });
    expect(fieldTypeCatalogue([own]).get('shout')).toBe(own);
    expect(() => fieldTypeCatalogue([own, own])).toThrow('"shout" is registered twice');
  });

  test('gives a type without its own faces one text column that stands for itself', () => {
    const plain = defineFieldType({
      name: 'plain',
      label: { en: 'Plain' },
      kind: 'text',
      settings: {},
      widget: 'text',
      jsonSchema: () => ({}),
      parse: (value) => ({ columns: { '': value } }),
    });
    expect(plain.columns(fieldOf('plain'))).toEqual([{ suffix: '', type: 'text', kind: 'text' }]);
    expect(plain.json((suffix) => `t.x${suffix}`, fieldOf('plain'))).toBe('t.x');
    expect(plain.graphql(fieldOf('plain'))).toEqual({ output: 'String', input: 'String' });
    expect(plain.fromText('a', fieldOf('plain'), {})).toEqual({ value: 'a' });
    expect(plain.fromText('', fieldOf('plain'), {})).toHaveProperty('issues');
    expect(plain.check?.(fieldOf('plain', { default: 'x' }))).toEqual([]);
  });

  test('labels every type in English, Arabic and Hebrew, and types its columns by kind', () => {
    for (const type of fieldTypes.values()) {
      expect(Object.keys(type.label)).toEqual(expect.arrayContaining(['en', 'ar', 'he']));
      expect(type.columns(fieldOf(type.name)).length).toBeGreaterThan(0);
      for (const part of Object.values(type.parts ?? {})) {
        expect(type.columns(fieldOf(type.name)).map(({ suffix }) => suffix)).toContain(part.suffix);
      }
    }
  });

  test('names the GraphQL type of each', () => {
    const names = [...fieldTypes.values()].map((type) => `${type.name}:${type.graphql(fieldOf(type.name)).output}`);
    expect(names).toEqual(
      expect.arrayContaining([
        'text:String',
        'integer:Int',
        'money:Decimal',
        'boolean:Boolean',
        'date:Date',
        'dateTime:DateTime',
        'time:String',
        'multiSelect:[String!]',
        'address:JSON',
        'reference:ID',
      ]),
    );
    expect(typeOf('integer').graphql(fieldOf('integer', { big: true })).input).toBe('Decimal');
  });
});

describe('money', () => {
  test('brings its currency beside it', () => {
    const implied = typeOf('money').implied?.(
      fieldOf('money', { currency: 'EUR', privacy: 'sensitive', readOnly: true, visibleWhen: null, readOnlyWhen: null }),
    );
    expect(implied).toEqual({
      _currency: {
        id: 'fld_money_currency',
        type: 'currency',
        label: { en: 'Field (currency)', ar: 'حقل (العملة)' },
        default: 'EUR',
        privacy: 'sensitive',
        readOnly: true,
        visibleWhen: null,
        readOnlyWhen: null,
      },
    });
    expect(typeOf('money').implied?.({ ...fieldOf('money'), label: { fr: 'Montant' } })?.['_currency']?.label).toEqual({
      fr: 'Montant (currency)',
    });
  });

  test('knows the minor units of ISO 4217', () => {
    expect(currencyByCode('JPY')?.digits).toBe(0);
    expect(currencyByCode('KWD')?.digits).toBe(3);
    expect(currencyByCode('constructor')).toBeUndefined();
  });
});

describe('country codes', () => {
  test('are the 249 of ISO 3166-1, with a name each, and cover the countries that have phones', () => {
    expect(countryCodes.size).toBe(249);
    const name = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
    expect([...countryCodes].filter((code) => name.of(code) === undefined)).toEqual([]);
    // Kosovo, Ascension and Tristan da Cunha have dialling codes but no code of ISO 3166-1.
    expect(getCountries().filter((code) => !countryCodes.has(code))).toEqual(['AC', 'TA', 'XK']);
  });
});

describe('the JSON Schema of a field', () => {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  ajv.addVocabulary(['x-enumLabels']);
  const add = formats.default as unknown as ((target: Ajv) => void) & { default?: (target: Ajv) => void };
  (add.default ?? add)(ajv);

  test.each<readonly [string, readonly unknown[], readonly unknown[], Readonly<Record<string, unknown>>?]>([
    ['text', ['a'], ['', 3, 'abcd'], { minLength: 1, maxLength: 3 }],
    ['text', ['a1'], ['1a'], { pattern: '^[a-z]' }],
    ['longText', ['a\nb'], [1]],
    ['email', ['ada@example.com'], ['ada']],
    ['phone', ['+442079460958'], ['']],
    ['url', ['https://example.com', 'HTTP://x.example'], ['javascript:1', 'ftp://x']],
    ['integer', [0, 2147483647], ['1', 1.5, 2147483648]],
    ['integer', [3], [2, 5], { min: 3, max: 4 }],
    ['integer', ['9223372036854775807', 5], ['x', 1.5], { big: true }],
    ['decimal', ['1.5', 1.5, ' +007.50000 '], ['1e5', '', true, '1.23456']],
    ['decimal', ['12', '1.000'], ['1.5'], { precision: 5, scale: 0 }],
    ['decimal', [5], [4, 7], { min: 5, max: 6 }],
    ['money', ['22700.00'], ['0.001']],
    ['percent', ['12.5'], ['x']],
    ['currency', ['EUR'], ['eur']],
    ['boolean', [true], ['true']],
    ['date', ['2024-02-29'], ['2023-02-29']],
    ['dateTime', ['2024-02-29T10:00:00Z'], ['2024-02-29']],
    ['time', ['09:30', '09:30:59'], ['24:00']],
    ['select', ['new', 'old'], ['x'], { options: stages }],
    ['select', ['anything'], ['']],
    ['multiSelect', [['new'], []], [['x'], 'new'], { options: stages }],
    ['rating', [1, 5], [0, 6]],
    ['autoNumber', ['A-1'], [1]],
    ['color', ['#abc', '#AABBCC'], ['red']],
    ['address', [{ city: 'x', country: null }, {}], [{ zip: '1' }, 'x']],
    ['personName', [{ given: 'Ada', family: null }], [{ name: 'Ada' }, 'Ada', { given: 1 }]],
    ['geolocation', [{ lat: 1, lng: 2 }], [{ lat: 91, lng: 2 }, { lat: 1 }]],
    ['json', [{}, null, 1], []],
    ['reference', ['01890000-0000-7000-8000-00000000000a'], ['x']],
    ['secret', ['correct horse'], ['short']],
  ])('of %s takes %j and refuses %j', async (type, good, bad, settings = {}) => {
    const validate = ajv.compile(typeOf(type).jsonSchema(fieldOf(type, settings)));
    expect(good.filter((value) => !validate(value))).toEqual([]);
    expect(bad.filter((value) => validate(value))).toEqual([]);
    // Whatever the schema refuses, parsing refuses too (the reverse need not hold).
    for (const value of bad.filter((one) => one !== '')) {
      const outcome = await read(type, value, settings);
      expect({ value, refused: Array.isArray(outcome) && outcome.length > 0 }).toEqual({ value, refused: true });
    }
  });
});
