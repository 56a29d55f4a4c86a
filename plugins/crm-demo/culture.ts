// Where the people and companies of the demo are at home: names in their own scripts, places, phone numbers.
import type { Random } from './random.ts';

/** As people write it, and in Latin letters for addresses. */
export type Name = readonly [native: string, latin: string];

export interface Culture {
  readonly country: string;
  readonly language: string;
  readonly timeZone: string;
  readonly region: 'europe' | 'north_america' | 'middle_east_africa' | 'asia_pacific';
  /** External ids of the price book and the sales team. */
  readonly priceBook: string;
  readonly team: string;
  readonly currency: string;
  /** Percent points of value added tax. */
  readonly tax: number;
  readonly cities: readonly string[];
  readonly streets: readonly string[];
  readonly first: readonly Name[];
  readonly last: readonly Name[];
  /** Beginnings and ends of company names. */
  readonly companies: readonly [readonly Name[], readonly Name[]];
  readonly postalCode: (random: Random) => string;
  readonly mobile: (random: Random) => string;
}

export const digits = (random: Random, count: number): string => Array.from({ length: count }, () => random.int(0, 9)).join('');
export const same = (...words: readonly string[]): readonly Name[] => words.map((word) => [word, word]);
export const named = (text: string): readonly Name[] =>
  text.split(' ').map((pair) => {
    const [native = '', latin = ''] = pair.split('/');
    return [native.replaceAll('_', ' '), latin.replaceAll('_', ' ')];
  });

/** Prices in dollars, from the standard price book. */
export const dollars = { priceBook: 'demo-pb-usd', currency: 'USD' } as const;
