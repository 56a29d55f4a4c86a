// Nobody gives away rights that they lack: roles to users, roles themselves, workflows that run as somebody else.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { actorOf } from '../../server/auth/actor-of.ts';
import { mayGrant } from '../../server/auth/granting.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Answer, signIn } from '../support/requests.ts';

let app: TestApp;
const password = 'long enough for all';

beforeAll(async () => {
  app = await startTestApp({ live: true });
  await apply([
    // May write users, and has rights of a kind, but not those of a manager.
    setRole('office', { 'metadata.read': true }, { users: { create: true, read: 'all', update: 'all' }, leads: { read: 'own' } }),
    setRole('reader', {}, { leads: { read: 'own' } }),
    setRole('peeper', {}, { leads: { read: 'own' }, contacts: { read: 'own' } }),
    setRole('configurer', { 'metadata.read': true, 'metadata.write': true }, { leads: { read: 'all', update: 'own' } }),
  ]);
  for (const role of ['office', 'builder', 'configurer'])
    await app.request('POST', '/users', {
      body: { first_name: 'T', last_name: role, email: `${role}@example.com`, password, roles: [role] },
    });
});
afterAll(() => app.stop());

const setRole = (name: string, system: object, entities: object) => ({
  op: 'setRole',
  role: { name, label: { en: name }, system, entities },
});
const apply = async (changes: readonly object[], role?: string): Promise<Answer> =>
  app.request('POST', '/meta/apply', {
    body: { changes },
    headers: { Prefer: 'wait=20' },
    ...(role === undefined ? {} : { token: await tokenOf(role) }),
  });
const tokenOf = (role: string): Promise<string> => signIn(app.base, `${role}@example.com`, password);
const details = ({ status, body }: Answer) => [
  status,
  (body['errors'] as never as { detail: string }[])?.map(({ detail }) => detail),
];

describe('roles are given', () => {
  test('by who holds them, or has all that they give', () => {
    const registry = app.parts.registry.current();
    const by = (...roles: readonly string[]) =>
      actorOf(
        { id: '1', email: '', name: '', roles, language: null, active: true, reach: { users: ['1'], teams: [] } },
        registry,
      );
    const all = [...registry.roles.keys()];
    expect(mayGrant(registry, by('admin'), all)).toEqual([]);
    expect(mayGrant(registry, by('sales_rep'), ['sales_rep', 'reader', 'support', 'manager', 'admin'])).toEqual([
      'support',
      'manager',
      'admin',
    ]);
    expect(mayGrant(registry, by('office'), ['reader', 'peeper'])).toEqual(['peeper']);
    expect(mayGrant(registry, by('office', 'peeper'), ['reader', 'peeper'])).toEqual([]);
    expect(mayGrant(registry, by(), ['reader'])).toEqual(['reader']);
  });

  test('to users within that, on every path, also to oneself', async () => {
    const token = await tokenOf('office');
    const make = (roles: readonly string[]) =>
      app.request('POST', '/users', {
        token,
        body: { first_name: 'N', last_name: 'N', email: `n${Math.random()}@example.com`, roles },
      });
    expect((await make(['reader'])).status).toBe(201);
    const refused = await make(['reader', 'manager']);
    expect([refused.status, refused.body['errors']]).toEqual([
      422,
      [{ pointer: '/roles', code: 'forbidden', detail: 'You may not give the roles manager: their rights go beyond yours.' }],
    ]);
    const { body } = await app.request('GET', '/auth/me', { token });
    const self = await app.request('PATCH', `/users/${body['data']?.['id']}`, { token, body: { roles: ['office', 'admin'] } });
    expect([self.status, self.body['code']]).toEqual([422, 'validation_failed']);
    const query = `mutation { updateUser(id: "${body['data']?.['id']}", patch: { roles: ["admin"] }) { id } }`;
    const graphql = await app.request('POST', '/graphql', { token, body: { query } });
    expect(JSON.stringify(graphql.body)).toContain('their rights go beyond yours');
    expect((await app.request('GET', '/auth/me', { token })).body['data']?.['roles']).toEqual(['office']);
  });
});

