// Three-way merge: what both sides made of a base, by ids, and where they contradict.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MetadataDocument } from '../../server/metadata/document.ts';
import { mergeDocuments } from '../../server/metadata/merge.ts';
import { mergeValues } from '../../server/metadata/merge-values.ts';

const merge = (base: unknown, ours: unknown, theirs: unknown) => mergeValues({ base, ours, theirs });
/** The merged value; there must be no conflict. */
function clean(base: unknown, ours: unknown, theirs: unknown): unknown {
  const { value, conflicts } = merge(base, ours, theirs);
  expect(conflicts).toEqual([]);
  return value;
}
const pointersOf = (base: unknown, ours: unknown, theirs: unknown) =>
  merge(base, ours, theirs).conflicts.map(({ pointer }) => pointer);

describe('objects', () => {
  test('changes of different keys come together, and the same change is no conflict', () => {
    const base = { label: { en: 'Stage', ar: 'مرحلة' }, icon: 'flag', help: 'a' };
    const ours = { label: { en: 'Phase', ar: 'مرحلة' }, icon: 'star', help: 'a' };
    const theirs = { label: { en: 'Stage', ar: 'طور' }, icon: 'star', max: 3 };
    expect(clean(base, ours, theirs)).toEqual({ label: { en: 'Phase', ar: 'طور' }, icon: 'star', max: 3 });
  });

  test('two different values, and a change against a removal, are conflicts with all three sides', () => {
    const { value, conflicts } = merge({ a: 1, 'b/c': { d: 1 } }, { a: 2, 'b/c': { d: 2 } }, { a: 3 });
    expect(conflicts).toEqual([
      { pointer: '/a', base: 1, ours: 2, theirs: 3 },
      { pointer: '/b~1c', base: { d: 1 }, ours: { d: 2 }, theirs: undefined },
    ]);
    expect(value).toEqual({ a: 2, 'b/c': { d: 2 } });
  });

  test('null, which takes a key of a lower layer away, is a value like any other', () => {
    expect(clean({ a: 1 }, { a: 1, b: null }, { a: null })).toEqual({ a: null, b: null });
    expect(pointersOf({ a: 1 }, { a: null }, { a: 2 })).toEqual(['/a']);
  });

  test('conditions mean something only as a whole, a field of that name does not', () => {
    const rule = (value: number) => ({ all: [{ fact: 'amount', operator: 'equal', value }] });
    expect(pointersOf({ filter: { all: [] } }, { filter: rule(1) }, { filter: rule(2) })).toEqual(['/filter']);
    const field = (more: object) => ({ fields: { filter: { id: 'fld_filter', ...more } } });
    expect(clean(field({}), field({ min: 1 }), field({ max: 2 }))).toEqual(field({ min: 1, max: 2 }));
  });

  test('a preferred side settles what contradicts, and leaves the rest merged', () => {
    const sides = { base: { a: 1, b: 1 }, ours: { a: 2, b: 1, c: 1 }, theirs: { a: 3, b: 2 } };
    expect(mergeValues(sides, 'ours')).toEqual({ value: { a: 2, b: 2, c: 1 }, conflicts: [] });
    expect(mergeValues(sides, 'theirs')).toEqual({ value: { a: 3, b: 2, c: 1 }, conflicts: [] });
  });
});

describe('members with an id', () => {
  const field = (id: string, more: object = {}) => ({ id, type: 'text', ...more });

  test('one side renames, the other changes: both happen', () => {
    const base = { fields: { title: field('fld_1'), pages: field('fld_2') } };
    const ours = { fields: { heading: field('fld_1'), pages: field('fld_2') } };
    const theirs = { fields: { title: field('fld_1', { maxLength: 9 }), pages: field('fld_2'), shelf: field('fld_3') } };
    const merged = clean(base, ours, theirs) as { fields: object };
    expect(merged).toEqual({
      fields: { heading: field('fld_1', { maxLength: 9 }), pages: field('fld_2'), shelf: field('fld_3') },
    });
    expect(Object.keys(merged.fields)).toEqual(['heading', 'pages', 'shelf']);
  });

  test('two new names for one, and one name for two, are conflicts', () => {
    const one = (name: string, id: string) => ({ fields: { [name]: field(id) } });
    expect(merge(one('a', 'fld_1'), one('b', 'fld_1'), one('c', 'fld_1')).conflicts).toEqual([
      { pointer: '/fields/a', base: 'a', ours: 'b', theirs: 'c' },
    ]);
    const { value, conflicts } = merge({ fields: {} }, one('a', 'fld_1'), one('a', 'fld_2'));
    expect(conflicts).toEqual([{ pointer: '/fields/a', base: undefined, ours: field('fld_1'), theirs: field('fld_2') }]);
    expect(value).toEqual(one('a', 'fld_1'));
  });

  test('what is removed on one side and untouched on the other goes; what was changed there is a conflict', () => {
    const both = { fields: { a: field('fld_1'), b: field('fld_2') } };
    const without = { fields: { a: field('fld_1') } };
    expect(clean(both, both, without)).toEqual(without);
    const changed = { fields: { a: field('fld_1'), c: field('fld_2', { max: 1 }) } };
    expect(pointersOf(both, without, changed)).toEqual(['/fields/b']);
    expect(mergeValues({ base: both, ours: without, theirs: changed }, 'ours').value).toEqual(without);
    expect(mergeValues({ base: both, ours: without, theirs: changed }, 'theirs').value).toEqual(changed);
  });

  test('overrides without an id go by their name', () => {
    const override = (more: object) => ({ fields: { title: more } });
    expect(clean(override({ max: 1 }), override({ max: 1, min: 0 }), override({ max: 2 }))).toEqual(override({ max: 2, min: 0 }));
  });
});

