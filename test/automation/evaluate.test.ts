// Rules: the prefilter and the engine agree, our operators are typed, and a rule that throws stands alone.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { equalityIndex } from '../../server/automation/equality-index.ts';
import { type CompiledRule, evaluate, type FactSet, type RuleSet } from '../../server/automation/evaluate.ts';
import { plainCondition } from '../../server/automation/quantifiers.ts';
import { runEngine } from '../../server/automation/rule-engine.ts';
import { testCondition } from '../../server/conditions/test.ts';
import type { Condition } from '../../server/conditions/tree.ts';
import type { ValueKind } from '../../server/conditions/value-kind.ts';
import type { RuleMetadata } from '../../server/metadata/types.ts';
import { fields, row, tree } from '../conditions/random-conditions.ts';

const factsFrom = (record: Readonly<Record<string, unknown>>, kinds: Readonly<Record<string, ValueKind>>): FactSet => ({
  value: (path) => record[path],
  kind: (path) => kinds[path],
});

const rule = (name: string, condition: Condition, priority = 1): RuleMetadata => ({
  name,
  priority,
  conditions: condition,
  event: { type: 'score.add', params: { points: 1, reason: name } },
});

function ruleSet(rules: readonly RuleMetadata[], facts: FactSet): RuleSet {
  const compiled = rules.map(
    (each, at): CompiledRule => ({ rule: each, key: String(at), priority: each.priority ?? 1, condition: each.conditions }),
  );
  return { index: equalityIndex(compiled, ({ condition }) => condition, facts.kind), broken: [] };
}

const kinds = { name: 'text', amount: 'decimal', size: 'integer', due: 'date', vip: 'boolean' } as const;

describe('the rules of a workflow', () => {
  test('the prefilter and the engine agree on random records and conditions', async () => {
    await fc.assert(
      fc.asyncProperty(row, tree(Object.keys(fields), { facts: 'any' }), async (record, condition) => {
        const facts = factsFrom(record, fields);
        const expected = testCondition(condition, facts.value, facts.kind);
        const confirmed = await runEngine([{ key: 'r', priority: 1, condition }], facts);
        expect(confirmed.has('r')).toBe(expected);
      }),
      { numRuns: 150 },
    );
  });

  test('come in order of priority, then of the file, each with why it holds', async () => {
    const facts = factsFrom({ name: 'Ada', amount: '10.00' }, kinds);
    const rules = [
      rule('last', { all: [{ fact: 'name', operator: 'equal', value: 'Ada' }] }, 1),
      rule(
        'first',
        { any: [{ fact: 'amount', operator: 'equal', value: '10' }, { not: { fact: 'name', operator: 'isEmpty' } }] },
        9,
      ),
      rule('no', { fact: 'name', operator: 'equal', value: 'Bob' }, 5),
      rule('second', { fact: 'name', operator: 'startsWith', value: 'A' }, 5),
    ];
    const { matched, failed } = await evaluate(ruleSet(rules, facts), facts);
    expect(matched.map((each) => each.rule.name)).toEqual(['first', 'second', 'last']);
    expect(failed).toEqual([]);
    expect(matched[0]?.why).toEqual({
      any: [
        { fact: 'amount', operator: 'equal', value: '10', result: true },
        { not: { fact: 'name', operator: 'isEmpty', value: null, result: false }, result: true },
      ],
      result: true,
    });
  });

  test('compare decimals as numbers and dates as dates, and take null for false', async () => {
    const facts = factsFrom({ amount: '9.5', due: '2026-01-31', size: null }, kinds);
    const holds = async (condition: Condition) => (await runEngine([{ key: 'r', priority: 1, condition }], facts)).has('r');
    expect(await holds({ fact: 'amount', operator: 'lessThan', value: '10' })).toBe(true);
    expect(await holds({ fact: 'due', operator: 'between', value: ['2026-01-01', '2026-02-01'] })).toBe(true);
    expect(await holds({ fact: 'size', operator: 'lessThan', value: 5 })).toBe(false);
    expect(await holds({ fact: 'size', operator: 'notEqual', value: 5 })).toBe(true);
    expect(await holds({ fact: 'nowhere', operator: 'equal', value: 5 })).toBe(false);
    expect(await holds({ fact: 'amount', operator: 'lessThan', value: { fact: 'size' } })).toBe(false);
  });

  test('a rule that throws does not keep the others from holding, and is told by name', async () => {
    const facts: FactSet = {
      kind: (path) => (path === 'size' ? 'integer' : 'text'),
      value: (path) => {
        if (path === 'size') throw new Error('the reader of "size" broke');
        return 'Ada';
      },
    };
    const rules = [
      rule('good', { fact: 'name', operator: 'equal', value: 'Ada' }),
      rule('bad', { fact: 'size', operator: 'greaterThan', value: 1 }),
      rule('good_too', { fact: 'name', operator: 'contains', value: 'd' }),
    ];
    const { matched, failed } = await evaluate(ruleSet(rules, facts), facts);
    expect(matched.map((each) => each.rule.name)).toEqual(['good', 'good_too']);
    expect(failed).toEqual([{ rule: 'bad', error: 'the reader of "size" broke' }]);
  });

  test('a condition on related records becomes one fact, and equal ones share it', async () => {
    const some: Condition = { some: { relation: 'orders', where: { fact: 'total', operator: 'greaterThan', value: '5' } } };
    const { condition, related } = plainCondition({
      all: [some, { not: some }, { fact: 'vip', operator: 'equal', value: true }],
    });
    expect([...related.values()]).toEqual([some]);
    const [name] = related.keys();
    expect(condition).toEqual({
      all: [
        { fact: name, operator: 'equal', value: true },
        { not: { fact: name, operator: 'equal', value: true } },
        { fact: 'vip', operator: 'equal', value: true },
      ],
    });
    await expect(runEngine([{ key: 'r', priority: 1, condition: some }], factsFrom({}, kinds))).rejects.toThrow(
      'related records',
    );
  });
});

describe('the equality index', () => {
  const conditionsOf: readonly (Condition | undefined)[] = [
    {
      all: [
        { fact: 'size', operator: 'greaterThan', value: 1 },
        { fact: 'name', operator: 'equal', value: 'Ada' },
      ],
    },
    { fact: 'vip', operator: 'equal', value: false },
    undefined,
    { any: [{ fact: 'name', operator: 'equal', value: 'Bob' }] },
    { fact: 'name', operator: 'equal', value: { fact: 'other' } },
    { fact: 'name', operator: 'equal', value: 'Bob' },
    { fact: 'amount', operator: 'equal', value: '1' },
  ];
  const index = equalityIndex(
    [0, 1, 2, 3, 4, 5, 6],
    (at) => conditionsOf[at],
    (path) => kinds[path as keyof typeof kinds],
  );

  test('leaves out what a needed equality rules out, and nothing else, in the first order', () => {
    expect(index.candidates(factsFrom({ name: 'Ada', vip: true }, kinds))).toEqual([0, 2, 3, 4, 6]);
    expect(index.candidates(factsFrom({ name: 'Bob', vip: false }, kinds))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(index.candidates(factsFrom({}, kinds))).toEqual([2, 3, 4, 6]);
  });
});
