// Options set as a whole: what goes is replaced, asked about, or refused; what stored values become is told once a column.
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Registry } from '../../../server/metadata/registry.ts';
import { libraryRegistry } from '../../support/registry.ts';
import { fieldOf, made, refused } from './support.ts';

let library: Registry;
/** With a choice of its own on books. */
let graded: Registry;
const entity = 'books';
const options = (...values: string[]) => values.map((value) => ({ value }));
const grades = {
  op: 'addField',
  entity,
  field: { id: 'fld_grade', name: 'grade', type: 'select', options: options('gold', 'silver', 'tin') },
};
const setGrades = (values: readonly string[], more: object = {}) => ({
  op: 'setOptions',
  entity,
  field: 'grade',
  options: options(...values),
  ...more,
});
const values = (registry: Registry, field = 'grade') => fieldOf(registry, entity, field).meta.options?.map(({ value }) => value);
const column = { entityId: 'ent_books', columnId: 'fld_grade' };

beforeAll(async () => {
  library = await libraryRegistry();
  graded = (await made(library, grades)).registry;
});

describe('options of a field', () => {
  test('get labels of their values, and keep those that they have', async () => {
    expect(fieldOf(graded, entity, 'grade').meta.options?.[0]).toEqual({ value: 'gold', label: { en: 'Gold', ar: 'Gold' } });
    const named = await made(
      graded,
      setGrades([], { options: [{ value: 'gold', label: 'Best', color: 'yellow' }, ...options('silver', 'tin')] }),
    );
    const again = await made(named.registry, setGrades(['tin', 'silver', 'gold']));
    expect(fieldOf(again.registry, entity, 'grade').meta.options?.[2]).toEqual({ value: 'gold', label: { en: 'Best' } });
    expect([named.data, again.data, values(again.registry)]).toEqual([[], [], ['tin', 'silver', 'gold']]);
  });

  test('that go are replaced in records, or must not be in use', async () => {
    const result = await made(graded, setGrades(['golden'], { replace: { gold: 'golden', silver: null } }));
    expect(result.data).toEqual([
      { kind: 'replaceValues', ...column, values: { gold: 'golden', silver: null }, back: { golden: 'gold' } },
      { kind: 'withdrawValues', ...column, values: ['tin'] },
    ]);
    expect(result.touched).toEqual([
      { kind: 'option', entity, field: 'grade', name: 'gold', action: 'renamed' },
      { kind: 'option', entity, field: 'grade', name: 'silver', action: 'retired' },
      { kind: 'option', entity, field: 'grade', name: 'tin', action: 'retired' },
      { kind: 'field', entity, name: 'grade', action: 'changed' },
    ]);
  });

  test('through several changes of one request each value is told once, as what it becomes in the end', async () => {
    const { data } = await made(
      graded,
      setGrades(['a', 'silver', 'tin'], { replace: { gold: 'a' } }),
      setGrades(['b', 'tin'], { replace: { a: 'b', silver: 'b' } }),
      setGrades(['b']),
      setGrades(['b', 'tin']),
    );
    expect(data).toEqual([{ kind: 'replaceValues', ...column, values: { gold: 'b', silver: 'b' }, back: { b: 'gold' } }]);
    expect((await made(graded, setGrades(['gold']), { op: 'retireField', entity, name: 'grade' })).data).toEqual([]);
    const added = await made(library, grades, setGrades(['gold']));
    expect(added.data).toEqual([]);
  });

  test('two change places', async () => {
    const renamed = [
      setGrades(['x', 'silver', 'tin'], { replace: { gold: 'x' } }),
      setGrades(['x', 'gold', 'tin'], { replace: { silver: 'gold' } }),
      setGrades(['silver', 'gold', 'tin'], { replace: { x: 'silver' } }),
    ];
    expect((await made(graded, ...renamed)).data).toEqual([
      { kind: 'replaceValues', ...column, values: { gold: 'silver', silver: 'gold' } },
    ]);
  });

  test('named in a condition are rewritten to what replaces them; without a replacement they stay', async () => {
    const condition = { fact: 'grade', operator: 'in', value: ['gold', 'silver'] };
    const { registry } = await made(
      graded,
      { op: 'changeField', entity, name: 'grade', set: { default: 'gold' } },
      { op: 'changeField', entity, name: 'pages', set: { visibleWhen: condition } },
    );
    const replaced = await made(registry, setGrades(['silver', 'tin'], { replace: { gold: 'silver' } }));
    expect(fieldOf(replaced.registry, entity, 'grade').meta.default).toBe('silver');
    expect(fieldOf(replaced.registry, entity, 'pages').meta.visibleWhen).toMatchObject({ value: ['silver'] });
    expect(await refused(registry, setGrades(['silver', 'tin'], { cascade: true }))).toHaveLength(2);
    const patch = { default: 'tin', options: options('silver', 'tin') };
    expect(await refused(registry, { op: 'changeField', entity, name: 'grade', set: patch })).toHaveLength(1);
  });

  test('of a required field are not replaced by nothing', async () => {
    const { registry } = await made(graded, { op: 'changeField', entity, name: 'grade', set: { required: true } });
    expect((await refused(registry, setGrades(['gold', 'silver'], { replace: { tin: null } })))[0]).toMatch(
      /^\/changes\/0\/replace\/tin /,
    );
  });

  test('a patch of the field asks about those that go too', async () => {
    const { data } = await made(graded, {
      op: 'changeField',
      entity,
      name: 'grade',
      set: { options: options('gold', 'silver') },
    });
    expect(data).toEqual([{ kind: 'withdrawValues', ...column, values: ['tin'] }]);
    const text = await made(graded, { op: 'changeField', entity, name: 'grade', set: { type: 'text' } });
    expect([text.data, fieldOf(text.registry, entity, 'grade').meta.options]).toEqual([[], undefined]);
  });
});

