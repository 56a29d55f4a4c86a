// Reading JSON with the line of every value: the same values as JSON.parse, and a place for what is wrong.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readJson } from '../../server/metadata/json-text.ts';

const parsed = (source: string): unknown => {
  const read = readJson(source);
  if ('error' in read) throw new Error(read.error.message);
  return read.value;
};
const errorOf = (source: string): unknown => {
  const read = readJson(source);
  return 'error' in read ? read.error : undefined;
};

describe('reading JSON', () => {
  test('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const source = JSON.stringify(JSON.parse(text), null, indent);
        expect(parsed(source)).toEqual(JSON.parse(source));
      }),
    );
  });

  test('refuses exactly what JSON.parse refuses', () => {
    const parses = (source: string): boolean => {
      try {
        JSON.parse(source);
        return true;
      } catch {
        return false;
      }
    };
    const source = fc
      .array(fc.constantFrom(...'{}[]:,"\\/ \n0123-+.eEtrufalsn\u0001é'), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(source, (text) => expect(errorOf(text) === undefined).toBe(parses(text))),
      { numRuns: 2000 },
    );
  });

  test('remembers the line of every value, whatever ends the lines', () => {
    for (const end of ['\n', '\r\n']) {
      const read = readJson(['{', '  "a": [', '    1,', '    { "b/c": 2 }', '  ],', '  "d": 3', '}'].join(end));
      expect('lines' in read && [...read.lines]).toEqual([
        ['', 1],
        ['/a', 2],
        ['/a/0', 3],
        ['/a/1', 4],
        ['/a/1/b~1c', 4],
        ['/d', 6],
      ]);
    }
  });

  test('says where it breaks off and what was expected', () => {
    expect(errorOf('{\n  "a": 1,\n}')).toEqual({ line: 3, column: 1, message: 'Expected a text in double quotes, found "}".' });
    expect(errorOf('{ "a" 1 }')).toEqual({ line: 1, column: 7, message: 'Expected ":" after the key "a", found "1".' });
    expect(errorOf('[1 2]')).toEqual({ line: 1, column: 4, message: 'Expected "," or "]", found "2".' });
    expect(errorOf('{ "a": 1 "b": 2 }')).toEqual({ line: 1, column: 10, message: 'Expected "," or "}", found "\\"".' });
    expect(errorOf('{ "a": ')).toEqual({ line: 1, column: 8, message: 'Expected a value, found the end of the file.' });
    expect(errorOf("{ 'a': 1 }")).toEqual({ line: 1, column: 3, message: 'Expected a text in double quotes, found "\'".' });
    expect(errorOf('{} {}')).toEqual({ line: 1, column: 4, message: 'Expected the end of the file, found "{".' });
    expect(errorOf('')).toEqual({ line: 1, column: 1, message: 'Expected a value, found the end of the file.' });
  });

  test('names keys that stand twice, which JSON.parse would drop', () => {
    const read = readJson('{ "a": { "b": 1, "c": 2, "b": 3 } }');
    expect('twice' in read && read.twice).toEqual(['/a/b']);
  });

  test('skips a byte order mark', () => {
    expect(parsed('\uFEFF{ "a": 1 }')).toEqual({ a: 1 });
  });

  test('keeps __proto__ a key like any other', () => {
    const value = parsed('{ "__proto__": { "polluted": true } }');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(Reflect.get(value as object, 'polluted')).toBeUndefined();
  });

  test('stops at a depth that no metadata has', () => {
    expect(errorOf('['.repeat(100_000))).toEqual({ line: 1, column: 66, message: 'Nested deeper than 64 levels.' });
    expect(errorOf('['.repeat(64) + ']'.repeat(64))).toBeUndefined();
  });
});
