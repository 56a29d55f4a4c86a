// The catalogue of normalisers: text → the key under which two values count as one. '' is no key: nothing is like it.
import { emailKey, websiteKey } from './addresses.ts';
import { fold } from './fold.ts';
import { companyName, personName } from './name-words.ts';
import { plainWords } from './plain.ts';
import { soundsOf } from './sounds.ts';

const sortedWords = (words: string): string => words.split(' ').sort().join(' ');

export const normalisers = {
  /** Case, accents and width aside. */
  folded: fold,
  /** The same, and punctuation. */
  text: plainWords,
  person: personName,
  company: companyName,
  email: emailKey,
  website: websiteKey,
  /** How the words sound. */
  textSound: (text: string): string => soundsOf(plainWords(text)),
  personSound: (text: string): string => sortedWords(soundsOf(personName(text))),
  companySound: (text: string): string => soundsOf(companyName(text)),
} as const satisfies Readonly<Record<string, (text: string) => string>>;

export type NormaliserName = keyof typeof normalisers;

/** Raised when a normaliser comes to other keys for the same text: columns under the new number are then filled anew. */
export const normaliserVersion = 1;

/** So that a key with an index on it stays below what PostgreSQL takes there (2,704 bytes). */
const longestKey = 400;

/** @returns null where the value has no key */
export function keyOf(normaliser: NormaliserName, value: unknown): string | null {
  if (value === null || value === undefined || typeof value === 'object') return null;
  const key = normalisers[normaliser](String(value).slice(0, longestInput));
  return key === '' ? null : key.slice(0, longestKey).replace(/[\ud800-\udbff]$/, '');
}

/** What comes after this many units tells no two records apart. */
const longestInput = 2_000;
