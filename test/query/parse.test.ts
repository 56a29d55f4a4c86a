// List requests → list queries: what the words mean, and every mistake told with its place and the nearest right word.
import { describe, expect, test } from '@jest/globals';
import { Problem } from '../../server/problem.ts';
import type { ListQuery } from '../../server/query/ast.ts';
import { parseListBody, parseListQuery, parseReadQuery } from '../../server/query/parse.ts';
import { workshopRegistry } from '../repository/support/workshop.ts';

const registry = workshopRegistry();
const entity = (name: string) => {
  const found = registry.entities.get(name);
  if (found === undefined) throw new Error(name);
  return found;
};
const query = (text: string, name = 'samples'): ListQuery => parseListQuery(registry, entity(name), new URLSearchParams(text));
const body = (value: Record<string, unknown>): ListQuery => parseListBody(registry, entity('samples'), value);
const findings = (work: () => unknown): readonly (readonly [string, string])[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid_query')
      return error.errors.map(({ pointer, detail }) => [pointer, detail]);
    throw error;
  }
  return [];
};
const details = (text: string) => findings(() => query(text)).map(([, detail]) => detail);

describe('the words of a list request', () => {
  test('nothing means the newest 50 records with all their fields', () => {
    expect(query('')).toEqual({
      entity: 'samples',
      selection: { fields: null, include: [] },
      sort: [{ field: 'created_at', descending: true }],
      limit: 50,
      count: 'none',
      deleted: 'live',
    });
  });

  test('each word has its place, in the address as in the body', () => {
    const wanted = {
      entity: 'samples',
      selection: {
        fields: ['id', 'name'],
        include: [
          {
            as: 'group',
            relation: 'group',
            selection: {
              fields: null,
              include: [{ as: 'region', relation: 'region', selection: { fields: null, include: [] } }],
            },
          },
        ],
      },
      filter: { fact: 'count', operator: 'greaterThan', value: 3 },
      search: 'ada',
      sort: [
        { field: 'name', descending: true },
        { field: 'id', descending: false },
      ],
      limit: 7,
      offset: 14,
      count: 'exact',
      deleted: 'with',
    };
    const filter = { fact: 'count', operator: 'greaterThan', value: 3 };
    const words = {
      fields: 'id, name,id',
      include: 'group,group.region',
      sort: '-name, id',
      q: 'ada',
      count: 'exact',
      deleted: 'with',
    };
    expect(query(new URLSearchParams({ ...words, limit: '7', page: '3', filter: JSON.stringify(filter) }).toString())).toEqual(
      wanted,
    );
    expect(
      body({
        ...words,
        fields: ['id', 'name'],
        sort: ['-name', 'id'],
        include: ['group', 'group.region'],
        limit: 7,
        page: 3,
        filter,
      }),
    ).toEqual(wanted);
  });

  test('null in a body is as if absent', () => {
    expect(
      body({
        fields: null,
        include: null,
        sort: null,
        limit: null,
        page: null,
        q: null,
        filter: null,
        count: null,
        deleted: null,
        after: null,
      }),
    ).toEqual(query(''));
  });

  test('cursors pass through, and a q of spaces is none', () => {
    expect(query('after=abc')).toMatchObject({ after: 'abc' });
    expect(query('before=abc')).toMatchObject({ before: 'abc' });
    expect(query('q=%20%20')).not.toHaveProperty('search');
  });

  test('several filters and a tree all hold', () => {
    const tree = { not: { fact: 'done', operator: 'equal', value: true } };
    expect(query(`name[icontains]=a&count[between]=1,5&filter=${JSON.stringify(tree)}`).filter).toEqual({
      all: [
        {
          all: [
            { fact: 'name', operator: 'iContains', value: 'a' },
            { fact: 'count', operator: 'between', value: [1, 5] },
          ],
        },
        tree,
      ],
    });
    expect(query('labels[hasAny]=a,%20b&done[null]=').filter).toEqual({
      all: [
        { fact: 'labels', operator: 'hasAny', value: ['a', 'b'] },
        { fact: 'done', operator: 'isEmpty', value: true },
      ],
    });
    expect(query('done[null]=false').filter).toEqual({ fact: 'done', operator: 'isEmpty', value: false });
  });
});

