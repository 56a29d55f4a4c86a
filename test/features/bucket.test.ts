// Percentages: who is in stays in, growing takes nobody out, and the share is the one that was asked for.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bucketOf } from '../../server/features/bucket.ts';
import { decide, type Flag } from '../../server/features/flag.ts';

const flag = (percentage: number): Flag => ({
  ...{ name: 'f', id: 'x_f', enabled: true, roles: [], percentage, users: [], teams: [] },
});
const isIn = (percentage: number, targetingKey: string): boolean =>
  decide(flag(percentage), { targetingKey, roles: [], teams: [] })?.value === true;
const percentages = fc.double({ min: 0, max: 100, noNaN: true });

describe('a percentage', () => {
  test('says the same of the same person always', () => {
    fc.assert(
      fc.property(percentages, fc.string(), (percentage, key) => {
        const [once, again] = [isIn(percentage, key), isIn(percentage, key)];
        return once === again;
      }),
    );
  });

  test('grows without putting anybody out', () => {
    fc.assert(
      fc.property(percentages, percentages, fc.string(), (one, other, key) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        return !isIn(less, key) || isIn(more, key);
      }),
    );
  });

  test('of nothing is nobody, of a hundred everybody', () => {
    fc.assert(fc.property(fc.string(), (key) => !isIn(0, key) && isIn(100, key)));
  });

  test.each([1, 10, 50, 90])('of %d takes in about that many', (percentage) => {
    const people = Array.from({ length: 20_000 }, (_, at) => `person ${at}`);
    const share = (people.filter((person) => isIn(percentage, person)).length / people.length) * 100;
    expect(Math.abs(share - percentage)).toBeLessThan(1.5);
  });

  test('of two flags are two draws', () => {
    const people = Array.from({ length: 20_000 }, (_, at) => `person ${at}`);
    const both = people.filter((person) => bucketOf('x_one', person) < 50 && bucketOf('x_two', person) < 50);
    expect(Math.abs(both.length / people.length - 0.25)).toBeLessThan(0.02);
  });

  test('is that of every node and every release: the hash does not move', () => {
    const draws = [bucketOf('x_one', 'ada'), bucketOf('x_two', 'ada'), bucketOf('x_one', 'bob')];
    expect(draws.map((draw) => draw.toFixed(6))).toEqual(['70.647245', '64.915834', '58.298472']);
  });
});