describe('option sets', () => {
  test('are told for every field of every entity that uses them', async () => {
    const other = {
      op: 'addField',
      entity: 'loans',
      field: { id: 'fld_kind', name: 'kind', type: 'multiSelect', optionSet: 'genres' },
    };
    const { registry } = await made(library, other);
    const before = registry.optionSets.get('genres')?.options.map(({ value }) => value) ?? [];
    const [gone = '', ...left] = before;
    const { data } = await made(registry, { op: 'setOptions', optionSet: 'genres', options: options(...left) });
    expect(data).toEqual([
      { kind: 'withdrawValues', entityId: 'ent_books', columnId: 'fld_books_genres', values: [gone] },
      { kind: 'withdrawValues', entityId: 'ent_loans', columnId: 'fld_kind', values: [gone] },
    ]);
  });

  test('are made, changed under their name, renamed under their id, and retired', async () => {
    const made1 = await made(library, {
      op: 'setOptionSet',
      optionSet: { id: 'opt_colours', name: 'colours', options: options('red', 'blue') },
    });
    expect(made1.touched).toEqual([{ kind: 'optionSet', name: 'colours', action: 'added' }]);
    const used = await made(made1.registry, {
      op: 'addField',
      entity,
      field: { name: 'cover', type: 'select', optionSet: 'colours' },
    });
    const renamed = await made(used.registry, {
      op: 'setOptionSet',
      optionSet: { id: 'opt_colours', name: 'colors', options: options('red') },
    });
    expect(renamed.registry.entities.get(entity)?.meta.fields['cover']?.optionSet).toBe('colors');
    expect(renamed.data).toMatchObject([{ kind: 'withdrawValues', values: ['blue'] }]);
    expect((await refused(renamed.registry, { op: 'retireOptionSet', name: 'colors', cascade: true }))[0]).toMatch(
      /would be left naming/,
    );
    const gone = await made(
      renamed.registry,
      { op: 'retireField', entity, name: 'cover' },
      { op: 'retireOptionSet', name: 'colors' },
    );
    expect(gone.registry.version).toBe(library.version);
    await made(renamed.registry, { op: 'retireOptionSet', name: 'colors' }, { op: 'retireField', entity, name: 'cover' });
  });

  test('of the engine get more options, but lose none', async () => {
    const before = library.optionSets.get('tag_sources')?.options ?? [];
    const { registry } = await made(library, {
      op: 'setOptions',
      optionSet: 'tag_sources',
      options: [...before, { value: 'robot' }],
    });
    expect(registry.optionSets.get('tag_sources')?.options).toHaveLength(before.length + 1);
    expect((await refused(library, { op: 'setOptions', optionSet: 'tag_sources', options: options('robot') }))[0]).toMatch(
      /^\/changes\/0\/options /,
    );
  });
});
