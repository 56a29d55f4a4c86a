// The commands on the tables, on the library application: what they print, and what they do.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { migrateCommand } from '../../server/commands/migrate.ts';
import { planCommand } from '../../server/commands/plan.ts';
import { purgeRetiredCommand } from '../../server/commands/purge-retired.ts';
import { rollbackCommand } from '../../server/commands/rollback.ts';
import { statusCommand } from '../../server/commands/status.ts';
import { textTable } from '../../server/commands/text-table.ts';
import { packageRoot } from '../../server/package-root.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let folder: string;
const before = { ...process.env };
let printed = '';
let complained = '';

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'formwork-commands-'));
  cpSync(join(packageRoot(), 'test', 'fixtures', 'library'), folder, { recursive: true });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});
beforeEach(() => {
  Object.assign(process.env, { DATABASE_URL: database.url, FORMWORK_METADATA_DIR: folder });
  printed = '';
  complained = '';
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

/** Runs a command line; returns what it printed. */
async function run(...words: string[]): Promise<string> {
  const program = new Command('formwork').exitOverride().configureOutput({ writeErr: () => undefined });
  for (const add of [planCommand, migrateCommand, rollbackCommand, statusCommand, purgeRetiredCommand])
    add(program.exitOverride());
  for (const command of program.commands) command.exitOverride();
  printed = '';
  await program.parseAsync(['node', 'formwork', ...words]);
  return printed;
}

const entityFile = () => join(folder, 'entities', 'branches.entity.json');
type EntityFile = { fields: Record<string, object> };
function changeBranches(change: (entity: EntityFile) => void): void {
  const entity = JSON.parse(readFileSync(entityFile(), 'utf8')) as EntityFile;
  change(entity);
  writeFileSync(entityFile(), JSON.stringify(entity));
}

test('an empty database is planned, migrated and told about', async () => {
  expect(await run('status')).toMatch(/^Nothing is installed\. \d+ steps are pending/);
  expect(await run('plan')).toMatch(
    /createTable .*lib_branches.*\n[\s\S]*steps from an empty schema; start applies (\d+) of them by itself/,
  );
  expect(await run('migrate', '--author', 'Ada', '--reason', 'first tables')).toMatch(/^Version 1, \d+ steps:\n {2}Create table/);
  const status = await run('status');
  expect(status).toMatch(/^1 +applied +\S+Z +[0-9a-f]{16} +Ada +first tables$/m);
  expect(status).toContain('Pending: 0 steps');
  expect(status).not.toContain('not as that version left them');
  expect(await run('plan')).toBe('Nothing to do: the tables are as the metadata say (version 1).\n');
  expect(await run('migrate')).toBe('Nothing to do at version 1.\n');
});

test('a change is shown with its SQL both ways, applied, and taken back', async () => {
  changeBranches((entity) => {
    entity.fields['wall_colour'] = { id: 'fld_branches_spine', type: 'text', label: { en: 'Spine', ar: 'س' } };
  });
  const plan = await run('plan', '--sql');
  expect(plan).toContain('ADD COLUMN "wall_colour" text');
  expect(plan).toContain('DROP COLUMN "wall_colour"');
  expect(await run('migrate', '--additive')).toContain('Version 2, 1 steps:');
  expect(await run('rollback')).toMatch(/^Back at version 1; taken back: 2\./);
  expect(await run('rollback', '--to', '1')).toBe('Nothing to take back: version 3 is in force.\n');
  await expect(run('rollback', '--to', 'x')).rejects.toMatchObject({ code: 'commander.invalidArgument' });
});

test('what stands in the way is said with examples, and the exit code tells', async () => {
  await database.knex.raw(`INSERT INTO library.lib_branches (id, name) VALUES ('0190a5b0-0000-7000-8000-000000000001', 'A')`);
  changeBranches((entity) => {
    delete entity.fields['wall_colour'];
    entity.fields['cover'] = { id: 'fld_branches_cover', type: 'text', required: true, label: { en: 'Cover', ar: 'غ' } };
  });
  expect(await run('plan')).toMatch(
    /This stands in the way:\n {2}\/entities\/branches\/fields\/cover: .* 1 found, e\.g\. 0190a5b0-/,
  );
  expect(await run('migrate')).toBe('');
  expect(complained).toMatch(
    /The data do not allow these changes\.\n {2}\/entities\/branches\/fields\/cover .* E\.g\. 0190a5b0-/,
  );
  expect(process.exitCode).toBe(1);
  expect(await run('migrate', '--additive')).toMatch(/Version \d, 1 steps:[\s\S]*3 steps wait for migrate without --additive\./);
});

test('what was set aside is dropped for good only on demand', async () => {
  changeBranches((entity) => {
    delete entity.fields['cover'];
  });
  await run('migrate');
  expect(await run('purge-retired', '--older-than', '1')).toBe('Nothing is old enough.\n');
  expect(await run('purge-retired', '--older-than', '0')).toMatch(/^Drop lib_branches\.cover__retired_\w+ for good\n$/);
  await expect(run('purge-retired', '--older-than', '-1')).rejects.toMatchObject({ code: 'commander.invalidArgument' });
});

test('changes by hand and an interrupted version are told', async () => {
  await database.knex.raw('ALTER TABLE library.lib_branches DROP COLUMN display_name');
  await database.knex.raw(`UPDATE library.lib_meta_versions SET status = 'applying' WHERE status = 'applied' AND number > 1`);
  const status = await run('status');
  expect(status).toMatch(/was interrupted \(applying\)/);
  expect(status).toMatch(/not as that version left them:\n {2}Column lib_branches\.display_name is missing\./);
});

test('metadata that are not valid are answered by their findings', async () => {
  writeFileSync(entityFile(), '{');
  expect(await run('plan')).toBe('');
  expect(complained).toMatch(/branches\.entity\.json/);
  expect(process.exitCode).toBe(1);
});

test('an empty table of text is empty', () => {
  expect(textTable([])).toBe('');
});
