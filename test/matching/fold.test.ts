// Folding for searches: what people take for the same is the same.
import { describe, expect, test } from '@jest/globals';
import { fold } from '../../server/matching/fold.ts';
import { searchTerms } from '../../server/query/search-terms.ts';

describe('folding', () => {
  test.each([
    ['case and accents', 'ÉCOLE Ångström', 'ecole angstrom'],
    ['width', 'ＡＢＣ１２３', 'abc123'],
    ['ligatures and compatibility forms', 'ﬁn ①', 'fin 1'],
    ['white space of any kind', ' a\u00a0\t\n b ', 'a b'],
    ['Turkish İ', 'İstanbul', 'istanbul'],
    ['Arabic vowel signs', 'مُحَمَّد', 'محمد'],
    ['alef with hamza or madda', 'أحمد إحمد آحمد', 'احمد احمد احمد'],
    ['tatweel', 'محـــمد', 'محمد'],
    ['alef maksura, Farsi yeh and teh marbuta', 'مصطفى علی فاطمة', 'مصطفي علي فاطمه'],
    ['Arabic presentation forms', 'ﻣﺤﻤﺪ', 'محمد'],
    ['Arabic and Persian digits', '٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹', '0123456789 0123456789'],
    ['Hebrew points', 'שָׁלוֹם', 'שלום'],
  ])('ignores %s', (_what, text, folded) => {
    expect(fold(text)).toBe(folded);
    expect(fold(fold(text))).toBe(folded);
  });

  test('terms are words, each once, at most ten', () => {
    expect(searchTerms(' Ada  ada LOVE ')).toEqual(['ada', 'love']);
    expect(searchTerms('\u0301 \u064b')).toEqual([]);
    expect(searchTerms('a b c d e f g h i j k l')).toHaveLength(10);
  });
});
