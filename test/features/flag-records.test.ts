// The records of flags: which names there are, what would lock everybody out, and what the caller is told of all of them.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startTestApp, type TestApp } from '../support/app.ts';
import { type Flags, flagsOf, type Person, person } from './support.ts';

let app: TestApp;
let flags: Flags;
let rep: Person;
let stranger: Person;
const make = (body: object, token?: string): Promise<Answer> =>
  app.request('POST', '/feature_flags', { body, ...(token === undefined ? {} : { token }) });
const issuesOf = ({ status, body }: Answer) => [
  status,
  [...(body['errors'] ?? [])].map(({ pointer, code, detail }) => [String(pointer), String(code), String(detail)]),
];

beforeAll(async () => {
  const plugin = {
    manifest: { name: 'gadgets', version: '1.0.0', description: 'A plugin of the test' },
    features: ['gadgets'],
  };
  app = await startTestApp({ live: true, plugins: [plugin] });
  flags = flagsOf(app);
  rep = await person(app, 'rep', 'sales_rep');
  stranger = await person(app, 'stranger', 'builder');
});
afterEach(() => flags.clear());
afterAll(() => app.stop());

describe('a name', () => {
  test.each([
    ['quotess', 'There is no feature "quotess". Did you mean "quotes"?'],
    ['workflow_lead_scorin', 'Did you mean "workflow_lead_scoring"?'],
    ['exprt', 'Did you mean "export"?'],
    ['gadget', 'Did you mean "gadgets"?'],
    ['crm_feature_quotes', 'The name of the flag crm_feature_quotes is "quotes": the prefix stands before it by itself.'],
  ])('%s is refused', async (name, detail) => {
    expect(issuesOf(await make({ name }))).toEqual([422, [['/name', 'unknown_feature', expect.stringContaining(detail)]]]);
  });

  test.each(['users', 'feature_flags', 'feature_flag_targets'])('%s would lock everybody out', async (name) => {
    const detail = `Without "${name}" nobody could switch anything on again: it has no flag.`;
    expect(issuesOf(await make({ name }))).toEqual([422, [['/name', 'locks_out', detail]]]);
  });

  test.each(['quotes', 'export', 'workflow_lead_scoring', 'gadgets'])('%s is taken, once', async (name) => {
    await flags.set(name, {});
    expect((await make({ name })).status).toBe(409);
  });

  test('like none of them is taken, for a feature to come', async () => {
    await flags.set('rocket_science', { enabled: false });
    const { body } = await app.request('GET', '/feature_flags/evaluated');
    expect(body['data']).toContainEqual({
      ...{ name: 'rocket_science', kind: 'unknown', key: 'crm_feature_rocket_science' },
      ...{ on: false, reason: 'DISABLED', variant: 'off' },
    });
  });

  test('may not be changed to one that there is not', async () => {
    const id = await flags.set('quotes', {});
    const answer = await app.request('PATCH', `/feature_flags/${id}`, { body: { name: 'users' } });
    expect(issuesOf(answer)).toMatchObject([422, [['/name', 'locks_out', expect.any(String)]]]);
    expect((await app.request('PATCH', `/feature_flags/${id}`, { body: { description: 'why' } })).status).toBe(200);
  });
});

test('what cannot be switched off stays on, whatever stands in the table', async () => {
  const id = await flags.set('quotes', { enabled: false });
  await app.knex.raw(`UPDATE crm_core.crm_feature_flags SET name = 'users' WHERE id = ?`, [id]);
  await app.parts.features.announce();
  expect((await app.request('GET', '/users')).status).toBe(200);
  expect((await app.request('GET', '/quotes')).status).toBe(200);
});

describe('the values', () => {
  test.each([
    [{ percentage: 101 }, '/percentage'],
    [{ percentage: -1 }, '/percentage'],
    [{ percentage: 'many' }, '/percentage'],
    [{ roles: ['nobody'] }, '/roles/0'],
    [{ roles: 'admin' }, '/roles'],
    [{ enabled: 'yes' }, '/enabled'],
  ])('%j is refused with a pointer', async (values, pointer) => {
    const [status, issues] = issuesOf(await make({ name: 'quotes', ...values }));
    expect([status, (issues as string[][]).map(([at]) => at)]).toEqual([
      422,
      [expect.stringContaining(pointer.split('/')[1] ?? '')],
    ]);
  });

  test('a target is one user or one team that is there', async () => {
    const flag_id = await flags.set('quotes', {});
    const target = (body: object) => app.request('POST', '/feature_flag_targets', { body: { flag_id, ...body } });
    const team_id = String((await app.request('POST', '/teams', { body: { name: 'A team' } })).body['data']?.['id']);
    expect(issuesOf(await target({}))).toMatchObject([422, [['/user_id', expect.any(String), 'Choose a user or a team.']]]);
    expect(issuesOf(await target({ user_id: rep.id, team_id }))).toMatchObject([
      422,
      [['/team_id', expect.any(String), expect.any(String)]],
    ]);
    expect(issuesOf(await target({ user_id: flag_id }))).toMatchObject([
      422,
      [['/user_id', 'reference_missing', expect.any(String)]],
    ]);
    expect([(await target({ team_id })).status, (await target({ team_id })).status]).toEqual([201, 409]);
  });
});

