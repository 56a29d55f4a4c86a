// The comparisons by which a weighted rule looks for candidates: no record that reaches the threshold is missed.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Column } from '../../server/metadata/registry.ts';
import type { DuplicateRule } from '../../server/metadata/types.ts';
import { blockersOf, type Term } from '../../server/repository/duplicate-sql.ts';

const methods = ['exact', 'normalized', 'similar', 'phonetic'] as const;
const term = (method: (typeof methods)[number], weight: number, at = 0): Term => ({
  match: { field: `f${at}`, method },
  column: { name: `c${at}` } as Column,
  weight,
});
const rule = (threshold?: number): DuplicateRule => ({
  name: 'r',
  action: 'warn',
  match: [],
  ...(threshold === undefined ? {} : { threshold }),
});
const all = { has: () => true, sql: () => '' };
const sum = (terms: readonly Term[]): number => terms.reduce((total, { weight }) => total + weight, 0);

describe('the comparisons that find candidates', () => {
  test('are so many that the others cannot reach the threshold, and none of them is there for nothing', () => {
    const terms = fc.array(fc.tuple(fc.constantFrom(...methods), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(terms, fc.double({ min: 0.01, max: 1, noNaN: true }), fc.nat({ max: 255 }), (given, threshold, missing) => {
        const made = given.map(([method, weight], at) => term(method, weight, at));
        const own = { has: ({ name }: Column) => (missing & (1 << Number(name.slice(1)))) === 0, sql: () => '' };
        const blockers = blockersOf(rule(threshold), made, own);
        const able = made.filter(({ column }) => own.has(column));
        const others = able.filter((one) => !blockers.includes(one));
        const needed = threshold * sum(made);
        expect(sum(others)).toBeLessThan(needed);
        expect(blockers.every(({ column }) => own.has(column))).toBe(true);
        for (const one of blockers) expect(sum([...others, one])).toBeGreaterThanOrEqual(needed - 1e-6);
      }),
    );
  });

  test('are equal keys where trigrams can be left to the others', () => {
    const [name, mail, phone] = [term('similar', 4, 0), term('normalized', 5, 1), term('normalized', 4, 2)];
    expect(blockersOf(rule(0.5), [name, mail, phone], all)).toEqual([mail, phone]);
    expect(blockersOf(rule(0.3), [name, mail, phone], all)).toEqual([name, mail, phone]);
  });

  test('are all of them, together, of a rule where all must match', () => {
    const terms = [term('similar', 1, 0), term('exact', 1, 1)];
    expect(blockersOf(rule(), terms, all)).toEqual(terms);
  });
});
