// Conditions from outside: everything wrong is found at once, with pointers and sentences; the rest comes back canonical.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkCondition, maxConditionParts, type Vocabulary } from '../../server/conditions/check.ts';
import { maxOperandValues } from '../../server/conditions/operand.ts';
import { operatorByAlias, operatorByName, operators, operatorsFor } from '../../server/conditions/operators.ts';
import { maxConditionDepth } from '../../server/conditions/tree.ts';
import { fields, tree } from './random-conditions.ts';

const names = Object.keys(fields);
const vocabulary: Vocabulary = {
  facts: [...names, 'stage'],
  describe: (fact) => {
    if (fact === 'stage') return { kind: 'text', options: ['open', 'won'] };
    if (fact === 'actor.id') return { kind: 'id' };
    if (fact === 'actor.teams') return { kind: 'set' };
    const kind = Object.hasOwn(fields, fact) ? fields[fact] : undefined;
    return kind && { kind };
  },
  relations: ['children'],
  related: (relation) => (relation === 'children' ? vocabulary : undefined),
};
const check = (input: unknown) => checkCondition(input, vocabulary);
const found = (input: unknown) => {
  const result = check(input);
  return 'issues' in result ? result.issues.map(({ pointer, code }) => `${pointer} ${code}`) : result.condition;
};
const sentence = (input: unknown) => {
  const result = check(input);
  return 'issues' in result ? result.issues.map(({ detail }) => detail).join(' ') : '';
};
const leaf = (fact: string, operator: string, value: unknown) => ({ fact, operator, value });

describe('a checked condition', () => {
  test.each([
    ['a decimal becomes a plain string', leaf('amount', 'equal', 1.5), leaf('amount', 'equal', '1.5')],
    ['a decimal keeps every digit', leaf('amount', 'in', ['9007199254740993']), leaf('amount', 'in', ['9007199254740993'])],
    ['digits become a whole number', leaf('score', 'between', ['1', 2]), leaf('score', 'between', [1, 2])],
    ['true may be spelled', leaf('active', 'equal', 'true'), leaf('active', 'equal', true)],
    [
      'an instant becomes UTC',
      leaf('seen_at', 'lessThan', '2024-01-01T02:00:00+02:00'),
      leaf('seen_at', 'lessThan', '2024-01-01T00:00:00.000Z'),
    ],
    ['a time gets its seconds', leaf('opens', 'equal', '09:30'), leaf('opens', 'equal', '09:30:00')],
    [
      'an id is lower-cased',
      leaf('owner_id', 'equal', '01890000-0000-7000-8000-00000000000A'),
      leaf('owner_id', 'equal', '01890000-0000-7000-8000-00000000000a'),
    ],
    ['text becomes NFC', leaf('name', 'equal', 'e\u0301'), leaf('name', 'equal', 'é')],
    ['isEmpty means true', { fact: 'name', operator: 'isEmpty' }, leaf('name', 'isEmpty', true)],
    ['isEmpty may be spelled', leaf('name', 'isEmpty', 'false'), leaf('name', 'isEmpty', false)],
    ['a fact of the same kind', leaf('owner_id', 'equal', { fact: 'actor.id' }), leaf('owner_id', 'equal', { fact: 'actor.id' })],
    [
      'a whole number and a decimal',
      leaf('score', 'lessThan', { fact: 'amount' }),
      leaf('score', 'lessThan', { fact: 'amount' }),
    ],
    [
      'membership in a list of the actor',
      leaf('team_id', 'in', { fact: 'actor.teams' }),
      leaf('team_id', 'in', { fact: 'actor.teams' }),
    ],
    ['an option', leaf('stage', 'notIn', ['won']), leaf('stage', 'notIn', ['won'])],
    ['a quantifier', { some: { relation: 'children' } }, { some: { relation: 'children' } }],
    [
      'quantifiers in each other',
      { none: { relation: 'children', where: { every: { relation: 'children', where: leaf('name', 'equal', 'x') } } } },
      { none: { relation: 'children', where: { every: { relation: 'children', where: leaf('name', 'equal', 'x') } } } },
    ],
  ])('%s', (_, input, expected) => {
    expect(found(input)).toEqual(expected);
  });

  test('that has been checked checks again to itself', () => {
    fc.assert(
      fc.property(tree(names, { facts: 'fitting', relation: 'children' }), (condition) => {
        const once = check(condition);
        expect(once).toHaveProperty('condition');
        if ('condition' in once) expect(check(once.condition)).toEqual(once);
      }),
    );
  });
});

