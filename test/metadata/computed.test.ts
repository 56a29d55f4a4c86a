// Formulas and roll-ups in entity files: what they read exists and fits, and every mistake is told at its place.
import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../support/metadata.ts';

const books = 'entities/books.entity.json';
const branches = 'entities/branches.entity.json';
const label = { en: 'Worked out', ar: 'محسوب' };
const formula = (expression: string, returns = 'decimal', more: object = {}) => ({
  id: 'fld_extra_a',
  type: 'formula',
  label,
  expression,
  returns,
  ...more,
});
const rollup = (settings: object) => ({ id: 'fld_extra_b', type: 'rollup', label, ...settings });

/** The findings of one more field, below it. */
async function found(file: string, field: object): Promise<readonly (readonly [string, string])[]> {
  const findings = await findingsOf({ [file]: { '/fields/extra': field } });
  return findings.map(([place, message]) => [place.replace(`${file} /fields/extra`, ''), message] as const);
}

describe('a formula', () => {
  test('that reads what is there and results in its type is fine', async () => {
    expect(await found(books, formula('pages / 2 + COALESCE(weight, 0)'))).toEqual([]);
    expect(await found(books, formula('title + " (" + COALESCE(isbn, "?") + ")"', 'text'))).toEqual([]);
    expect(await found(branches, formula('address.city == "Oslo"', 'boolean'))).toEqual([]);
  });

  test.each([
    ['pagse * 2', 'decimal', '/expression', 'There is no field "pagse". Did you mean "pages"?'],
    ['pages * title', 'decimal', '/expression', '* takes number as value 2, not text.'],
    ['details', 'text', '/expression', '"details" cannot be used in a formula.'],
    ['version + 1', 'decimal', '/expression', /^There is no field "version"/],
    ['TODAY()', 'date', '/expression', /^TODAY\(\) changes by itself/],
    ['title', 'decimal', '/returns', 'The formula results in text, which a field of type decimal does not hold.'],
    ['null', 'decimal', '/returns', 'The formula results in nothing, which a field of type decimal does not hold.'],
  ])('%s as %s is not', async (expression, returns, place, message) => {
    const wanted = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(await found(books, formula(expression, returns))).toEqual([[place, wanted]]);
  });

  test('takes nothing that a value must be given for', async () => {
    expect(await found(books, formula('pages', 'decimal', { required: true }))).toEqual([
      ['/required', 'A value that is worked out takes no "required".'],
    ]);
    expect(await found(books, formula('pages', 'decimal', { converted: true }))).toEqual([
      ['/converted', 'Only an amount of money takes "converted".'],
    ]);
    expect(await found(books, formula('pages', 'money', { currencyFrom: 'title' }))).toEqual([
      ['/currencyFrom', '"title" is no currency field.'],
    ]);
  });

  test('compares a choice with its options only', async () => {
    expect(await found(books, formula('format == "hardcover" ? 1 : 0'))).toEqual([]);
    expect(await found(books, formula('format == "hardcove" ? 1 : 0'))).toEqual([
      ['/expression', '"hardcove" is no option of format. Did you mean "hardcover"?'],
    ]);
  });

  test('is not worked out from itself, over however many others', async () => {
    const findings = await findingsOf({
      [books]: {
        '/fields/one': { ...formula('two + 1'), id: 'fld_one' },
        '/fields/two': { ...formula('one + 1'), id: 'fld_two' },
      },
    });
    expect(findings).toEqual([[`${books} /fields/one`, 'It would be worked out from itself: one ← two ← one.']]);
  });
});

