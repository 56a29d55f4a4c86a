// Options that a formula's text names are found at their places, whatever stands around them.
import { describe, expect, test } from '@jest/globals';
import { literalsInText } from '../../server/formulas/literals-in-text.ts';

const found = (text: string) =>
  literalsInText(text).map(({ path, value, start }) => {
    expect(text.slice(start, start + value.length)).toBe(value);
    return [path, value];
  });

describe('the texts that a formula compares', () => {
  test('are those of ==, != and their turn, in the order in which they stand', () => {
    expect(found('stage == "won" || "lost" != stage ? "won" : state')).toEqual([
      ['stage', 'won'],
      ['stage', 'lost'],
    ]);
    expect(found('!(address.kind == \'home\') && name == "home"')).toEqual([
      ['address.kind', 'home'],
      ['name', 'home'],
    ]);
  });

  test('are the cases of SWITCH, not their results, and what INCLUDES looks for', () => {
    expect(found('SWITCH(period, "year", 12, "quarter", "three", "rest")')).toEqual([
      ['period', 'year'],
      ['period', 'quarter'],
    ]);
    expect(found('INCLUDES(labels, "vip") ? CONCAT("vip", "!") : -SWITCH(kind, "a", 1, 0)')).toEqual([
      ['labels', 'vip'],
      ['kind', 'a'],
    ]);
  });

  test('are none where the text is no formula, names no path, or is written with escapes', () => {
    expect(found('stage == "won')).toEqual([]);
    expect(found('LEN(stage) == "won"')).toEqual([]);
    expect(found('name == "say \\"hi\\"" && stage == "won"')).toEqual([['stage', 'won']]);
  });
});
