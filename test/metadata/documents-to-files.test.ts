// Customisations as files: written like metadata/, read back the same, folded into an application, and told apart from it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildRegistry } from '../../server/metadata/build.ts';
import type { MetadataDocument } from '../../server/metadata/document.ts';
import { customDocumentsIn, documentsToFiles } from '../../server/metadata/documents-to-files.ts';
import { driftReport, isDrifted } from '../../server/metadata/drift-report.ts';
import { foldLayers } from '../../server/metadata/fold-layers.ts';
import { formatJson } from '../../server/metadata/json-format.ts';
import type { JsonObject } from '../../server/metadata/pointer.ts';
import { packageRoot } from '../../server/package-root.ts';
import { libraryRegistry } from '../support/registry.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'formwork-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const custom = (kind: MetadataDocument['kind'], shown: string, content: JsonObject): MetadataDocument => ({
  layer: 'custom',
  kind,
  file: `custom/${shown}/${content['id']}`,
  content,
});
const label = (text: string) => ({ en: text, ar: `${text} ع` });

/** A field on an entity of the application, a changed platform entity, an entity, a view, a role and a dashboard. */
const customisations: readonly MetadataDocument[] = [
  custom('entities', 'entities', {
    id: 'ent_books',
    icon: null,
    fields: {
      title: { maxLength: 350 },
      shelf_mark: { id: 'fld_books_shelf_mark', type: 'text', label: label('Shelf mark'), maxLength: 40 },
    },
  }),
  custom('entities', 'entities', { id: 'ent_tags', icon: null, fields: { name: { maxLength: 90 } } }),
  custom('entities', 'entities', {
    id: 'ent_rooms',
    name: 'rooms',
    singular: 'room',
    plural: 'rooms',
    label: { en: { one: 'Room', other: 'Rooms' }, ar: { one: 'غرفة', other: 'غرف' } },
    display: { nameFields: ['name'] },
    operations: ['create', 'read', 'update'],
    fields: { name: { id: 'fld_rooms_name', type: 'text', label: label('Name'), required: true } },
  }),
  custom('roles', 'roles', { id: 'role_librarian', entities: { rooms: { read: 'all', create: true } } }),
  custom('views', 'views', {
    id: 'view_rooms',
    name: 'rooms_all',
    label: label('Rooms'),
    entity: 'rooms',
    type: 'list',
    columns: ['name'],
  }),
  custom('dashboards', 'dashboards', { id: 'dash_lending', label: label('Lending today') }),
];

