// Metadata folders on disk: what is read, what is refused before anything is checked, and how layers lie over each other.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findingText, MetadataError } from '../../server/metadata/finding.ts';
import { loadRegistry, pluginNames } from '../../server/metadata/load-registry.ts';
import { libraryFolder } from '../support/metadata.ts';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'formwork-metadata-'));
  folder = join(parent, 'library');
  await cp(libraryFolder, folder, { recursive: true });
});
afterEach(() => rm(parent, { recursive: true, force: true }));

async function write(file: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
}

async function findings(): Promise<readonly string[]> {
  try {
    await loadRegistry({ metadataDir: folder });
    return [];
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    for (const finding of error.findings) expect(error.message).toContain(findingText(finding));
    return error.findings.map(findingText);
  }
}

describe('files', () => {
  test('of an application elsewhere are named from its folder', async () => {
    await write('views/bad.view.json', '{\n  "id": \n}');
    expect(basename(folder)).toBe('library');
    expect(await findings()).toEqual([
      'library/views/bad.view.json:3: Not valid JSON at line 3, column 1. Expected a value, found "}".',
    ]);
  });

  test('are told with everything that is wrong in all of them at once', async () => {
    await write('views/bad.view.json', '[]');
    await write('roles/worse.role.json', '{ "id": "role_worse", "id": "role_worst" }');
    await write('option-sets/odd.option-set.json', { id: 'opt_odd', name: 'odd', label: { en: 'Odd', de: 'Ungerade' } });
    expect(await findings()).toEqual([
      'library/roles/worse.role.json:1 /id: This key stands twice in its object.',
      'library/views/bad.view.json:1: The file must hold one object, the view.',
      'library/option-sets/odd.option-set.json:1: "options" is missing.',
    ]);
  });

  test('that would not be read because of their name or folder are told', async () => {
    await write('views/mine.layout.json', {});
    await write('entites/books.entity.json', {});
    await write('README.md', 'Notes are welcome.');
    await write('demo/01-books.json', []);
    expect(await findings()).toEqual([
      'library/views/mine.layout.json: Files of this folder are called <name>.view.json; this one would not be read.',
      'library/entites: Nothing here is called so, and it would not be read. Did you mean "entities"?',
    ]);
  });

  test('a folder where a file should be is told', async () => {
    await mkdir(join(folder, 'views', 'all.view.json'), { recursive: true });
    expect(await findings()).toEqual(['library/views/all.view.json: The file cannot be read (EISDIR).']);
  });

  test('a folder without app.json is no application', async () => {
    await rm(join(folder, 'app.json'));
    expect(await findings()).toContain('library/app.json: The file is missing; the folder is no application without it.');
  });
});

describe('plugins', () => {
  const withPlugins = async (plugins: unknown): Promise<void> => {
    const app = (await import(join(libraryFolder, 'app.json'), { with: { type: 'json' } })) as { default: object };
    await write('app.json', { ...app.default, plugins });
  };

  test('are named by app.json and must be there', async () => {
    await withPlugins(['email-mx', 'absent']);
    expect(await pluginNames(folder)).toEqual(['email-mx', 'absent']);
    expect(await findings()).toEqual(['library/app.json /plugins/1: There is no plugins/absent/plugin.json.']);
  });

  test('names that could leave the folder are not followed', async () => {
    await withPlugins(['../../etc', 7]);
    expect(await pluginNames(folder)).toEqual([]);
    expect(await findings()).toContainEqual(
      expect.stringMatching(/^library\/app\.json:1 \/plugins\/0: "\.\.\/\.\.\/etc" does not fit/),
    );
  });

  test('are none where app.json cannot be read', async () => {
    await write('app.json', '{');
    expect(await pluginNames(folder)).toEqual([]);
  });
});

describe('a file with the id of a platform object lies over it', () => {
  test('maps are merged, lists replaced, null takes away; the object stays of the platform', async () => {
    const label = { en: 'Desk', de: 'Schalter', ar: 'مكتب' };
    await write('entities/users.entity.json', {
      id: 'ent_users',
      display: { nameFields: ['last_name'] },
      fields: {
        desk: { id: 'fld_users_desk', type: 'text', label },
        job_title: { maxLength: 80, label: { de: 'Stelle' } },
        time_zone: null,
      },
    });
    const registry = await loadRegistry({ metadataDir: folder });
    const users = registry.entities.get('users');
    expect(users?.layer).toBe('platform');
    expect(registry.entities.get('books')?.layer).toBe('application');
    expect(users?.meta.display.nameFields).toEqual(['last_name']);
    expect(users?.fields.has('time_zone')).toBe(false);
    expect(users?.fields.get('desk')?.meta.label).toEqual(label);
    expect(users?.fields.get('job_title')?.meta).toMatchObject({
      type: 'text',
      maxLength: 80,
      label: { en: 'Job title', de: 'Stelle' },
    });
  });

  test('findings point to the file that the wrong part came from', async () => {
    await write(
      'entities/users.entity.json',
      '{\n  "id": "ent_users",\n  "fields": {\n    "job_title": { "maxLength": "long" }\n  }\n}',
    );
    expect(await findings()).toEqual([
      'library/entities/users.entity.json:4 /fields/job_title/maxLength: Expected a whole number.',
    ]);
  });
});
