// The commands on rights: what a role may do, with how many records, and how rights in effect differ between two versions.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { diffCommand } from '../../server/commands/diff.ts';
import { simulateRoleCommand } from '../../server/commands/simulate-role.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
const before = { ...process.env };
let printed = '';

beforeAll(async () => {
  app = await startTestApp({ live: true });
  await app.request('POST', '/users', {
    body: { first_name: 'R', last_name: 'Ep', email: 'rep@example.com', roles: ['sales_rep'] },
  });
});
afterAll(() => app.stop());
beforeEach(() => {
  process.env['DATABASE_URL'] = app.parts.database.url;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  jest.spyOn(console, 'error').mockImplementation((text) => {
    printed += String(text);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
  process.env = { ...before };
});

async function run(...words: string[]): Promise<readonly [text: string, exitCode: number]> {
  const program = new Command('formwork').exitOverride().configureOutput({ writeErr: () => undefined });
  for (const add of [diffCommand, simulateRoleCommand]) add(program);
  process.exitCode = 0;
  printed = '';
  await program.parseAsync(['node', 'formwork', ...words]);
  return [printed, Number(process.exitCode)];
}

/** The cells of the row that begins with the name. */
const row = (text: string, name: string): readonly string[] =>
  text
    .split('\n')
    .find((line) => line.startsWith(`${name} `))
    ?.split(/ {2,}/) ?? [];

describe('simulate-role', () => {
  test('tells every right of every entity, of several roles together', async () => {
    const [text, exitCode] = await run('simulate-role', 'sales_rep');
    expect(exitCode).toBe(0);
    expect(text.split('\n')).toHaveLength(app.registry.entities.size + 3);
    expect(row(text, 'leads')).toEqual(['leads', 'all', 'team', 'own', 'own', 'own', 'none', 'all', 'all', 'own', 'own', 'team']);
    expect(row(text, 'products')[2]).toBe('all (fields: 1 closed)');
    const [both] = await run('simulate-role', 'sales_rep', 'marketing', '--entity', 'opportunities');
    expect(row(both, 'opportunities')[2]).toBe('team, or all within a filter');
  });

  test('counts the records of a user with it', async () => {
    const users = (await app.request('GET', '/users?email[eq]=rep@example.com')).body['data'] as never as { id: string }[];
    await app.request('POST', '/leads', { body: { last_name: 'Own', company: 'C', owner_id: users[0]?.id } });
    await app.request('POST', '/leads', { body: { last_name: 'Other', company: 'C' } });
    const count = async (role: string) =>
      row((await run('simulate-role', role, '--user', 'rep@example.com', '--entity', 'leads'))[0], 'leads').slice(-2);
    expect([await count('sales_rep'), await count('manager'), await count('support')]).toEqual([
      ['1', '1'],
      ['2', '2'],
      ['0', '0'],
    ]);
  });

  test('says what is not there', async () => {
    expect(await run('simulate-role', 'pilot')).toEqual([expect.stringContaining('There is no role pilot. There are: admin'), 2]);
    expect(await run('simulate-role', 'admin', '--entity', 'planes')).toEqual([
      expect.stringContaining('There is no entity planes'),
      2,
    ]);
    expect(await run('simulate-role', 'admin', '--user', 'x@y.z')).toEqual([expect.stringContaining('no active user x@y.z'), 2]);
  });
});

describe('diff', () => {
  test('tells the rights in effect that two versions differ in, whatever brought that about', async () => {
    const role = { name: 'trainee', label: { en: 'Trainee' }, extends: ['sales_rep'], entities: {} };
    const apply = (changes: readonly object[]) =>
      app.request('POST', '/meta/apply', { body: { changes }, headers: { Prefer: 'wait=20' } });
    const first = (await apply([{ op: 'setRole', role }])).body['data']?.['version'];
    const salesRep = { ...app.registry.roles.get('sales_rep')?.entities };
    const entities = { ...salesRep, leads: { ...salesRep['leads'], read: 'all', fields: { notes: { read: false } } } };
    const second = (await apply([{ op: 'setRole', name: 'sales_rep', set: { entities } }])).body['data']?.['version'];
    const [text, exitCode] = await run('diff', String(first), String(second), '--rights');
    expect(exitCode).toBe(1);
    // Whoever extends the role has the same; nobody else has.
    expect(
      text
        .split('\n')
        .filter((line) => line.includes(' read '))
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['sales_rep', 'leads', 'read', 'team', 'all (fields: 1 closed)'],
      ['trainee', 'leads', 'read', 'team', 'all (fields: 1 closed)'],
    ]);
    expect((await run('diff', String(first), String(first), '--rights'))[1]).toBe(0);
    const { body } = await app.request('GET', `/meta/versions/compare?from=${first}&to=${second}`);
    expect(body['data']?.['rights']).toContainEqual({
      role: 'trainee',
      entity: 'leads',
      right: 'read',
      before: 'team',
      after: 'all (fields: 1 closed)',
    });
  });
});
