// What conditions mean: null, kinds, order, case, quantifiers.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { factsOf, relationsOf } from '../../server/conditions/facts.ts';
import { operators } from '../../server/conditions/operators.ts';
import { compareText, fold } from '../../server/conditions/order.ts';
import { testCondition } from '../../server/conditions/test.ts';
import type { Condition } from '../../server/conditions/tree.ts';
import { fields } from './random-conditions.ts';

const holds = (condition: unknown, record: Readonly<Record<string, unknown>> = {}): boolean =>
  testCondition(
    condition as Condition,
    (fact) => record[fact],
    (fact) => fields[fact],
  );
const one = (fact: string, operator: string, value: unknown, record: unknown): boolean =>
  holds({ fact, operator, value }, { [fact]: record });

describe('a comparison', () => {
  test.each<[string, string, unknown, unknown, boolean]>([
    ['amount', 'equal', '1.0', '1.0000', true],
    ['amount', 'lessThan', '10', '9', true],
    ['amount', 'equal', '9007199254740993', '9007199254740992', false],
    ['amount', 'equal', '0', '-0', true],
    ['score', 'greaterThan', 2, 10, true],
    ['score', 'lessThanInclusive', 2, 2, true],
    ['score', 'in', [1, 2], 2, true],
    ['score', 'equal', '9007199254740993', '9007199254740993', true],
    ['due', 'between', ['2024-01-01', '2024-12-31'], '2024-02-29', true],
    ['due', 'between', ['2024-01-01', '2024-02-28'], '2024-02-29', false],
    ['seen_at', 'equal', '2024-01-01T00:00:00Z', '2024-01-01T02:00:00+02:00', true],
    ['seen_at', 'greaterThanInclusive', '2024-01-01T00:00:00Z', new Date('2024-01-01T00:00:00Z'), true],
    ['opens', 'lessThan', '10:00', '09:59:59', true],
    ['name', 'equal', 'a', 'A', false],
    ['name', 'iEqual', 'straẞe', 'STRAße', true],
    ['name', 'iContains', 'ΟΔΟΣ', 'η οδος μου', true],
    ['name', 'iStartsWith', 'é', 'École', true],
    ['name', 'iEndsWith', 'LE', 'école', true],
    ['name', 'contains', '%', 'no', false],
    ['name', 'startsWith', '_', '_x', true],
    ['name', 'endsWith', '\\', 'x\\', true],
    ['name', 'lessThan', 'b', 'B', true],
    ['name', 'lessThan', '\u{10000}', '\uffee', true],
    ['tags', 'has', 'a', ['b', 'a'], true],
    ['tags', 'hasAny', ['x', 'a'], ['a'], true],
    ['tags', 'hasAll', ['x', 'a'], ['a'], false],
    ['tags', 'hasAll', [], [], true],
    ['tags', 'isEmpty', true, [], true],
    ['name', 'isEmpty', true, '', true],
    ['name', 'isEmpty', undefined, 'x', false],
    ['name', 'isEmpty', false, 'x', true],
    ['data', 'isEmpty', false, {}, true],
    ['owner_id', 'equal', '01890000-0000-7000-8000-00000000000A', '01890000-0000-7000-8000-00000000000a', true],
  ])('%s %s %j on %j is %j', (fact, operator, value, record, expected) => {
    expect(one(fact, operator, value, record)).toBe(expected);
  });

  test('with null is false, but for isEmpty and the negations', () => {
    const operand = { one: 'x', many: ['x'], range: ['x', 'y'], flag: true };
    const positive = operators
      .filter(({ kinds }) => kinds.includes('text'))
      .filter(({ name, shape }) => one('name', name, operand[shape], null));
    expect(positive.map(({ name }) => name).sort()).toEqual(['doesNotContain', 'isEmpty', 'notEqual', 'notIn']);
  });

  test('with another fact compares the two', () => {
    const record = {
      score: 2,
      amount: '2.5',
      owner_id: '01890000-0000-7000-8000-00000000000a',
      topics: ['x', 'y'],
      tags: ['x'],
      name: 'x',
    };
    expect(holds({ fact: 'score', operator: 'lessThan', value: { fact: 'amount' } }, record)).toBe(true);
    expect(holds({ fact: 'amount', operator: 'lessThan', value: { fact: 'score' } }, record)).toBe(false);
    expect(holds({ fact: 'tags', operator: 'has', value: { fact: 'name' } }, record)).toBe(true);
    expect(holds({ fact: 'topics', operator: 'hasAll', value: { fact: 'tags' } }, record)).toBe(true);
    expect(holds({ fact: 'name', operator: 'in', value: { fact: 'topics' } }, record)).toBe(true);
    expect(holds({ fact: 'name', operator: 'equal', value: { fact: 'score' } }, record)).toBe(false);
    expect(holds({ fact: 'name', operator: 'equal', value: { fact: 'unknown' } }, record)).toBe(false);
    expect(holds({ fact: 'name', operator: 'isEmpty', value: { fact: 'score' } }, record)).toBe(false);
  });

  test('of an unknown fact, operator or kind is false', () => {
    expect(holds({ fact: 'unknown', operator: 'equal', value: 'x' })).toBe(false);
    expect(holds({ fact: 'name', operator: 'toString', value: 'x' }, { name: 'x' })).toBe(false);
    expect(holds({ fact: 'active', operator: 'contains', value: 'x' }, { active: true })).toBe(false);
  });

  test('never throws, whatever the record and the operand hold', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(fields)),
        fc.constantFrom(...operators),
        fc.anything(),
        fc.anything(),
        (fact, { name }, value, record) => {
          expect(typeof one(fact, name, value, record)).toBe('boolean');
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('a tree', () => {
  const yes = { fact: 'active', operator: 'equal', value: true };
  const record = { active: true };

  test('joins and negates in two values', () => {
    expect(holds({ all: [yes, { not: { fact: 'name', operator: 'equal', value: 'x' } }] }, record)).toBe(true);
    expect(holds({ any: [{ not: yes }, { not: yes }] }, record)).toBe(false);
  });

  test('quantifies over related records, and over none when they are unknown', () => {
    const children = [{ active: true }, { active: null }].map((child: Readonly<Record<string, unknown>>) => ({
      facts: (fact: string) => child[fact],
      kindOf: (fact: string) => fields[fact],
    }));
    const over = (condition: Condition, relation = 'children') =>
      testCondition(
        condition,
        () => undefined,
        () => undefined,
        (name) => (name === relation ? children : []),
      );
    expect(over({ some: { relation: 'children', where: yes } })).toBe(true);
    expect(over({ every: { relation: 'children', where: yes } })).toBe(false);
    expect(over({ none: { relation: 'children', where: yes } })).toBe(false);
    expect(over({ every: { relation: 'children' } })).toBe(true);
    expect(over({ some: { relation: 'children' } })).toBe(true);
    expect(over({ none: { relation: 'others' } })).toBe(true);
    expect(holds({ some: { relation: 'children' } })).toBe(false);
  });

  test('tells its facts and relations', () => {
    const condition: Condition = {
      all: [
        yes,
        { any: [{ fact: 'name', operator: 'equal', value: { fact: 'account.name' } }] },
        { not: { some: { relation: 'lines', where: { fact: 'owner_id', operator: 'equal', value: { fact: 'actor.id' } } } } },
        {
          every: {
            relation: 'lines',
            where: { none: { relation: 'parts', where: { fact: 'due', operator: 'lessThan', value: { fact: 'today' } } } },
          },
        },
        { some: { relation: 'notes' } },
      ],
    };
    expect(factsOf(condition)).toEqual([
      'active',
      'name',
      'account.name',
      'lines.owner_id',
      'actor.id',
      'lines.parts.due',
      'today',
    ]);
    expect(relationsOf(condition)).toEqual(['lines', 'lines.parts', 'notes']);
  });
});

describe('text', () => {
  const text = fc.string({ unit: 'binary', maxLength: 6 });

  test('is ordered as the bytes of UTF-8', () => {
    fc.assert(
      fc.property(text, text, (left, right) =>
        expect(Math.sign(compareText(left, right))).toBe(Buffer.from(left).compare(Buffer.from(right))),
      ),
      {
        numRuns: 2000,
      },
    );
    expect(compareText('a\u{1f600}', 'a\u{1f601}')).toBeLessThan(0);
    expect(compareText('a', 'ab')).toBeLessThan(0);
  });

  test('folds to the same whatever stands around a letter', () => {
    fc.assert(
      fc.property(text, text, (left, right) => expect(fold(left + right)).toBe(fold(left) + fold(right))),
      { numRuns: 2000 },
    );
    expect(fold('ΑΣ') + fold('Α')).toBe(fold('ΑΣΑ'));
  });
});