describe('a wrong condition', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['no object', 'x', [' condition']],
    ['null', null, [' condition']],
    ['a list', [], [' condition']],
    ['an empty object', {}, [' condition']],
    ['two kinds at once', { all: [], any: [] }, [' condition']],
    ['an unknown kind', { some_of: [] }, ['/some_of condition']],
    ['an unknown kind with a slash', { 'a/~b': [] }, ['/a~1~0b condition']],
    ['an empty all', { all: [] }, ['/all empty']],
    ['an empty any deep inside', { not: { all: [{ any: [] }] } }, ['/not/all/0/any empty']],
    ['any that is no list', { any: {} }, ['/any empty']],
    ['an unknown fact', leaf('nmae', 'equal', 'x'), ['/fact unknown_fact']],
    ['a fact that is no text', { fact: 3, operator: 'equal' }, ['/fact unknown_fact']],
    ['a fact from the prototype', leaf('constructor', 'equal', 'x'), ['/fact unknown_fact']],
    ['a strange fact', leaf('__proto__', 'equal', 'x'), ['/fact unknown_fact']],
    ['an unknown operator', leaf('name', 'equals', 'x'), ['/operator unknown_operator']],
    ['no operator', { fact: 'name', value: 'x' }, ['/operator unknown_operator']],
    ['an operator of another kind', leaf('active', 'lessThan', true), ['/operator unknown_operator']],
    ['a further key', { ...leaf('name', 'equal', 'x'), path: '$.x' }, [' condition']],
    ['no operand', { fact: 'name', operator: 'equal' }, ['/value operand']],
    ['null as operand', leaf('name', 'equal', null), ['/value operand']],
    ['a date that does not exist', leaf('due', 'equal', '2023-02-29'), ['/value operand']],
    ['a date-time without offset', leaf('seen_at', 'equal', '2024-01-01T00:00:00'), ['/value operand']],
    ['a number for text', leaf('name', 'equal', 3), ['/value operand']],
    ['NUL', leaf('name', 'equal', 'a\0'), ['/value operand']],
    ['half a surrogate pair', leaf('name', 'equal', '\ud800'), ['/value operand']],
    ['a whole number with a fraction', leaf('score', 'equal', 1.5), ['/value operand']],
    ['a whole number beyond 64 bits', leaf('score', 'equal', '9223372036854775808'), ['/value operand']],
    ['no option', leaf('stage', 'equal', 'lost'), ['/value option']],
    ['one of two that is no option', leaf('stage', 'in', ['won', 'lost']), ['/value/1 option']],
    ['no list', leaf('name', 'in', 'x'), ['/value operand']],
    ['a range of one', leaf('score', 'between', [1]), ['/value operand']],
    ['a range that is no list', leaf('score', 'between', 1), ['/value operand']],
    ['a range of a fact', leaf('score', 'between', { fact: 'rank' }), ['/value operand']],
    ['two wrong bounds', leaf('score', 'between', ['a', null]), ['/value/0 operand', '/value/1 operand']],
    ['isEmpty maybe', leaf('name', 'isEmpty', 'maybe'), ['/value operand']],
    [
      'too many values',
      leaf(
        'score',
        'in',
        Array.from({ length: maxOperandValues + 1 }, (_, at) => at),
      ),
      ['/value too_many'],
    ],
    ['an unknown fact as operand', leaf('name', 'equal', { fact: 'titel' }), ['/value/fact unknown_fact']],
    ['a strange fact as operand', leaf('name', 'equal', { fact: '__proto__' }), ['/value/fact unknown_fact']],
    ['a fact of another kind', leaf('name', 'equal', { fact: 'score' }), ['/value/fact operand']],
    ['a list of another kind', leaf('score', 'in', { fact: 'tags' }), ['/value/fact operand']],
    ['a single fact as list', leaf('name', 'in', { fact: 'title' }), ['/value/fact operand']],
    ['an unknown relation', { some: { relation: 'childs' } }, ['/some/relation unknown_relation']],
    ['a relation that is no text', { some: { relation: 1 } }, ['/some/relation unknown_relation']],
    ['a quantifier that is no object', { every: [] }, ['/every condition']],
    ['a quantifier with more', { every: { relation: 'children', limit: 1 } }, ['/every condition']],
    [
      'something wrong in a quantifier',
      { every: { relation: 'children', where: leaf('x', 'equal', 1) } },
      ['/every/where/fact unknown_fact'],
    ],
  ])('is refused: %s', (_, input, expected) => {
    expect(found(input)).toEqual(expected);
  });

  test('is refused with everything that is wrong in it', () => {
    expect(
      found({ all: [leaf('nmae', 'equal', 'x'), { any: [leaf('name', 'like', 'x'), leaf('score', 'equal', 'x')] }] }),
    ).toEqual(['/all/0/fact unknown_fact', '/all/1/any/0/operator unknown_operator', '/all/1/any/1/value operand']);
  });

  test('is refused when it nests deeper than allowed, and not one level before', () => {
    const nested = (depth: number): unknown => (depth === 1 ? leaf('name', 'equal', 'x') : { not: nested(depth - 1) });
    expect(check(nested(maxConditionDepth))).toHaveProperty('condition');
    expect(found(nested(maxConditionDepth + 1))).toEqual([`${'/not'.repeat(maxConditionDepth)} too_deep`]);
  });

  test('is refused once when it has too many parts', () => {
    const many = { any: Array.from({ length: maxConditionParts + 5 }, () => leaf('name', 'equal', 'x')) };
    expect(found(many)).toEqual([`/any/${maxConditionParts - 1} too_many`]);
  });

  test('is answered with the name that was probably meant', () => {
    expect(sentence(leaf('nmae', 'equal', 'x'))).toContain('Did you mean "name"?');
    expect(sentence(leaf('name', 'equals', 'x'))).toContain('Did you mean "equal"?');
    expect(sentence(leaf('name', 'equal', { fact: 'titel' }))).toContain('Did you mean "title"?');
    expect(sentence({ some: { relation: 'childern' } })).toContain('Did you mean "children"?');
    expect(sentence({ alll: [] })).toContain('Did you mean "all"?');
    expect(sentence(leaf('stage', 'equal', 'lost'))).toContain('open, won');
    expect(sentence(leaf('entirely_different', 'equal', 'x'))).not.toContain('mean');
  });

  test('never throws, whatever it is', () => {
    fc.assert(fc.property(fc.anything(), (input) => void check(input)));
    fc.assert(fc.property(fc.anything(), (value) => void check(leaf('name', 'in', value))));
  });
});

describe('the operator table', () => {
  test('has each name and each alias once, and finds each by both', () => {
    for (const operator of operators) {
      expect(operatorByName(operator.name)).toBe(operator);
      expect(operatorByAlias(operator.alias)).toBe(operator);
      expect(operator.label.en).not.toBe('');
      expect(operator.label.ar).toMatch(/\p{Script=Arabic}/u);
    }
    expect(operatorByName('toString')).toBeUndefined();
    expect(operatorByAlias('__proto__')).toBeUndefined();
  });

  test('offers each kind what makes sense for it', () => {
    expect(operatorsFor('json').map(({ name }) => name)).toEqual(['isEmpty']);
    expect(operatorsFor('set').map(({ name }) => name)).toEqual(['has', 'hasAny', 'hasAll', 'isEmpty']);
    expect(operatorsFor('boolean').map(({ alias }) => alias)).toEqual(['eq', 'ne', 'in', 'nin', 'null']);
    expect(operatorsFor('decimal').map(({ alias }) => alias)).toEqual([
      'eq',
      'ne',
      'lt',
      'lte',
      'gt',
      'gte',
      'between',
      'in',
      'nin',
      'null',
    ]);
    expect(operatorsFor('text').length).toBe(operators.length - 3);
  });
});
