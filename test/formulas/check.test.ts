// What a formula may say: kinds are checked when it is saved, and every mistake is told in words that help.
import { describe, expect, test } from '@jest/globals';
import Big from 'big.js';
import { checkFormula } from '../../server/formulas/check.ts';
import { evaluateFormula } from '../../server/formulas/evaluate.ts';
import { type FormulaValue, formulaKind, formulaValue } from '../../server/formulas/kinds.ts';
import { pathsOf } from '../../server/formulas/tree.ts';
import { fieldKinds } from './random-formulas.ts';

const scope = {
  kindOf: (path: string) => {
    if (path === 'extra') return null;
    const kind = Object.hasOwn(fieldKinds, path) ? fieldKinds[path] : undefined;
    return kind === undefined ? undefined : (formulaKind(kind) ?? null);
  },
  names: Object.keys(fieldKinds),
};

function issue(text: string): string {
  const result = checkFormula(text, scope);
  return 'issue' in result ? result.issue.detail : `fine: ${result.formula.kind}`;
}

function value(text: string, record: Readonly<Record<string, unknown>> = {}): unknown {
  const result = checkFormula(text, scope);
  if ('issue' in result) throw new Error(result.issue.detail);
  const found: FormulaValue = evaluateFormula(result.formula, (path) => formulaValue(record[path], fieldKinds[path] ?? 'text'));
  return found instanceof Big ? found.toFixed() : found;
}

describe('a formula that cannot be', () => {
  test.each([
    ['', 'The formula is empty.'],
    ['n1 +', /cannot be read at character 5/],
    ['n1 = 2', /Two values are compared with "=="/],
    ['n1 n2', /operator missing/],
    ['n3 + 1', 'There is no field "n3". Did you mean "n1"?'],
    ['extra', '"extra" cannot be used in a formula.'],
    ['SUMM(n1)', /There is no function "SUMM"/],
    ['LEN', 'There is no field "LEN". LEN is a function: it is called with parentheses.'],
    ['n1 + t1', /"\+" does not take \(number, text\)\. It takes number \+ number, text \+ text/],
    ['IF(n1, 1, 2)', 'IF takes boolean as value 1, not number.'],
    ['IF(b1, 1, "x")', 'IF takes number as value 3, not text.'],
    ['ROUND(n1, 2, 3)', 'ROUND takes at most 2 values.'],
    ['LEFT(t1)', 'LEFT takes at least 2 values.'],
    ['SWITCH(t1, "a", 1, "b", 2)', /further values in groups of 2/],
    ['TODAY()', /changes by itself/],
    ['n1 + 1e5', /exponents/],
    ['t1[0]', /named with a dot/],
    ['[1, 2]', /is not understood/],
    ['this', /is not understood|no field/],
    ['constructor', /There is no field "constructor"/],
    ['"a".constructor("x")', /no function|named with a dot|no field/],
    ['"\0"', /cannot be stored/],
    [`${'('.repeat(100)}1${')'.repeat(100)} + ${'-'.repeat(70)}1`, /nests at most/],
    [Array.from({ length: 400 }, () => 'n1').join('+'), /at most 500 parts|nests at most/],
    ['x'.repeat(5000), /at most 4000 characters/],
  ])('%.60s', (text, wanted) => {
    if (typeof wanted === 'string') expect(issue(text)).toBe(wanted);
    else expect(issue(text)).toMatch(wanted);
  });
});

describe('the value of a formula', () => {
  test.each([
    ['0.1 + 0.2', {}, '0.3'],
    ['n1 * n2', { n1: '3', n2: '19.99' }, '59.97'],
    ['n1 / n2', { n1: '1', n2: '3' }, '0.3333333333'],
    ['n1 / n2', { n1: '1', n2: '0' }, null],
    ['i1 / 2', { i1: 1 }, '0.5'],
    ['ROUND(n1, 1)', { n1: '-0.25' }, '-0.3'],
    ['n1 + n2', { n1: '1' }, null],
    ['COALESCE(n1, 0) + COALESCE(n2, 0)', { n1: '1' }, '1'],
    ['t1 + " " + t2', { t1: 'Ada' }, 'Ada '],
    ['JOIN(" ", t1, t2)', { t1: 'Ada' }, 'Ada'],
    ['n1 > 5 ? "big" : "small"', { n1: '7' }, 'big'],
    ['n1 > 5 ? "big" : "small"', {}, 'small'],
    ['b1 && (n1 > 1)', { n1: '0' }, false],
    ['b1 && (n1 > 1)', { n1: '2' }, null],
    ['LEN("😀é")', {}, '2'],
    ['ADDMONTHS(d1, 1)', { d1: '2024-01-31' }, '2024-02-29'],
    ['DAYS(d1, d2)', { d1: '2024-02-28', d2: '2024-03-01' }, '2'],
    ['DATE(2023, 2, 29)', {}, null],
    ['SWITCH(t1, "a", 1, "b", 2, 0)', { t1: 'b' }, '2'],
    ['INCLUDES(s1, "x")', { s1: ['x'] }, true],
    ['ISBLANK(t1)', { t1: '' }, true],
  ])('%s of %j is %j', (text, record, wanted) => {
    expect(value(text, record)).toBe(wanted);
  });
});

test('the paths that a formula reads', () => {
  const result = checkFormula('IF(b1, n1 * n2, n1)', scope);
  expect('formula' in result && pathsOf(result.formula)).toEqual(['b1', 'n1', 'n2']);
});