const withCustomisations = async (documents: readonly MetadataDocument[] = customisations) => {
  const { documents: files, fieldTypes } = await libraryRegistry();
  return buildRegistry([...files, ...documents], { fieldTypes });
};
function write(files: readonly { readonly path: string; readonly text: string }[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

describe('files', () => {
  test('are called after what they change and hold only that', async () => {
    const { documents } = await withCustomisations();
    const files = documentsToFiles(customisations, documents);
    expect(files.map(({ path }) => path)).toEqual([
      'dashboards/lending.dashboard.json',
      'entities/books.entity.json',
      'entities/rooms.entity.json',
      'entities/tags.entity.json',
      'roles/librarian.role.json',
      'views/rooms.all.view.json',
    ]);
    expect(files[0]?.text).toBe(`{
  "$schema": "../schemas/dashboard.schema.json",
  "id": "dash_lending",
  "label": { "en": "Lending today", "ar": "Lending today ع" }
}
`);
  });

  test('read back, they are the same customisations in any order, and the same registry', async () => {
    const before = await withCustomisations();
    write(documentsToFiles([...customisations].reverse(), before.documents));
    const read = await customDocumentsIn(folder);
    const byFile = (list: readonly MetadataDocument[]) => [...list].sort((a, b) => (a.file < b.file ? -1 : 1));
    expect(byFile(read)).toEqual(byFile(customisations));
    expect((await withCustomisations(read)).version).toBe(before.version);
  });

  test('are formatted as the linter of the repository wants them', async () => {
    const { documents } = await withCustomisations();
    write(documentsToFiles(documents, documents));
    const words = ['format', '--vcs-use-ignore-file=false', `--config-path=${packageRoot()}`, folder];
    expect(() => execFileSync(join(packageRoot(), 'node_modules', '.bin', 'biome'), words, { stdio: 'pipe' })).not.toThrow();
  });

  test('two objects of one name have two files; a name cannot leave the folder', () => {
    const view = (id: string, name: string) => custom('views', 'views', { id, name, entity: 'books' });
    const twins = [
      view('view_1', 'books_all'),
      view('view_2', 'books_all'),
      view('view_3', '../../x'),
      custom('app', 'app', { id: 'app_library' }),
    ];
    expect(documentsToFiles(twins, []).map(({ path }) => path)).toEqual([
      'app.json',
      'views/....x.view.json',
      'views/books.all.view.json',
      'views/books.all.view_2.view.json',
    ]);
  });

  test('a folder with something else in it is refused with its place', async () => {
    write([
      { path: 'views/a.view.json', text: '{' },
      { path: 'wievs/b.view.json', text: '{}' },
      { path: 'formwork.json', text: '{}' },
    ]);
    await expect(customDocumentsIn(folder)).rejects.toMatchObject({
      findings: [
        { message: expect.stringContaining('Not valid JSON') },
        { message: expect.stringContaining('Did you mean "views"') },
      ],
    });
  });
});

test('JSON stands on one line where it fits and is spread over lines where it does not', () => {
  const long = Array.from({ length: 30 }, (_, at) => `item${at}`);
  expect(formatJson({ a: [], b: {}, c: undefined, d: { e: [1, 'x', null, { f: true }] }, long: long.slice(0, 2) })).toBe(
    '{\n  "a": [],\n  "b": {},\n  "d": { "e": [1, "x", null, { "f": true }] },\n  "long": ["item0", "item1"]\n}\n',
  );
  expect(formatJson({ long })).toBe(`{\n  "long": [\n${long.map((item) => `    "${item}"`).join(',\n')}\n  ]\n}\n`);
});

test('customisations folded into the application mean the same', async () => {
  const before = await withCustomisations();
  const folded = foldLayers(before.documents);
  expect(folded.filter(({ layer }) => layer !== 'application')).toEqual([]);
  const below = before.documents.filter(({ layer }) => layer === 'platform' || layer === 'plugin');
  const after = await buildRegistry([...below, ...folded], { fieldTypes: before.fieldTypes });
  expect(after.version).toBe(before.version);
  const tags = folded.find(({ content }) => content['id'] === 'ent_tags');
  expect(tags?.content).toEqual({ id: 'ent_tags', icon: null, fields: { name: { maxLength: 90 } } });
});

describe('the drift report', () => {
  test('names what customisations override, add and retire, of every kind', async () => {
    const { documents } = await libraryRegistry();
    const retired = custom('workflows', 'workflows', { id: 'wf_loan_urgency', retired: true });
    const report = driftReport(documents, [...documents, ...customisations, retired]);
    expect(report.overridden).toEqual([
      { kind: 'entities', id: 'ent_books', name: 'books', pointers: ['/icon', '/fields/title/maxLength', '/fields/shelf_mark'] },
      { kind: 'entities', id: 'ent_tags', name: 'tags', pointers: ['/icon', '/fields/name/maxLength'] },
      { kind: 'roles', id: 'role_librarian', name: 'librarian', pointers: ['/entities/rooms/read', '/entities/rooms/create'] },
      { kind: 'dashboards', id: 'dash_lending', name: 'lending', pointers: ['/label/en', '/label/ar'] },
    ]);
    expect(report.added).toEqual([
      { kind: 'entities', id: 'ent_rooms', name: 'rooms' },
      { kind: 'views', id: 'view_rooms', name: 'rooms_all' },
    ]);
    expect(report.retired).toEqual([{ kind: 'workflows', id: 'wf_loan_urgency', name: 'loan_urgency' }]);
    expect(report.files).toEqual([]);
  });

  test('names files that are not those of the published version', async () => {
    const { documents } = await libraryRegistry();
    expect(isDrifted(driftReport(documents, documents))).toBe(false);
    const [first, second, ...rest] = documents;
    if (first === undefined || second === undefined) throw new Error('The library has no files');
    const changed: MetadataDocument = { ...second, content: { ...second.content, $schema: 'x', icon: 'new' } };
    const same: MetadataDocument = { ...first, content: { ...first.content, $schema: 'elsewhere' } };
    const { files } = driftReport([same, changed, ...rest.slice(1)], [same, second, ...rest]);
    expect(files).toEqual([
      { kind: second.kind, id: second.content['id'], name: second.content['name'], file: second.file, change: 'changed' },
      expect.objectContaining({ file: rest[0]?.file, change: 'removed' }),
    ]);
  });
});