test('who may not write flags cannot, and who may not read them cannot', async () => {
  expect((await make({ name: 'quotes' }, rep.token)).status).toBe(403);
  expect((await app.request('GET', '/feature_flags', { token: rep.token })).status).toBe(200);
  expect((await app.request('GET', '/feature_flag_targets', { token: rep.token })).status).toBe(404);
});

describe('evaluated', () => {
  const evaluated = async (token?: string): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const { status, body } = await app.request('GET', '/feature_flags/evaluated', token === undefined ? {} : { token });
    expect(status).toBe(200);
    return body['data'] as never;
  };

  test('tells every feature, with OpenFeature’s reason', async () => {
    await flags.set('quotes', { enabled: false });
    await flags.set('export', { roles: ['sales_rep'] });
    await flags.set('gadgets', { percentage: 0 });
    const all = await evaluated();
    expect(all).toEqual(
      expect.arrayContaining([
        { name: 'quotes', kind: 'entity', key: 'crm_feature_quotes', on: false, reason: 'DISABLED', variant: 'off' },
        { name: 'contacts', kind: 'entity', key: 'crm_feature_contacts', on: true, reason: 'DEFAULT', variant: 'on' },
        { name: 'export', kind: 'application', key: 'crm_feature_export', on: false, reason: 'DEFAULT', variant: 'off' },
        { name: 'gadgets', kind: 'plugin', key: 'crm_feature_gadgets', on: false, reason: 'SPLIT', variant: 'off' },
      ]),
    );
    expect(all.map(({ name }) => name)).toEqual(all.map(({ name }) => String(name)).toSorted());
    expect(all.find(({ name }) => name === 'workflow_lead_scoring')).toMatchObject({ kind: 'workflow', on: true });
    expect((await evaluated(rep.token)).find(({ name }) => name === 'export')).toMatchObject({
      reason: 'TARGETING_MATCH',
      on: true,
    });
  });

  test('of what is off, only those are told who may read flags', async () => {
    await flags.set('quotes', { enabled: false });
    expect((await evaluated(stranger.token)).some(({ on }) => on === false)).toBe(true);
    const key = await app.request('POST', '/auth/keys', { body: { name: 'robot', roles: ['support'] } });
    expect(key.status).toBe(201);
  });

  test('takes no parameters and no other method, and needs a caller', async () => {
    expect((await app.request('GET', '/feature_flags/evaluated?x=1')).status).toBe(400);
    expect((await app.request('POST', '/feature_flags/evaluated')).status).toBe(405);
    expect((await app.request('GET', '/feature_flags/evaluated', { token: null })).status).toBe(401);
  });
});

test('who lacks nothing but a feature gives away all the same what is theirs', async () => {
  await flags.set('quotes', { enabled: false });
  await flags.set('export', { enabled: false });
  const user = {
    email: 'given@flags.example',
    first_name: 'G',
    last_name: 'Given',
    roles: ['manager'],
    password: 'long enough for all',
  };
  expect(issuesOf(await app.request('POST', '/users', { body: user }))).toEqual([201, []]);
  const role = {
    op: 'setRole',
    role: { name: 'clerk', label: { en: 'Clerk', ar: 'كاتب', he: 'פקיד' }, entities: { quotes: { read: 'all', export: true } } },
  };
  expect((await app.request('POST', '/meta/plan', { body: { changes: [role] } })).status).toBe(200);
});

test('plugins ask by name, for somebody or for nobody in particular', async () => {
  const { features } = app.parts;
  const caller = { id: rep.id, roles: ['sales_rep'], reach: { teams: [] } };
  const answers = async () => [await features.isOn('gadgets'), await features.isOn('gadgets', caller)];
  expect(await answers()).toEqual([true, true]);
  await flags.set('gadgets', { roles: ['sales_rep'] });
  expect(await answers()).toEqual([false, true]);
  expect(await features.client.getBooleanValue('crm_feature_gadgets', false, { targetingKey: 'x', roles: ['sales_rep'] })).toBe(
    true,
  );
  expect(await features.isOn('no_such_feature')).toBe(false);
});
