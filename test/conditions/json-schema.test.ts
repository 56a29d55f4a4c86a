// Where a condition becomes a JSON Schema, the schema accepts exactly the records for which the condition holds.
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { conditionJsonSchema } from '../../server/conditions/json-schema.ts';
import { testCondition } from '../../server/conditions/test.ts';
import type { Condition } from '../../server/conditions/tree.ts';
import { fields, row, tree } from './random-conditions.ts';

const expressible = ['name', 'title', 'score', 'rank', 'active', 'due', 'tags'];
const kindOf = (fact: string) => fields[fact];
const ajv = new Ajv({ strict: false });
const meets = (schema: object, record: object): boolean => ajv.compile(schema)(record) as boolean;

describe('the schema of a condition', () => {
  test('accepts a record exactly when the condition holds, also when fields are missing', () => {
    let emitted = 0;
    fc.assert(
      fc.property(row, fc.subarray(Object.keys(fields)), tree(expressible, { facts: 'none' }), (full, missing, condition) => {
        const record = Object.fromEntries(Object.entries(full).filter(([name]) => !missing.includes(name)));
        const schema = conditionJsonSchema(condition, kindOf);
        if (schema === undefined) return;
        emitted += 1;
        expect({ condition, holds: meets(schema, record) }).toEqual({
          condition,
          holds: testCondition(condition, (fact) => record[fact], kindOf),
        });
      }),
      { numRuns: 1500 },
    );
    expect(emitted).toBeGreaterThan(500);
  });

  test('is draft-07 without an unknown keyword', () => {
    const strict = new Ajv({ strict: true, strictTypes: false, strictRequired: false });
    const condition = {
      all: [
        { fact: 'name', operator: 'startsWith', value: 'a.b' },
        { not: { fact: 'tags', operator: 'hasAll', value: ['x'] } },
        { fact: 'score', operator: 'between', value: [1, 2] },
      ],
    };
    const schema = conditionJsonSchema(condition, kindOf) as object;
    expect(strict.compile(schema)({ name: 'a.bc', tags: [], score: 2 })).toBe(true);
    expect(strict.compile(schema)({ name: 'axbc', tags: [], score: 2 })).toBe(false);
  });

  test.each<[string, Condition]>([
    ['a decimal', { fact: 'amount', operator: 'equal', value: '1' }],
    ['the order of dates', { fact: 'due', operator: 'lessThan', value: '2024-01-01' }],
    ['the order of texts', { fact: 'name', operator: 'lessThan', value: 'b' }],
    ['an instant', { fact: 'seen_at', operator: 'equal', value: '2024-01-01T00:00:00Z' }],
    ['an id', { fact: 'owner_id', operator: 'equal', value: '01890000-0000-7000-8000-000000000001' }],
    ['any case', { fact: 'name', operator: 'iContains', value: 'b' }],
    ['another field', { fact: 'name', operator: 'equal', value: { fact: 'title' } }],
    ['a related record', { fact: 'account.name', operator: 'equal', value: 'x' }],
    ['the clock', { fact: 'today', operator: 'equal', value: '2024-01-01' }],
    ['a quantifier', { some: { relation: 'children' } }],
    ['an unknown fact', { fact: 'nothing', operator: 'equal', value: 'x' }],
    ['an operand of another kind', { fact: 'name', operator: 'equal', value: 3 }],
    ['a fraction of a whole number', { fact: 'score', operator: 'lessThan', value: 1.5 }],
    ['an empty list', { fact: 'tags', operator: 'hasAny', value: [] }],
    [
      'one inexpressible part among others',
      {
        all: [
          { fact: 'active', operator: 'isEmpty' },
          { fact: 'amount', operator: 'equal', value: '1' },
        ],
      },
    ],
    ['the negation of one', { not: { fact: 'amount', operator: 'equal', value: '1' } }],
    ['a choice with one', { any: [{ fact: 'amount', operator: 'equal', value: '1' }] }],
  ])('does not pretend to express %s', (_, condition) => {
    expect(conditionJsonSchema(condition, (fact) => fields[fact] ?? (fact.includes('.') ? 'text' : undefined))).toBeUndefined();
  });
});