describe('the metadata', () => {
  test('give nobody a role beyond their own rights, when it is made and when it is changed', async () => {
    expect(details(await apply([setRole('more', {}, { leads: { read: 'all', update: 'all' } })], 'configurer'))).toEqual([
      403,
      ['The role "more" would have rights that you lack.'],
    ]);
    expect((await apply([setRole('less', {}, { leads: { read: 'team' } })], 'configurer')).status).toBe(200);
    const more = [{ op: 'setRole', name: 'less', set: { entities: { leads: { read: 'all', delete: 'all' } } } }];
    expect((await apply(more, 'configurer')).status).toBe(403);
    const planned = await app.request('POST', '/meta/plan', { body: { changes: more }, token: await tokenOf('configurer') });
    expect(planned.status).toBe(403);
    const wide = (await apply(more)).body['data']?.['version'];
    expect((await apply([{ op: 'setRole', name: 'less', set: { entities: { leads: { read: 'team' } } } }])).status).toBe(200);
    const back = { body: { to: wide }, headers: { Prefer: 'wait=20' } };
    const refused = await app.request('POST', '/meta/rollback', { ...back, token: await tokenOf('configurer') });
    expect(details(refused)).toEqual([403, ['The role "less" would have rights that you lack.']]);
    expect((await app.request('POST', '/meta/rollback', back)).status).toBe(200);
  });

  test('let no workflow run with rights that its maker lacks', async () => {
    const workflow = (runAs?: string) => [
      {
        op: 'setWorkflow',
        workflow: {
          name: `flow_${runAs ?? 'own'}`,
          label: { en: 'Flow' },
          entity: 'leads',
          status: 'active',
          ...(runAs === undefined ? {} : { runAs }),
          trigger: { type: 'record.created' },
          rules: [],
          steps: [{ id: 'tell', type: 'timeline.add', kind: 'automation', summary: { en: 'Hello' } }],
        },
      },
    ];
    expect(details(await apply(workflow('system'), 'builder'))).toEqual([
      403,
      ['The workflow "flow_system" would run with rights that you lack (system).'],
    ]);
    expect((await apply(workflow('manager'), 'builder')).status).toBe(403);
    expect((await apply(workflow(), 'builder')).status).toBe(200);
    expect((await apply(workflow('system'))).status).toBe(200);
    const nobody = await apply(workflow('nobody'));
    expect([nobody.status, nobody.body['errors']]).toEqual([
      422,
      [
        expect.objectContaining({
          pointer: '/changes/0/workflow/runAs',
          detail: expect.stringContaining('There is no role "nobody".'),
        }),
      ],
    ]);
  });

  test('are a builder’s only as far as entities, forms and rules made at run time', async () => {
    const entity = {
      name: 'gadgets',
      singular: 'gadget',
      plural: 'gadgets',
      label: { en: { one: 'Gadget', other: 'Gadgets' } },
      display: { nameFields: ['name'] },
      operations: ['create', 'read', 'update', 'delete', 'restore'],
      fields: { name: { type: 'text', label: { en: 'Name' }, required: true } },
    };
    expect((await apply([{ op: 'addEntity', entity }], 'builder')).status).toBe(200);
    const token = await tokenOf('builder');
    expect((await app.request('POST', '/gadgets', { token, body: { name: 'First' } })).status).toBe(201);
    expect((await app.request('GET', '/leads', { token })).status).toBe(404);
    const field = { name: 'extra', type: 'text', label: { en: 'Extra' } };
    expect((await apply([{ op: 'addField', entity: 'leads', field }], 'builder')).status).toBe(403);
    expect((await apply([setRole('mine', {}, { gadgets: { read: 'all' } })], 'builder')).status).toBe(403);
    expect(
      (await app.request('POST', '/users', { token, body: { first_name: 'X', last_name: 'Y', email: 'x@example.com' } })).status,
    ).toBe(403);
  });
});