describe('lists', () => {
  const options = (...values: string[]) => values.map((value) => ({ value, label: { en: value } }));

  test('additions of both sides stand side by side, ours first, and a removal is one', () => {
    expect(clean(options('a', 'b'), options('a', 'b', 'x'), options('b', 'y'))).toEqual(options('b', 'x', 'y'));
    expect(clean(['read', 'create'], ['read', 'create', 'update'], ['create', 'delete'])).toEqual(['create', 'update', 'delete']);
  });

  test('an item that both changed is merged inside; its order is that of the side that moved it', () => {
    const item = (value: string, more: object) => ({ value, ...more });
    const base = [item('a', { color: 'red' }), item('b', {}), item('c', {})];
    const ours = [item('a', { color: 'blue' }), item('b', {}), item('c', {})];
    const theirs = [item('c', {}), item('a', { color: 'red', active: false }), item('b', {})];
    expect(clean(base, ours, theirs)).toEqual([item('c', {}), item('a', { color: 'blue', active: false }), item('b', {})]);
    expect(pointersOf(base, ours, [item('a', { color: 'green' }), item('b', {}), item('c', {})])).toEqual(['/a/color']);
  });

  test('plain items that both replaced by others are a conflict of the list', () => {
    expect(pointersOf({ sort: ['name'] }, { sort: ['-name'] }, { sort: ['title'] })).toEqual(['/sort']);
    expect(pointersOf({ rows: [[1], [1]] }, { rows: [[1], [2]] }, { rows: [[1], [1], [1]] })).toEqual(['/rows']);
  });
});

describe('documents', () => {
  const document = (id: string, content: object, kind: MetadataDocument['kind'] = 'views'): MetadataDocument => ({
    layer: 'custom',
    kind,
    file: `custom/${kind}/${id}`,
    content: { id, ...content },
  });

  test('are matched by kind and id, and conflicts name both', () => {
    const base = [document('view_a', { name: 'a' }), document('view_gone', {}), document('same', { name: 'x' }, 'roles')];
    const ours = [document('view_a', { name: 'b' }), document('same', { name: 'x' }, 'roles'), document('view_gone', {})];
    const theirs = [document('same', { name: 'y' }, 'roles'), document('view_new', {}), document('view_a', { name: 'c' })];
    const { documents, conflicts } = mergeDocuments({ base, ours, theirs });
    expect(conflicts).toEqual([{ kind: 'views', id: 'view_a', pointer: '/name', base: 'a', ours: 'b', theirs: 'c' }]);
    expect(documents).toEqual([ours[0], document('same', { name: 'y' }, 'roles'), document('view_new', {})]);
    expect(mergeDocuments({ base, ours, theirs, prefer: 'theirs' }).documents[0]).toEqual(theirs[2]);
  });

  test('without a base, what only one side has comes in and what both have alike stays', () => {
    const [a, b] = [document('view_a', { name: 'a' }), document('view_b', {})];
    expect(mergeDocuments({ base: [], ours: [a], theirs: [a, b] })).toEqual({ documents: [a, b], conflicts: [] });
  });
});

test('laws: a side that did nothing changes nothing, and no side is preferred where there is no conflict', () => {
  const key = fc.constantFrom('id', 'a', 'b', 'fields', '__proto__', 'filter');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(1, 2, 'x', null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree')),
    ),
  }));
  fc.assert(
    fc.property(tree, tree, tree, (base, ours, theirs) => {
      expect(merge(base, ours, base)).toEqual({ value: ours, conflicts: [] });
      expect(merge(base, base, theirs)).toEqual({ value: theirs, conflicts: [] });
      expect(merge(base, ours, ours)).toEqual({ value: ours, conflicts: [] });
      const [one, other] = [merge(base, ours, theirs), merge(base, theirs, ours)];
      expect(one.conflicts.length > 0).toBe(other.conflicts.length > 0);
    }),
    { numRuns: 500 },
  );
});
