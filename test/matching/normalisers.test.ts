// Keys under which two writings of one thing are one.
import { describe, expect, test } from '@jest/globals';
import { keyOf, type NormaliserName, normalisers } from '../../server/matching/normalisers.ts';

const key = (normaliser: NormaliserName, text: string) => keyOf(normaliser, text);

const wide = (text: string): string =>
  text.replace(/[!-~]/g, (one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0)).replaceAll(' ', '\u3000');

describe('one name in all its Unicode forms is one key', () => {
  const names = [
    'Zoë Ångström',
    'Nguyễn Văn Đức',
    'Łukasz Żółć',
    'أحمد إبراهيم',
    'שָׁלוֹם כֹּהֵן',
    'ガブリエル',
    '김민수',
    'Ωνάσης Ἀριστοτέλης',
    'राम कृष्ण',
    'ﻣﺤﻤﺪ',
  ];
  for (const normaliser of ['folded', 'text', 'person', 'company', 'personSound', 'companySound'] as const) {
    test(normaliser, () => {
      for (const name of names) {
        const keys = ['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => key(normaliser, name.normalize(form)));
        const spaced = [
          key(normaliser, `  ${name}\u00a0`),
          key(normaliser, name.toUpperCase()),
          key(normaliser, name.toLowerCase()),
        ];
        expect(new Set([...keys, ...spaced])).toEqual(new Set([keys[0]]));
        expect(keys[0]).not.toBeNull();
      }
      for (const name of ['Ada Lovelace', 'ACME 24']) expect(key(normaliser, wide(name))).toBe(key(normaliser, name));
      expect(key(normaliser, 'ｶﾞﾌﾞﾘｴﾙ')).toBe(key(normaliser, 'ガブリエル'));
    });
  }

  test('a key of a key is the key', () => {
    for (const normaliser of ['folded', 'text', 'person', 'company', 'email', 'website'] as const)
      for (const text of [...names, 'Foo & Bar GmbH', 'a@b.example', 'https://www.a.example/x'])
        expect(normalisers[normaliser](normalisers[normaliser](text))).toBe(normalisers[normaliser](text));
  });
});

describe('names of people', () => {
  test.each([
    ['order and commas', 'Lovelace, Ada', 'Ada Lovelace'],
    ['titles', 'Dr. Ada Lovelace', 'ada lovelace'],
    ['hyphens', 'Anna-Lena Müller', 'Anna Lena Muller'],
    ['apostrophes', 'Conan O’Brien', "conan O'brien"],
    ['letters that no accent explains', 'Bjørn Strauß', 'Bjorn Strauss'],
    ['the Arabic article and joined names', 'عبد الله الحسن', 'عبدالله حسن'],
    ['hamza, teh marbuta and alef maksura', 'فاطمة مصطفى', 'فاطمه مصطفي'],
    ['Hebrew final letters and points', 'אַבְרָהָם', 'אברהמ'],
    ['Hebrew titles', 'ד"ר יוסף כהן', 'יוסף כהן'],
  ])('%s', (_what, one, other) => expect(key('person', one)).toBe(key('person', other)));

  test('stay apart where they differ', () => {
    expect(key('person', 'Ada Lovelace')).not.toBe(key('person', 'Ada Loveless'));
    expect(key('person', 'John Smith Jr')).not.toBe(key('person', 'John Smith'));
    expect(key('person', 'राम')).not.toBe(key('person', 'रमा'));
    expect(key('person', 'Mr')).toBe('mr');
    expect(key('person', ' ,. ')).toBeNull();
  });
});

describe('names of companies', () => {
  test.each([
    ['Acme GmbH', 'ACME G.m.b.H.'],
    ['Acme', 'Acme, Inc.'],
    ['Foo & Bar GmbH & Co. KG', 'Foo und Bar'],
    ['The Widget Company Ltd', 'Widget'],
    ['Café Société S.A.', 'Cafe Societe'],
    ['Café Société S. A. R. L.', 'CAFÉ SOCIÉTÉ SARL'],
    ['Żubr Sp. z o.o.', 'Zubr'],
    ['Tequila S.A. de C.V.', 'Tequila'],
    ['شركة النور ش.م.م', 'النور'],
    ['النور ذ.م.م', 'نور'],
    ['תנובה בע"מ', 'תנובה'],
    ['תנובה בע״מ', 'תנובה בעמ'],
    ['株式会社 ソニー', 'ソニー'],
    ['ООО Ромашка', 'Ромашка'],
    ['I.B.M. Corp', 'IBM'],
    ['ＡＣＭＥ　ｉｎｃ．', 'acme'],
  ])('%s = %s', (one, other) => expect(key('company', one)).toBe(key('company', other)));

  test('stay apart where they differ', () => {
    expect(key('company', 'Acme Foods Ltd')).not.toBe(key('company', 'Acme Ltd'));
    expect(key('company', 'The Limited')).not.toBeNull();
    expect(key('company', 'Company')).toBe('company');
  });
});

describe('addresses', () => {
  test.each([
    ['Ada@Example.COM', 'ada@example.com'],
    ['ada@münchen.example', 'ada@xn--mnchen-3ya.example'],
    ['ａｄａ＠example.com', 'ada@example.com'],
  ])('e-mail %s = %s', (one, other) => expect(key('email', one)).toBe(key('email', other)));

  test('dots and + of an e-mail address count', () => {
    expect(new Set(['a.da@x.example', 'ada@x.example', 'ada+crm@x.example'].map((one) => key('email', one))).size).toBe(3);
    expect(key('email', 'nobody')).toBeNull();
  });

  test.each([
    ['https://www.acme.example/', 'acme.example'],
    ['HTTP://ACME.example:8080/about?x=1#y', 'https://acme.example'],
    ['https://www.müller.example/', 'http://xn--mller-kva.example'],
    ['www2.acme.example.', 'acme.example'],
    ['https://www.linkedin.com/in/Ada/', 'http://linkedin.com/in/ada'],
  ])('website %s = %s', (one, other) => expect(key('website', one)).toBe(key('website', other)));

  test('pages of others on a shared site stay apart, and so do sub-domains', () => {
    expect(key('website', 'https://linkedin.com/in/ada')).not.toBe(key('website', 'https://linkedin.com/in/bob'));
    expect(key('website', 'https://shop.acme.example')).not.toBe(key('website', 'https://acme.example'));
    expect(key('website', 'not a site')).toBeNull();
  });
});

describe('sounds', () => {
  test.each([
    ['Muller', 'Mueller'],
    ['Schmidt', 'Schmitt'],
    ['Mohamed', 'Muhammad'],
    ['محمد', 'Mohammed'],
    ['أحمد', 'Ahmed'],
    ['فاطمة', 'Fatima'],
    ['خالد', 'Khaled'],
    ['يوسف', 'Yusuf'],
    ['יוסף', 'Yosef'],
    ['כהן', 'Cohen'],
    ['Александр', 'Alexander'],
    ['Παπαδόπουλος', 'Papadopoulos'],
    ['Smith John', 'Jon Smyth'],
  ])('%s sounds like %s', (one, other) => expect(key('personSound', one)).toBe(key('personSound', other)));

  test('numbers stay what they are, and other names apart', () => {
    expect(key('companySound', 'Studio 54 Ltd')).toBe('STT 54');
    expect(key('personSound', 'Ada')).not.toBe(key('personSound', 'Anna'));
  });
});

test('a key is short enough for an index, and only plain values have one', () => {
  expect(key('text', 'ж'.repeat(5_000))?.length).toBe(400);
  for (const value of [null, undefined, {}, [], '']) expect(keyOf('text', value)).toBeNull();
  expect(keyOf('text', 42)).toBe('42');
});
