// The commands on the metadata: customisations leave one database as files and come into another one; versions are compared.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { applyCommand } from '../../server/commands/apply.ts';
import { breakingCommand } from '../../server/commands/breaking.ts';
import { diffCommand } from '../../server/commands/diff.ts';
import { driftCommand } from '../../server/commands/drift.ts';
import { exportMetadataCommand } from '../../server/commands/export-metadata.ts';
import { typesCommand } from '../../server/commands/types.ts';
import { buildRegistry } from '../../server/metadata/build.ts';
import type { MetadataDocument } from '../../server/metadata/document.ts';
import type { JsonObject } from '../../server/metadata/pointer.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { applyVersion } from '../../server/versions/apply-version.ts';
import { publishedRegistry } from '../../server/versions/published.ts';
import { rollbackVersion } from '../../server/versions/roll-back.ts';
import { servicesOf, type VersionServices } from '../../server/versions/services.ts';
import { migratedDatabase } from '../support/app.ts';
import type { TestDatabase } from '../support/database.ts';
import { libraryFolder } from '../support/metadata.ts';
import { libraryRegistry } from '../support/registry.ts';

let library: Registry;
let here: TestDatabase;
let there: TestDatabase;
let folder: string;
const before = { ...process.env };
let printed = '';
let complained = '';