describe('a roll-up', () => {
  const sum = { relation: 'loans', function: 'sum', field: 'renewals', returns: 'integer' };

  test('over related records, by their own fields, is fine', async () => {
    expect(await found(books, rollup({ relation: 'loans', function: 'count' }))).toEqual([]);
    const filter = { fact: 'status', operator: 'equal', value: 'out' };
    expect(await found(books, rollup({ ...sum, filter }))).toEqual([]);
    expect(await found(books, rollup({ ...sum, function: 'max', field: 'due_on', returns: 'date' }))).toEqual([]);
  });

  test.each([
    [{ ...sum, relation: 'lones' }, '/relation', 'books has no to-many relation "lones". Did you mean "loans"?'],
    [{ ...sum, relation: 'branch' }, '/relation', /^books has no to-many relation "branch"/],
    [{ ...sum, field: 'renewal' }, '/field', 'loans has no field "renewal". Did you mean "renewals"?'],
    [{ ...sum, field: 'due_on' }, '/field', 'A field of type date has no sum.'],
    [{ ...sum, function: 'max', field: 'due_on' }, '/returns', 'The max of a field of type date is not of type integer.'],
    [{ relation: 'loans', function: 'sum' }, '', 'This roll-up needs "field".'],
    [{ relation: 'loans', function: 'count', scale: 2 }, '/scale', 'A count takes no "scale".'],
    [{ ...sum, filter: { fact: 'member.name', operator: 'equal', value: 'x' } }, '/filter/fact', /member\.name/],
    [{ ...sum, filter: { fact: 'actor.id', operator: 'isEmpty', value: false } }, '/filter/fact', /actor\.id/],
  ])('%j is not', async (settings, place, message) => {
    const wanted = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(await found(books, rollup(settings))).toContainEqual([place, wanted]);
  });

  test('adds no amounts of several currencies, and drops no digits', async () => {
    const cost = { relation: 'books', function: 'sum', field: 'replacement_cost', returns: 'money' };
    expect(await found(branches, rollup(cost))).toEqual([
      ['/field', 'Amounts of several currencies are not added up: books.replacement_cost needs "converted": true.'],
    ]);
    const weight = { relation: 'books', function: 'sum', field: 'weight', returns: 'decimal', scale: 2 };
    expect(await found(branches, rollup(weight))).toEqual([
      ['/scale', 'The sum needs as many digits after the point as books.weight.'],
    ]);
  });

  test('in the currency of its record is one over amounts that take theirs from there', async () => {
    const currency = { id: 'fld_currency', type: 'currency', label };
    const cost = { relation: 'books', function: 'sum', field: 'replacement_cost', returns: 'money', currencyFrom: 'currency' };
    const add = (from: object) =>
      findingsOf({
        [branches]: { '/fields/currency': currency, '/fields/extra': rollup(cost) },
        [books]: { '/fields/replacement_cost': { id: 'fld_books_replacement_cost', type: 'money', label, ...from } },
      });
    expect(await add({ currencyFrom: 'branch.currency' })).toEqual([]);
    const [place, detail] = [
      `${branches} /fields/extra/currencyFrom`,
      'books.replacement_cost must be in the currency of its branch: it needs "currencyFrom" with the same field.',
    ];
    expect(await add({})).toEqual([[place, detail]]);
    expect(await add({ converted: true })).toEqual([[place, detail]]);
    expect(await add({ currencyFrom: 'branch.name' })).toContainEqual([
      `${books} /fields/replacement_cost/currencyFrom`,
      '"branch.name" is no currency field.',
    ]);
    expect(await add({ currencyFrom: 'branch.currency', currency: 'USD' })).toContainEqual([
      `${books} /fields/replacement_cost/currencyFrom`,
      'Give "currency" or "currencyFrom", not both.',
    ]);
  });

  test('over records of its own kind is not worked out from itself', async () => {
    const parent = {
      ...{ id: 'rel_books_parent', kind: 'belongsTo', entity: 'books', field: 'parent_id', onDelete: 'detach' },
      ...{ label, inverse: 'parts', inverseLabel: label },
    };
    const total = rollup({ relation: 'parts', function: 'sum', field: 'own', returns: 'decimal' });
    const own = { ...formula('COALESCE(pages, 0) + COALESCE(total, 0)'), id: 'fld_own' };
    expect(await findingsOf({ [books]: { '/relations/parent': parent, '/fields/total': total, '/fields/own': own } })).toEqual([
      [`${books} /fields/total`, 'It would be worked out from itself: total ← own ← total.'],
    ]);
  });
});
