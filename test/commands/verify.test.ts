// Formulas and roll-ups that are made at run time: served at once, renamed with what they read, closed to who may not see what
// they sum up, and verified and repaired by `formwork verify rollups`.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { verifyCommand } from '../../server/commands/verify.ts';
import { newPerson } from '../auth/support/people.ts';
import { metadataApi, recordOf } from '../studio/support/metadata-api.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let account: string;
const before = { ...process.env };
let printed = '';
const label = (text: string) => ({ en: text, ar: text, he: text });
const open = { all: [{ fact: 'stage', operator: 'notIn', value: ['closed_won', 'closed_lost'] }] };
const fields = [
  { name: 'open_deals', type: 'rollup', label: label('Open deals'), relation: 'opportunities', function: 'count', filter: open },
  { name: 'busy', type: 'formula', label: label('Busy'), returns: 'boolean', expression: 'open_deals > 1' },
];

beforeAll(async () => {
  app = await startTestApp({ live: true });
  account = await made('accounts', { name: 'Ledger Ltd' });
  await deal();
  await metadataApi(app).applied(...fields.map((field) => ({ op: 'addField', entity: 'accounts', field })));
}, 120_000);
afterAll(() => app.stop());
beforeEach(() => {
  process.env['DATABASE_URL'] = app.parts.database.url;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
  process.env = { ...before };
});

async function made(entity: string, body: object): Promise<string> {
  return String(recordOf(await app.request('POST', `/${entity}`, { body }))['id']);
}
const deal = () => made('opportunities', { name: 'Deal', close_date: '2030-01-01', account_id: account });
const read = async (token?: string) =>
  recordOf(await app.request('GET', `/accounts/${account}`, token === undefined ? {} : { token }));

async function verify(...words: string[]): Promise<readonly [text: string, exitCode: number]> {
  const program = new Command('formwork').exitOverride().configureOutput({ writeErr: () => undefined });
  verifyCommand(program);
  process.exitCode = 0;
  printed = '';
  await program.parseAsync(['node', 'formwork', 'verify', ...words]);
  return [printed, Number(process.exitCode)];
}

describe('what is worked out', () => {
  test('is there for records that were, and follows what is written', async () => {
    expect(await read()).toMatchObject({ open_deals: 1, busy: false });
    const second = await deal();
    expect(await read()).toMatchObject({ open_deals: 2, busy: true, version: 1 });
    await app.request('DELETE', `/opportunities/${second}`);
    expect(await read()).toMatchObject({ open_deals: 1, busy: false });
    const query = `{ account(id: "${account}") { open_deals busy } }`;
    const { body } = await app.request('POST', '/graphql', { body: { query } });
    expect(body['data']).toEqual({ account: { open_deals: 1, busy: false } });
    const refused = await app.request('PATCH', `/accounts/${account}`, { body: { open_deals: 5 } });
    expect([refused.status, refused.body['errors']]).toEqual([
      422,
      [expect.objectContaining({ pointer: '/open_deals', code: 'read_only' })],
    ]);
  });

  test('is read anew although no version has moved', async () => {
    const first = await app.request('GET', `/accounts/${account}`);
    const tag = { 'If-None-Match': first.headers.get('etag') ?? '' };
    await deal();
    const again = await app.request('GET', `/accounts/${account}`, { headers: tag });
    expect([again.status, again.body['data']]).toEqual([
      200,
      expect.objectContaining({ open_deals: 2, version: first.body['data']?.['version'] }),
    ]);
  });

  test('is closed to who may not read all of it, unless their role names it', async () => {
    const role = (name: string, named: object) => ({
      op: 'setRole',
      role: {
        ...{ name, label: label(name), assignableTo: ['user'] },
        entities: { accounts: { read: 'all', ...named }, opportunities: { read: 'own' } },
      },
    });
    await metadataApi(app).applied(role('narrow', {}), role('named', { fields: { open_deals: { read: true } } }), {
      op: 'setRole',
      role: {
        name: 'wide',
        label: label('wide'),
        assignableTo: ['user'],
        entities: { accounts: { read: 'all' }, opportunities: { read: 'all' } },
      },
    });
    const [narrow, named, wide] = await Promise.all(
      ['narrow', 'named', 'wide'].map(async (name) => (await newPerson(app, [name])).token()),
    );
    const seen = async (token = '') => {
      const { open_deals, busy } = await read(token);
      const filtered = await app.request('GET', '/accounts?open_deals[gt]=0', { token });
      return [open_deals, busy, filtered.status];
    };
    expect(await seen(narrow)).toEqual([undefined, undefined, 400]);
    // The formula tells no more than the roll-up, but nobody has named it.
    expect(await seen(named)).toEqual([2, true, 200]);
    expect(await seen(wide)).toEqual([2, true, 200]);
  });

  test('names what it reads by the new name, which cannot go while it is read', async () => {
    const meta = metadataApi(app);
    await meta.applied({ op: 'renameField', entity: 'accounts', name: 'open_deals', to: 'deals_under_way' });
    expect(await read()).toMatchObject({ deals_under_way: 2, busy: true });
    const field = app.parts.registry.current().entities.get('accounts')?.fields.get('busy');
    expect(field?.meta['expression']).toBe('deals_under_way > 1');
    const refused = await meta.apply([{ op: 'retireField', entity: 'accounts', name: 'deals_under_way' }]);
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([422, expect.stringContaining('busy')]);
  });
});

describe('verify rollups', () => {
  test('finds nothing to tell of where all is well', async () => {
    expect(await verify('rollups')).toEqual(['Every formula and roll-up is what it should be.\n', 0]);
  });

  test('names what differs, with code 1, and repairs it when asked to', async () => {
    const { qualifiedTable, fields: all } = app.parts.registry.current().entities.get('accounts') ?? {};
    const column = all?.get('deals_under_way')?.columns[0]?.name;
    await app.knex.raw(`UPDATE ${qualifiedTable} SET "${column}" = 40 WHERE id = ?`, [account]);
    const [text, code] = await verify('rollups');
    expect([code, text]).toEqual([1, expect.stringMatching(new RegExp(`accounts\\.deals_under_way +1 +${account}`))]);
    const [repaired, done] = await verify('rollups', '--repair');
    expect([done, repaired]).toEqual([0, expect.stringContaining('Repaired accounts.deals_under_way in 1 record.')]);
    expect((await verify('rollups'))[1]).toBe(0);
    expect(await read()).toMatchObject({ deals_under_way: 2, busy: true });
  });

  test('knows nothing else by name', async () => {
    await expect(verify('everything')).rejects.toThrow('There is nothing called "everything" to verify; it is: rollups.');
  });
});
