// Indexes, rules, screens, workflows, roles and import mappings: whole ones, patches, and their way back.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildRegistry } from '../../../server/metadata/build.ts';
import { customFile, documentsToFiles } from '../../../server/metadata/documents-to-files.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import { libraryRegistry } from '../../support/registry.ts';
import { samples } from './samples.ts';
import { customOf, entityOf, made, refused } from './support.ts';

let library: Registry;
beforeAll(async () => {
  library = await libraryRegistry();
});
const entity = 'books';

describe('indexes and rules', () => {
  test('an index comes and goes by its id or its fields', async () => {
    const added = await made(library, { op: 'addIndex', entity, index: { fields: ['pages', '-created_at'], unique: true } });
    const [index] = entityOf(added.registry, entity).meta.indexes?.slice(-1) ?? [];
    expect(index).toMatchObject({ id: expect.stringMatching(/^idx_pages_/), fields: ['pages', '-created_at'], unique: true });
    for (const by of [{ id: index?.id }, { fields: ['pages', '-created_at'] }])
      expect((await made(added.registry, { op: 'retireIndex', entity, ...by })).documents).toEqual(library.documents);
  });

  test('a rule of the same name is replaced where it stands', async () => {
    const rule = (least: number) => ({
      name: 'few',
      errorWhen: { fact: 'pages', operator: 'lessThan', value: least },
      message: 'Too few',
    });
    const set = (least: number) => ({ op: 'setValidationRule', entity, rule: rule(least) });
    const { registry } = await made(library, set(1), { ...set(1), rule: { ...rule(2), name: 'other' } }, set(3));
    expect(entityOf(registry, entity).meta.validationRules).toMatchObject([
      { name: 'few', on: ['create', 'update'], message: { en: 'Too few' }, errorWhen: { value: 3 } },
      { name: 'other' },
    ]);
    const gone = await made(
      registry,
      { op: 'retireValidationRule', entity, name: 'few' },
      { op: 'retireValidationRule', entity, name: 'other' },
    );
    expect(gone.documents).toEqual(library.documents);
  });

  test('findings point to the rule by whatever place it has by then', async () => {
    const rule = (name: string, fact: string) => ({
      op: 'setDuplicateRule',
      entity,
      rule: { name, match: [{ field: fact, method: 'exact' }] },
    });
    const told = await refused(library, rule('a', 'isbn'), rule('b', 'isbm'), {
      op: 'retireDuplicateRule',
      entity,
      name: 'same_title_and_format',
    });
    expect(told).toEqual([expect.stringMatching(/^\/changes\/1\/rule\/match\/0\/field /)]);
  });
});

describe('whole objects', () => {
  test('a view is made with its defaults, replaced under its name, patched, retired', async () => {
    const first = await made(library, { op: 'setView', view: { name: 'short', entity, columns: ['title'] } });
    const view = first.registry.views.find(({ name }) => name === 'short');
    expect(view).toMatchObject({ id: expect.stringMatching(/^view_short_/), type: 'list', label: { en: 'Short', ar: 'Short' } });
    expect(customOf(first)[0]?.file).toBe(customFile('views', String(view?.id)));
    const second = await made(first.registry, {
      op: 'setView',
      view: { name: 'short', entity, columns: ['isbn'], sort: ['isbn'] },
    });
    expect(second.registry.views.find(({ id }) => id === view?.id)).toMatchObject({ columns: ['isbn'], label: view?.label });
    const third = await made(second.registry, {
      op: 'setView',
      name: 'short',
      set: { sort: null, label: 'Brief', name: 'brief' },
    });
    expect(third.registry.views.find(({ id }) => id === view?.id)).toEqual({
      ...view,
      name: 'brief',
      columns: ['isbn'],
      label: { en: 'Brief', ar: 'Short' },
    });
    expect((await made(third.registry, { op: 'retireView', name: String(view?.id) })).documents).toEqual(library.documents);
  });

  test('a shipped one is customised by what differs alone, and comes back when that is taken back', async () => {
    const shipped = library.views.find(({ name }) => name === 'books_all');
    const result = await made(library, { op: 'setView', view: { ...shipped, columns: ['title'] } });
    expect(customOf(result)[0]?.content).toEqual({ id: 'view_books_all', columns: ['title'] });
    expect(result.touched).toEqual([{ kind: 'view', name: 'books_all', action: 'changed' }]);
    expect((await made(result.registry, { op: 'setView', view: shipped ?? {} })).documents).toEqual(library.documents);
    const retired = await made(library, { op: 'retireView', name: 'books_all' });
    expect(customOf(retired)[0]?.content).toEqual({ id: 'view_books_all', retired: true });
    expect((await made(retired.registry, { op: 'setView', view: shipped ?? {} })).documents).toEqual(library.documents);
  });

  test('a renamed role is named so in roles, layouts and records; a retired one must be nobody’s', async () => {
    const head = { op: 'setRole', role: { name: 'head', extends: ['librarian'], entities: {} } };
    const { registry } = await made(library, head);
    const renamed = await made(registry, { op: 'setRole', name: 'librarian', set: { name: 'keeper' } });
    const flags = { entityId: 'ent_feature_flags', columnId: 'fld_feature_flags_roles' };
    const columns = { entityId: 'ent_users', columnId: 'fld_users_roles' };
    expect(renamed.registry.roles.get('head')?.extends).toEqual(['keeper']);
    expect(renamed.data).toEqual([
      { kind: 'replaceValues', ...flags, values: { librarian: 'keeper' }, back: { keeper: 'librarian' } },
      { kind: 'replaceValues', ...columns, values: { librarian: 'keeper' }, back: { keeper: 'librarian' } },
    ]);
    const gone = await made(registry, { op: 'retireRole', name: 'librarian', cascade: true });
    expect([gone.registry.roles.get('head')?.extends, gone.data]).toEqual([
      [],
      [
        { kind: 'withdrawValues', ...flags, values: ['librarian'] },
        { kind: 'withdrawValues', ...columns, values: ['librarian'] },
      ],
    ]);
  });

  test('an import mapping goes by its id', async () => {
    const mapping = { entity, upsertOn: 'isbn', fields: { isbn: { column: 'I' } } };
    const { registry } = await made(library, { op: 'setImportMapping', importMapping: mapping });
    const [id] = [...registry.importMappings.keys()].filter((key) => !library.importMappings.has(key));
    const patched = await made(registry, {
      op: 'setImportMapping',
      name: String(id),
      set: { fields: { title: { column: 'T' } } },
    });
    expect(Object.keys(patched.registry.importMappings.get(String(id))?.fields ?? {})).toEqual(['isbn', 'title']);
    expect((await made(patched.registry, { op: 'retireImportMapping', name: String(id) })).documents).toEqual(library.documents);
  });
});

describe('the documents of any change', () => {
  test('build the same registry again, read back as files too', async () => {
    for (const sample of samples.filter(({ op }) => op !== 'retireOptionSet')) {
      const { documents, registry } = await made(library, sample);
      const again = await buildRegistry(structuredClone([...documents]), { fieldTypes: library.fieldTypes });
      expect(again.version).toBe(registry.version);
      for (const { file, kind, content } of customOf({ documents }))
        expect(file).toBe(customFile(kind, kind === 'app' ? 'app' : String(content['id'])));
      expect(documentsToFiles(customOf({ documents }), documents).length).toBe(customOf({ documents }).length);
    }
  });

  test('nothing to change is no change', async () => {
    const result = await made(library, { op: 'changeField', entity, name: 'title', set: { required: true } });
    expect(result.registry).toBe(library);
    expect(result.documents).toBe(library.documents);
  });
});