describe('a mistake', () => {
  test('is told with what was probably meant', () => {
    expect(details('nmae[eq]=x')).toEqual(['There is no fact "nmae". Did you mean "name"?']);
    expect(details('name[eqq]=x')[0]).toMatch(/^There is no operator "eqq". Did you mean "eq"\?$/);
    expect(details('grup.name[eq]=x')).toEqual(['There is no fact "grup.name".']);
    expect(details('sorrt=name')).toEqual(['There is no parameter "sorrt". Did you mean "sort"?']);
    expect(details('name=x')).toEqual(['To filter by "name", write name[eq]=….']);
    expect(details('sort=nam')).toEqual(['Cannot sort by "nam". Did you mean "name"?']);
    expect(details('fields=nam')).toEqual(['samples has no field "nam". Did you mean "name"?']);
    expect(details('include=gruop')).toEqual(['samples has no relation "gruop". Did you mean "group"?']);
    expect(findings(() => body({ limt: 5 }))).toEqual([['/limt', 'There is no "limt" here. Did you mean "limit"?']]);
    expect(findings(() => parseReadQuery(registry, entity('samples'), new URLSearchParams('field=x')))).toEqual([
      ['?field', 'There is no parameter "field" here. Did you mean "fields"?'],
    ]);
  });

  test.each([
    ['limit=0', '?limit'],
    ['limit=201', '?limit'],
    ['limit=x', '?limit'],
    ['limit=1e2', '?limit'],
    ['limit=-1', '?limit'],
    ['page=0', '?page'],
    ['page=201&limit=50', '?page'],
    ['page=1.5', '?page'],
    ['count=yes', '?count'],
    ['deleted=all', '?deleted'],
    ['limit=5&limit=6', '?limit'],
    ['after=a&before=b', '?after'],
    ['after=a&page=2', '?after'],
    ['q=%00', '?q'],
    [`q=${'x'.repeat(201)}`, '?q'],
    ['after=%00', '?after'],
    ['name[]=x', '?name[]'],
    ['[eq]=x', '?[eq]'],
    ['name[eq=x', '?name[eq'],
    ['name[eq][eq]=x', '?name[eq][eq]'],
    ['count[gt]=x', '?count[gt]'],
    ['count[between]=1', '?count[between]'],
    ['done[null]=maybe', '?done[null]'],
    ['kind[eq]=pink', '?kind[eq]'],
    ['password[null]=true', '?password[null]'],
    ['search_text[contains]=x', '?search_text[contains]'],
    ['deletion_id[null]=true', '?deletion_id[null]'],
    ['parent.parent.parent.parent.name[eq]=x', '?parent.parent.parent.parent.name[eq]'],
    ['children.name[eq]=x', '?children.name[eq]'],
    ['filter=x', '?filter'],
    ['filter={}', '?filter'],
    ['sort=password', '?sort'],
    ['sort=search_text', '?sort'],
    ['sort=labels', '?sort'],
    ['sort=home', '?sort'],
    ['sort=extra', '?sort'],
    ['sort=a,b,c,d,e,f', '?sort'],
    ['sort=group.name', '?sort'],
    ['fields=search_text', '?fields'],
    ['include=samples', '?include'],
    ['constructor[eq]=x', '?constructor[eq]'],
    ['name[constructor]=x', '?name[constructor]'],
    ['__proto__=x', '?__proto__'],
  ])('%s is refused at %s', (text, pointer) => {
    const found = findings(() => query(text));
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(([place]) => place))).toEqual(new Set([pointer]));
  });

  test('in a tree is told by its pointer, all mistakes at once', () => {
    const tree = { all: [{ fact: 'nmae', operator: 'equal', value: 'x' }, { some: { relation: 'childrn' } }] };
    expect(findings(() => query(`limit=0&sort=x&filter=${JSON.stringify(tree)}`)).map(([pointer]) => pointer)).toEqual([
      '?limit',
      '?filter#/all/0/fact',
      '?filter#/all/1/some/relation',
      '?sort',
    ]);
    expect(findings(() => body({ filter: tree })).map(([pointer]) => pointer)).toEqual([
      '/filter/all/0/fact',
      '/filter/all/1/some/relation',
    ]);
  });

  test.each([
    [{ limit: '5' }, '/limit'],
    [{ q: 5 }, '/q'],
    [{ sort: 5 }, '/sort'],
    [{ fields: {} }, '/fields'],
    [{ filter: 'x' }, '/filter'],
    [{ count: true }, '/count'],
    [{ page: 10001 }, '/page'],
  ])('in a body, %j, is refused at %s', (value, pointer) => {
    expect(findings(() => body(value)).map(([place]) => place)).toContain(pointer);
  });
});