beforeAll(async () => {
  library = await libraryRegistry();
  here = await migratedDatabase(library);
  there = await migratedDatabase(library);
  folder = mkdtempSync(join(tmpdir(), 'formwork-promotion-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await here.drop();
  await there.drop();
});
beforeEach(() => {
  Object.assign(process.env, { FORMWORK_METADATA_DIR: libraryFolder });
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  jest.spyOn(console, 'error').mockImplementation((text) => {
    complained += String(text);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
  process.env = { ...before };
});

/** Runs a command line against a database; returns what it printed and its exit code. */
async function run(database: TestDatabase, ...words: string[]): Promise<readonly [text: string, exitCode: number]> {
  process.env['DATABASE_URL'] = database.url;
  const program = new Command('formwork').exitOverride().configureOutput({ writeErr: () => undefined });
  for (const add of [exportMetadataCommand, diffCommand, driftCommand, applyCommand, typesCommand, breakingCommand]) add(program);
  for (const command of program.commands) command.exitOverride();
  process.exitCode = 0;
  printed = '';
  complained = '';
  await program.parseAsync(['node', 'formwork', ...words]);
  return [printed + complained, Number(process.exitCode)];
}

const servicesIn = ({ knex }: TestDatabase): VersionServices => servicesOf(knex, library);
async function liveIn(database: TestDatabase): Promise<Registry> {
  const registry = await publishedRegistry(servicesIn(database));
  if (registry === undefined) throw new Error('Nothing is published');
  return registry;
}
const customIn = async (database: TestDatabase) => (await liveIn(database)).documents.filter(({ layer }) => layer === 'custom');

/** What the UI of a database does: documents of the custom layer are put in place of those with their ids. */
async function customise(
  database: TestDatabase,
  ...contents: (readonly [MetadataDocument['kind'], JsonObject])[]
): Promise<number> {
  const live = await liveIn(database);
  const made = contents.map(
    ([kind, content]): MetadataDocument => ({ layer: 'custom', kind, file: `custom/${kind}/${content['id']}`, content }),
  );
  const kept = live.documents.filter(
    ({ layer, content }) => layer !== 'custom' || !made.some((one) => one.content['id'] === content['id']),
  );
  const wanted = await buildRegistry([...kept, ...made], { fieldTypes: library.fieldTypes });
  const applying = await applyVersion(servicesIn(database), { wanted, kind: 'change', author: 'Ada', reason: null });
  await applying.done;
  return applying.number;
}

const label = (text: string) => ({ en: text, ar: `${text} ع` });
const rooms = (fields: JsonObject = {}) => ({
  id: 'ent_rooms',
  name: 'rooms',
  singular: 'room',
  plural: 'rooms',
  label: { en: { one: 'Room', other: 'Rooms' }, ar: { one: 'غرفة', other: 'غرف' } },
  display: { nameFields: ['name'] },
  operations: ['create', 'read', 'update', 'delete'],
  fields: { name: { id: 'fld_rooms_name', type: 'text', label: label('Name'), maxLength: 80, required: true }, ...fields },
});
const view = { id: 'view_rooms', name: 'rooms_all', label: label('Rooms'), entity: 'rooms', type: 'list', columns: ['name'] };
const branches = (maxLength: number) => ({ id: 'ent_branches', fields: { name: { maxLength } } });
const role = { id: 'role_librarian', entities: { rooms: { read: 'all' } } };

const fileOf = (...path: string[]): JsonObject => JSON.parse(readFileSync(join(folder, ...path), 'utf8')) as JsonObject;
const change = (edit: (content: JsonObject) => JsonObject, ...path: string[]): void =>
  writeFileSync(join(folder, ...path), JSON.stringify(edit(fileOf(...path))));

describe('in order, from one database to another', () => {
  test('a fresh database has no drift; what is made at run time, and by hand in the tables, is drift', async () => {
    expect(await run(there, 'drift')).toEqual(['Files, metadata in force and tables are the same.\n', 0]);
    const other = await migratedDatabase(library);
    await customise(other, ['entities', rooms()], ['entities', branches(200)]);
    await other.knex.raw('ALTER TABLE library.lib_branches ADD COLUMN note text');
    await other.knex.raw('ALTER TABLE library.lib_branches ALTER COLUMN display_name DROP NOT NULL');
    const [text, exitCode] = await run(other, 'drift');
    expect(exitCode).toBe(1);
    expect(text).toContain('Customisations of what the files have:\n  entity branches: /fields/name/maxLength\n');
    expect(text).toContain('Made at run time, in no file:\n  entity rooms\n');
    expect(text).toMatch(/Tables that are not as the version in force left them:\n {2}Column lib_branches.display_name is /);
    expect(JSON.parse((await run(other, 'drift', '--json'))[0])).toMatchObject({ added: [{ id: 'ent_rooms' }], files: [] });
    await other.drop();
  });

  test('customisations are exported as files that say only what they change, and never over foreign files', async () => {
    await customise(here, ['views', view], ['entities', rooms()], ['roles', role], ['entities', branches(240)]);
    const [text, exitCode] = await run(here, 'export-metadata', '--dir', folder);
    expect([text, exitCode]).toEqual([`4 files of the metadata in force in ${folder}.\n`, 0]);
    expect(
      readdirSync(folder, { recursive: true })
        .filter((name) => String(name).endsWith('.json'))
        .sort(),
    ).toEqual([
      'entities/branches.entity.json',
      'entities/rooms.entity.json',
      'formwork.json',
      'roles/librarian.role.json',
      'views/rooms.all.view.json',
    ]);
    expect(fileOf('entities', 'branches.entity.json')).toEqual({ $schema: '../schemas/entity.schema.json', ...branches(240) });
    const live = await liveIn(here);
    expect(fileOf('formwork.json')).toEqual({
      format: 1,
      app: 'library',
      layer: 'custom',
      base: library.version,
      metadata: live.version,
    });
    const foreign = join(folder, 'entities');
    expect(await run(here, 'export-metadata', '--dir', foreign)).toEqual([
      expect.stringContaining('is not empty and not an earlier export'),
      1,
    ]);
    expect(existsSync(join(foreign, 'branches.entity.json'))).toBe(true);
  });

  test('they differ from the other database until they are applied there, as one version with the same metadata', async () => {
    const [differences, different] = await run(there, 'diff', 'live', folder);
    expect(different).toBe(1);
    expect(differences).toContain('+ entity rooms (ent_rooms)');
    expect(differences).toMatch(/entity branches \(ent_branches\)\n~ {3}\/fields\/name\/maxLength: \d+ → 240/);
    const [planned, planCode] = await run(there, 'apply', folder, '--plan', '--sql');
    expect(planCode).toBe(0);
    expect(planned).toMatch(/CREATE TABLE .*lib_rooms/);
    expect((await liveIn(there)).version).toBe(library.version);
    const [applied, applyCode] = await run(there, 'apply', folder, '--author', 'Grace', '--reason', 'rooms');
    expect([applied.trimEnd().split('\n').at(-1), applyCode]).toEqual(['Version 2 is applied.', 0]);
    expect((await liveIn(there)).version).toBe((await liveIn(here)).version);
    expect(await run(there, 'diff', 'live', folder)).toEqual(['No differences.\n', 0]);
    expect(await run(there, 'diff', '2', libraryFolder, '--json')).toEqual([expect.stringContaining('"id": "ent_rooms"'), 1]);
    expect(await run(there, 'apply', folder)).toEqual([expect.stringContaining('Nothing to do at version 2.'), 0]);
  });

  test('what was changed on both sides since comes together by id', async () => {
    const shelf = { shelf: { id: 'fld_rooms_shelf', type: 'integer', label: label('Shelf') } };
    await customise(there, ['entities', rooms(shelf)], ['entities', branches(250)]);
    change((content) => ({ ...content, icon: 'door' }), 'entities', 'rooms.entity.json');
    change((content) => ({ ...content, columns: ['name', 'created_at'] }), 'views', 'rooms.all.view.json');
    const [, exitCode] = await run(there, 'apply', folder);
    expect(exitCode).toBe(0);
    const merged = new Map((await customIn(there)).map(({ content }) => [content['id'], content]));
    expect(merged.get('ent_rooms')).toEqual({ ...rooms(shelf), icon: 'door' });
    expect(merged.get('view_rooms')).toMatchObject({ columns: ['name', 'created_at'] });
    expect(merged.get('ent_branches')).toEqual(branches(250));
  });

  test('where both changed the same it is refused with all three sides, unless one is told to win', async () => {
    change(() => branches(260), 'entities', 'branches.entity.json');
    const [text, exitCode] = await run(there, 'apply', folder);
    expect(exitCode).toBe(2);
    expect(text).toContain('entities ent_branches /fields/name/maxLength\n  base    240\n  ours    250\n  theirs  260');
    const number = (await liveIn(there)).number;
    expect((await run(there, 'apply', folder, '--ours', '--plan'))[1]).toBe(0);
    expect((await liveIn(there)).number).toBe(number);
    expect((await run(there, 'apply', folder, '--theirs'))[1]).toBe(0);
    expect((await customIn(there)).find(({ content }) => content['id'] === 'ent_branches')?.content).toEqual(branches(260));
  });

  test('after a way back the base is the folder that was applied before', async () => {
    const { number } = await liveIn(there);
    const back = await rollbackVersion(servicesIn(there), { to: number - 1, author: null, reason: null });
    await back.done;
    expect((await customIn(there)).find(({ content }) => content['id'] === 'ent_branches')?.content).toEqual(branches(250));
    expect((await run(there, 'apply', folder))[0]).toContain('  base    240\n  ours    250\n  theirs  260');
  });

  test('what is gone from the folder goes with its table set aside; data that speak against it stop everything', async () => {
    await there.knex
      .withSchema('library')
      .table('lib_rooms')
      .insert({ id: '01900000-0000-7000-8000-000000000001', name: 'Attic', display_name: 'Attic' });
    const required = { size: { id: 'fld_rooms_size', type: 'integer', label: label('Size'), required: true } };
    change(
      (content) => ({ ...content, fields: { ...(content['fields'] as JsonObject), ...required } }),
      'entities',
      'rooms.entity.json',
    );
    const [blocked, blockedCode] = await run(there, 'apply', folder, '--theirs');
    expect(blocked).toContain('This stands in the way:');
    expect([blocked.trimEnd().endsWith('Nothing was applied.'), blockedCode]).toEqual([true, 1]);
    for (const path of ['entities/rooms.entity.json', 'views/rooms.all.view.json', 'roles/librarian.role.json'])
      rmSync(join(folder, path));
    const [text, exitCode] = await run(there, 'apply', folder, '--theirs');
    expect(exitCode).toBe(0);
    expect(text).toContain('- entity rooms (ent_rooms)');
    expect(text).toContain('The entity rooms is gone.');
    expect((await customIn(there)).map(({ content }) => content['id'])).toEqual(['ent_branches']);
  });
});

describe('a folder', () => {
  test('that contradicts itself, is not there or is a whole application is refused', async () => {
    const broken = join(folder, 'broken');
    mkdirSync(join(broken, 'views'), { recursive: true });
    writeFileSync(join(broken, 'views', 'x.view.json'), JSON.stringify({ ...view, id: 'view_x', entity: 'nothing' }));
    expect(await run(here, 'apply', broken)).toEqual([expect.stringContaining('custom/views/view_x'), 1]);
    expect(await run(here, 'apply', join(folder, 'nowhere'))).toEqual([expect.stringContaining('There is no folder'), 1]);
    expect(await run(here, 'diff', join(folder, 'nowhere'), 'live')).toEqual([expect.stringContaining('There is no folder'), 2]);
    expect(await run(here, 'apply', libraryFolder)).toEqual([expect.stringContaining('is a whole application'), 1]);
    expect(await run(here, 'diff', 'live', '99')).toEqual([expect.stringContaining('There is no version 99'), 2]);
  });

  test('with everything in it is the application with the customisations folded in', async () => {
    const all = join(folder, 'all');
    expect((await run(here, 'export-metadata', '--dir', all, '--layer', 'all'))[1]).toBe(0);
    expect(await run(here, 'diff', 'live', all)).toEqual(['No differences.\n', 0]);
    expect(readdirSync(join(all, 'entities'))).toContain('rooms.entity.json');
    cpSync(join(libraryFolder, 'views'), join(all, 'views'), { recursive: true });
    expect((await run(here, 'export-metadata', '--dir', all))[1]).toBe(0);
    expect(existsSync(join(all, 'app.json'))).toBe(false);
  });
});

describe('versions', () => {
  test('what breaks clients between two of them is named, and tells by the exit code', async () => {
    expect(await run(here, 'breaking', '1')).toEqual(['Nothing breaks for clients.\n', 0]);
    const [text, exitCode] = await run(here, 'breaking', '2', '1');
    expect([text, exitCode]).toEqual([expect.stringMatching(/^breaking {4}\/entities\/rooms: The entity rooms is gone\./m), 1]);
    const [json] = await run(here, 'breaking', 'live', libraryFolder, '--json');
    expect(JSON.parse(json)).toContainEqual(expect.objectContaining({ level: 'breaking', pointer: '/entities/rooms' }));
  });

  test('a client is written for the one in force, and for an earlier one', async () => {
    const out = join(folder, 'client.ts');
    const live = await liveIn(here);
    const [text] = await run(here, 'types', '--out', out);
    expect(text).toBe(`${out}: ${live.entities.size} entities of metadata ${live.version}.\n`);
    expect(readFileSync(out, 'utf8')).toMatch(new RegExp(`metadata version 2 \\(${live.version}\\)[^]*export interface Room `));
    const [earlier] = await run(here, 'types', '--version', '1');
    expect(earlier).toContain(`metadata version 1 (${library.version})`);
    expect(earlier).not.toContain('export interface Room ');
  });
});
