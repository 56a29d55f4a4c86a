// Whatever JSON is asked for: issues or metadata that hold, never an error, never a changed prototype.
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildRegistry } from '../../../server/metadata/build.ts';
import { applyChanges } from '../../../server/metadata/changes/apply-changes.ts';
import { operations } from '../../../server/metadata/changes/catalogue.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import { libraryRegistry } from '../../support/registry.ts';
import { samples } from './samples.ts';

let library: Registry;
beforeAll(async () => {
  library = await libraryRegistry();
});

/** FUZZ_RUNS=5000 for a long look. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 50);

async function holds(changes: unknown): Promise<void> {
  const before = JSON.stringify(changes);
  const { issues, documents, registry } = await applyChanges(library, changes);
  expect(JSON.stringify(changes)).toBe(before);
  if (typeof changes === 'object' && changes !== null) expect(Object.isFrozen(changes)).toBe(false);
  if (issues.length === 0) {
    const again = await buildRegistry(documents, { fieldTypes: library.fieldTypes });
    expect(again.version).toBe(registry.version);
  }
  for (const { pointer } of issues) expect(pointer).toMatch(/^\/changes(\/|$)/);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
}

const word = fc.constantFrom(
  ...[
    'books',
    'loans',
    'users',
    'title',
    'branch',
    'isbn',
    'constructor',
    '__proto__',
    'prototype',
    'hasOwnProperty',
    'toString',
    '*',
  ],
  ...['id', 'select', 'text', 'x', '', 'fields', 'default', 'books_all', 'fld_books_title', 'genres', 'retired', 'length', '0'],
);
const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  word,
  fc.dictionary(word, fc.oneof(fc.jsonValue({ maxDepth: 2 }), word), { maxKeys: 4 }),
  fc.array(fc.oneof(word, fc.dictionary(word, word, { maxKeys: 3 })), { maxLength: 3 }),
);

/** Every place of a value, as the keys that lead there. */
const placesOf = (value: unknown): readonly (readonly string[])[] =>
  typeof value !== 'object' || value === null
    ? [[]]
    : [[], ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner).map((rest) => [key, ...rest]))];

function replacedAt(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const inner = replacedAt((value as Record<string, unknown>)[key], rest, by);
  if (Array.isArray(value)) return value.map((item: unknown, at) => (String(at) === key ? inner : item));
  return Object.fromEntries(Object.entries(value as object).map(([name, old]) => [name, name === key ? inner : old]));
}

const mutated = fc
  .constantFrom(...samples)
  .chain((sample) => fc.tuple(fc.constant(sample), fc.constantFrom(...placesOf(sample).slice(1)), json))
  .map(([sample, place, by]) => replacedAt(sample, place, by));

const composed = fc.record(
  {
    op: fc.constantFrom(...Object.keys(operations)),
    entity: word,
    name: word,
    to: word,
    field: json,
    set: json,
    options: json,
    cascade: fc.boolean(),
  },
  { requiredKeys: ['op'] },
);

describe('anything', () => {
  test('any JSON at all', () => fc.assert(fc.asyncProperty(json, holds), { numRuns }));
  test('a list of any JSON', () => fc.assert(fc.asyncProperty(fc.array(json, { maxLength: 3 }), holds), { numRuns }));
  test('operations with members of any kind', () =>
    fc.assert(fc.asyncProperty(fc.array(composed, { minLength: 1, maxLength: 3 }), holds), { numRuns }));
  test('good changes with one place replaced by anything', () =>
    fc.assert(fc.asyncProperty(fc.array(mutated, { minLength: 1, maxLength: 2 }), holds), { numRuns }));
  test('good changes in any order', () =>
    fc.assert(fc.asyncProperty(fc.shuffledSubarray([...samples], { minLength: 1, maxLength: 6 }), holds), {
      numRuns: numRuns / 5,
    }));
  test('the key __proto__ pollutes nothing', () =>
    holds(JSON.parse('[{"op":"addField","entity":"books","field":{"name":"x","type":"text","__proto__":{"polluted":true}}}]')));
});

test('a good change of every operation is done', async () => {
  const colours = samples.find(({ op }) => op === 'setOptionSet');
  for (const sample of samples) {
    const changes = sample.op === 'retireOptionSet' ? [colours, sample] : [sample];
    expect([sample, (await applyChanges(library, changes)).issues]).toEqual([sample, []]);
  }
  expect(new Set(samples.map(({ op }) => op))).toEqual(new Set(Object.keys(operations)));
});
