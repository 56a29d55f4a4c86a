// JSON from outside, read strictly.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maxJsonDepth, parseStrictJson } from '../../server/http/strict-json.ts';
import { Problem } from '../../server/problem.ts';

const refusal = (text: string): string | undefined => {
  try {
    parseStrictJson(text);
  } catch (error) {
    if (error instanceof Problem && error.code === 'malformed_json') return error.detail;
    throw error;
  }
  return undefined;
};

describe('strict JSON', () => {
  test('any JSON value comes back as JSON.parse gives it', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5 }).filter((value) => !JSON.stringify(value).includes('"__proto__":')),
        (value) => {
          const text = JSON.stringify(value, undefined, 1);
          expect(parseStrictJson(text)).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  test('a key twice in one object is refused, in two objects or a string it is not', () => {
    expect(refusal('{"a":1,"a":2}')).toContain('twice');
    expect(refusal('[{"b":{"a":1,"\\u0061":2}}]')).toContain('twice');
    expect(refusal('[{"a":1},{"a":"\\":\\\\"}]')).toBeUndefined();
  });

  test('__proto__ is refused as a key at any depth, not as a value', () => {
    expect(refusal('{"__proto__":{}}')).toContain('__proto__');
    expect(refusal('{"a":[{"\\u005f_proto__":1}]}')).toContain('__proto__');
    expect(refusal('{"a":"__proto__"}')).toBeUndefined();
  });

  test('nesting has a bound, and brackets in strings do not count', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(refusal(nested(maxJsonDepth))).toBeUndefined();
    expect(refusal(nested(maxJsonDepth + 1))).toContain(`${maxJsonDepth} levels`);
    expect(refusal('['.repeat(5_000_000))).toContain('levels');
    expect(refusal(`"${'['.repeat(1_000)}"`)).toBeUndefined();
  });

  test.each(['', '{', '{"a"}', "{'a':1}", '[1,]', 'NaN', '1 2', '\ufeff{}', '"\u0001"'])('%j is refused', (text) => {
    expect(refusal(text)).toBeDefined();
  });
});
