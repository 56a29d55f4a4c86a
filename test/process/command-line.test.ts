// Commands on the data folder of a running server: they join its PostgreSQL and leave it running.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../server/package-root.ts';
import { adminVariables, type Client, send, signedIn } from './client.ts';
import { type Ended, type Program, programFolder, until } from './program.ts';

const folder = programFolder();
const metadata = join(folder.path, 'library');
const variables = { ...adminVariables, FORMWORK_METADATA_DIR: metadata };
let program: Program;
let url: string;
let client: Client;

beforeAll(async () => {
  cpSync(join(packageRoot(), 'test', 'fixtures', 'library'), metadata, { recursive: true });
  program = folder.run(['start'], variables);
  url = await program.ready();
  client = await signedIn(`${url}/library/v1`);
});
afterAll(() => folder.remove());

/** The command's answer, after which the server still has its database. */
async function command(...args: readonly string[]): Promise<Ended> {
  const ended = await folder.run(args, variables).ended;
  expect((await send('GET', `${url}/health/ready`)).body).toMatchObject({ database: { ok: true } });
  return ended;
}

/** Adds a field to the branches in the metadata folder. */
function addField(): void {
  const file = join(metadata, 'entities', 'branches.entity.json');
  const entity = JSON.parse(readFileSync(file, 'utf8')) as { fields: Record<string, object> };
  entity.fields['lift'] = { id: 'fld_branches_lift', type: 'boolean', label: { en: 'Lift', ar: 'مصعد' } };
  writeFileSync(file, JSON.stringify(entity));
}

test('status tells the version in force and that nothing is pending', async () => {
  const { code, stdout, stderr } = await command('status');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^version +status/);
  expect(stdout).toMatch(/^1 +applied .* start$/m);
  expect(stdout).toContain('Pending: 0 steps');
});

describe('a new field', () => {
  test('is planned, with the SQL both ways, and changes nothing yet', async () => {
    addField();
    const { code, stdout } = await command('plan', '--sql');
    expect(code).toBe(0);
    expect(stdout).toMatch(/-- up\n {3}ALTER TABLE .*lib_branches.* ADD COLUMN "lift" boolean/);
    expect(stdout).toMatch(/-- down\n {3}ALTER TABLE .*lib_branches.* DROP COLUMN .*"lift"/);
    expect((await command('status')).stdout).toMatch(/Pending: [1-9]/);
  });

  test('is migrated, and rolled back', async () => {
    expect(await command('migrate', '--author', 'Ann', '--reason', 'lifts')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Version 2, \d steps:\n/),
    });
    expect((await command('status')).stdout).toMatch(/^2 +applied .* Ann +lifts$/m);
    expect(await command('rollback')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Back at version 1; taken back: 2\./),
    });
    expect((await command('status')).stdout).toMatch(/^3 +applied .* back to version 1$/m);
  });
});

describe('records', () => {
  test('are imported from a file, and importing it again changes nothing', async () => {
    const file = join(folder.path, 'cards.csv');
    await client.post('/branches', { name: 'Harbour' });
    const cards = [
      'Title;Subtitle;ISBN;Subjects;Binding;Branch',
      'Tides;A history;9783161484100;;HC;Harbour',
      'Winds;;9780306406157;;PB;Harbour',
      'Nowhere;;not an isbn;;PB;Harbour',
    ];
    writeFileSync(file, `${cards.join('\n')}\n`);
    const rejects = join(folder.path, 'rejects.csv');
    const first = await command('import', 'books', file, '--map', 'imp_catalogue', '--rejects', rejects);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /^3 rows read in \d+\.\d s: 2 accepted, 0 skipped, 1 rejected\.\n2 created, 0 updated, 0 unchanged/,
    );
    expect(readFileSync(rejects, 'utf8')).toContain('not an isbn');
    const second = await command('import', 'books', file, '--map', 'imp_catalogue');
    expect(second.stdout).toMatch(/2 accepted, 0 skipped, 1 rejected\.\n0 created, 0 updated, 2 unchanged/);
    expect((await client.get('/books?sort=title')).body['data']).toMatchObject([
      { title: 'Tides A history', format: 'hardcover' },
      { title: 'Winds', format: 'paperback' },
    ]);
  });

  test('are exported as lines of JSON and as CSV', async () => {
    const lines = await command('export', 'books', '--format', 'ndjson', '--query', 'sort=title');
    expect(lines).toMatchObject({ code: 0, stderr: '' });
    const titles = lines.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { title: string }).title);
    expect(titles).toEqual(['Tides A history', 'Winds']);
    const out = join(folder.path, 'books.csv');
    expect(await command('export', 'books', '--out', out)).toMatchObject({ code: 0, stderr: '', stdout: '' });
    expect(readFileSync(out, 'utf8')).toMatch(/Tides A history/);
  });

  test.each([
    [['import', 'books', '/no/such.csv', '--map', 'imp_catalogue'], 'There is no file /no/such.csv.\n'],
    [['import', 'books', '/dev/null', '--map', 'none'], /^There is no file and no import mapping "none"; the mappings are /],
    [['export', 'dragons'], /dragons|not found/i],
    [['rollback', '--to', '99'], 'There is no version 99 to go back to.\n'],
  ])('a command that cannot work says why: %j', async (args, sentence) => {
    const { code, stdout, stderr } = await command(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    if (typeof sentence === 'string') expect(stderr).toBe(sentence);
    else expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test('the server stops as ever, and a command by itself starts PostgreSQL and stops it again', async () => {
  program.signal('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  await until(() => folder.processes().length === 0, 'everything to be gone');
  expect((await folder.run(['status'], variables).ended).stdout).toMatch(/^1 +applied/m);
  await until(() => folder.processes().length === 0, 'everything to be gone');
  expect(folder.temporaries()).toEqual([]);
});
