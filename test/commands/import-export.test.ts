// `formwork import` and `formwork export`, as they are typed: their files, what they print, and how they refuse.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { exportCommand } from '../../server/commands/export.ts';
import { importCommand } from '../../server/commands/import.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { applyVersion } from '../../server/versions/apply-version.ts';
import { publishedRegistry } from '../../server/versions/published.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { changedRegistry } from '../support/changed-registry.ts';

async function publishedIn({ parts }: TestApp): Promise<Registry> {
  const published = await publishedRegistry(parts.versions);
  if (published === undefined) throw new Error('Nothing is published');
  return published;
}

describe('import and export on the command line', () => {
  let app: TestApp;
  let folder: string;
  let printed: string;
  let complained: string;
  beforeAll(async () => {
    app = await startTestApp();
    folder = mkdtempSync(join(tmpdir(), 'formwork-import-'));
    Object.assign(process.env, { DATABASE_URL: app.parts.database.url, FORMWORK_LOG_LEVEL: 'fatal', FORMWORK_POOL_SIZE: '2' });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await app.stop();
  });
  beforeEach(() => {
    printed = '';
    complained = '';
    process.exitCode = undefined;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    jest.spyOn(console, 'error').mockImplementation((text: unknown) => {
      complained += String(text);
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
  });

  async function formwork(...args: readonly string[]): Promise<number> {
    const program = new Command('formwork').exitOverride();
    importCommand(program);
    exportCommand(program);
    await program.parseAsync(['node', 'formwork', ...args]);
    return Number(process.exitCode ?? 0);
  }
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const mapping = { fields: { external_id: { column: 'id' }, name: { column: 'name' }, phone: { column: 'phone' } } };

  test('imports a file with a mapping file, says how it went and writes the rejects', async () => {
    const map = file('map.json', JSON.stringify(mapping));
    const csv = file('accounts.csv', 'id,name,phone\n1,Alpha,\n2,Beta,12\n');
    const rejects = join(folder, 'rejects.csv');
    expect(await formwork('import', 'accounts', csv, '--map', map, '--rejects', rejects)).toBe(0);
    expect(printed).toMatch(
      /^2 rows read in [\d.]+ s: 1 accepted, 0 skipped, 1 rejected\.\n1 created, 0 updated, 0 unchanged; 0 values left out, 0 possible duplicates\.\n/,
    );
    expect(printed).toContain(`What could not be taken stands in ${rejects}.`);
    expect(readFileSync(rejects, 'utf8')).toMatch(
      /^id,name,phone,import_row,import_field,import_reason\n2,Beta,12,3,phone,"This is not .*"\n$/,
    );

    expect(await formwork('import', 'accounts', csv, '--map', map, '--on-invalid', 'rejectField', '--as', app.adminEmail)).toBe(
      0,
    );
    expect(printed).toContain('1 created, 0 updated, 1 unchanged; 1 values left out, 0 possible duplicates.');
    const list = await app.request('GET', '/accounts?external_id[eq]=2');
    expect(list.body['data']).toMatchObject([{ name: 'Beta', created_by: app.adminId }]);
  });

  test('imports with a mapping of the application, and exports what is there', async () => {
    const csv = file('campaigns.csv', 'Id,Name\n7,Spring\n8,Autumn\n');
    expect(await formwork('import', 'campaigns', csv, '--map', 'npsp_campaigns')).toBe(0);
    const out = join(folder, 'campaigns.ndjson');
    expect(await formwork('export', 'campaigns', '--format', 'ndjson', '--query', 'fields=name&sort=name', '--out', out)).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe('{"name":"Autumn"}\n{"name":"Spring"}\n');
    printed = '';
    expect(await formwork('export', 'campaigns', '--query', 'fields=name&name[eq]=Spring', '--as', app.adminEmail)).toBe(0);
    expect(printed).toBe('name\nSpring\n');
  });

  test('exports a workbook, and imports it again', async () => {
    const map = file(
      'names.json',
      JSON.stringify({ fields: { external_id: { column: 'external_id' }, name: { column: 'name' } } }),
    );
    const out = join(folder, 'campaigns.xlsx');
    const query = 'fields=external_id,name&external_id[in]=7,8';
    expect(await formwork('export', 'campaigns', '--format', 'xlsx', '--query', query, '--out', out)).toBe(0);
    expect(await formwork('import', 'campaigns', out, '--map', map)).toBe(0);
    expect(printed).toContain('2 rows read');
    expect(printed).toContain('0 created, 0 updated, 2 unchanged');
  });

  test('knows what was made at run time, and is not there in the files', async () => {
    const made = await changedRegistry(await publishedIn(app), /campaigns\.entity\.json$/, (campaigns) => {
      campaigns.fields['motto'] = { id: 'fld_campaigns_motto', type: 'text', label: { en: 'Motto', ar: 'شعار', he: 'סיסמה' } };
    });
    await (await applyVersion(app.parts.versions, { wanted: made, kind: 'change', author: null, reason: null })).done;
    const map = file(
      'mottos.json',
      JSON.stringify({ fields: { external_id: { column: 'id' }, name: { column: 'name' }, motto: { column: 'motto' } } }),
    );
    expect(await formwork('import', 'campaigns', file('mottos.csv', 'id,name,motto\n9,Winter,Stay in\n'), '--map', map)).toBe(0);
    printed = '';
    expect(await formwork('export', 'campaigns', '--query', 'fields=name,motto&name[eq]=Winter')).toBe(0);
    expect(printed).toBe('name,motto\nWinter,Stay in\n');
  });

  test('says in a sentence what is wrong, and fails', async () => {
    const map = file('map.json', JSON.stringify(mapping));
    const csv = file('short.csv', 'id,phone\n1,2\n');
    const refused = async (...args: readonly string[]): Promise<string> => {
      complained = '';
      process.exitCode = undefined;
      expect(await formwork(...args)).toBe(1);
      return complained;
    };
    expect(await refused('import', 'accounts', csv, '--map', map)).toContain('The file has no column "name".');
    expect(await refused('import', 'accounts', join(folder, 'none.csv'), '--map', map)).toContain('There is no file');
    expect(await refused('import', 'accounts', csv, '--map', 'nothing')).toContain(
      'There is no file and no import mapping "nothing"',
    );
    expect(await refused('import', 'nothing', csv, '--map', map)).toContain('There is no "nothing".');
    expect(await refused('import', 'accounts', csv, '--map', file('bad.json', '{'))).toContain('is not valid JSON');
    expect(await refused('import', 'accounts', csv, '--map', file('odd.json', '{"fields":{},"more":1}'))).toContain(
      'The mapping is not valid.',
    );
    expect(await refused('import', 'accounts', csv, '--map', map, '--as', 'nobody@example.org')).toContain('no active user');
    expect(await refused('export', 'auditlog')).toContain('does not offer "export"');
  });
});
