// Methods: what an entity does not offer is a 405 with Allow; what the caller may not do is a 403 or a 404.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Registry } from '../../server/metadata/registry.ts';
import type { RoleMetadata } from '../../server/metadata/types.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { crmRegistry } from '../support/registry.ts';

const role = (name: string, entities: RoleMetadata['entities']): RoleMetadata => ({
  id: `role_test_${name}`,
  name,
  label: { en: name },
  entities,
});

async function withRoles(): Promise<Registry> {
  const registry = await crmRegistry();
  const added = [
    role('test_reader', { contacts: { read: 'all' } }),
    role('test_owner', { users: { read: 'all' }, contacts: { create: true, read: 'own', update: 'own', delete: 'own' } }),
    role('test_writer', {
      users: { read: 'all' },
      contacts: { create: true, read: 'own', update: 'all', assign: 'all' },
      accounts: { create: true },
    }),
  ];
  return { ...registry, roles: new Map([...registry.roles, ...added.map((each) => [each.name, each] as const)]) };
}

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ registry: await withRoles() });
});
afterAll(() => app.stop());

/** Signs a user with the role in. */
async function signedIn(name: string): Promise<string> {
  const email = `${name}@example.com`;
  const password = 'long enough for all';
  await app.request('POST', '/users', { body: { first_name: 'T', last_name: name, email, password } });
  await app.knex
    .withSchema('crm_core')
    .from('crm_users')
    .where({ email })
    .update({ roles: [name] });
  const { body } = await app.request('POST', '/auth/login', { body: { email, password }, token: null });
  return String(body['data']?.['access_token']);
}

describe('methods', () => {
  test.each([
    ['PUT', '/contacts', 'GET, POST, PATCH, DELETE, HEAD, OPTIONS'],
    ['GET', '/batch', 'POST, OPTIONS'],
    ['DELETE', '/auditlog', 'GET, HEAD, OPTIONS'],
    ['POST', '/contacts/00000000-0000-7000-8000-000000000000', 'GET, PATCH, DELETE, HEAD, OPTIONS'],
    ['GET', '/contacts/00000000-0000-7000-8000-000000000000/restore', 'POST, OPTIONS'],
    ['POST', '/auditlog', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/auditlog/00000000-0000-7000-8000-000000000000', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/timeline/00000000-0000-7000-8000-000000000000', 'GET, HEAD, OPTIONS'],
    ['POST', '/search', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/openapi.json', 'GET, HEAD, OPTIONS'],
    ['GET', '/auth/login', 'POST, OPTIONS'],
  ])('%s %s is a 405 that allows %s', async (method, path, allow) => {
    const { status, headers, body } = await app.request(method, path, method === 'GET' ? {} : { body: {} });
    expect([status, body['code'], headers.get('allow')]).toEqual([405, 'method_not_allowed', allow]);
  });

  test('OPTIONS tells what is offered', async () => {
    const { status, headers } = await app.request('OPTIONS', '/auditlog');
    expect([status, headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });

  test.each(['/contacts/a/b', '/contacts/a/restore/c', '/'])('%s is nothing', async (path) => {
    expect((await app.request('GET', path)).status).toBe(404);
  });
});

describe('rights', () => {
  test('who may only read is refused every write, and sees no other entity', async () => {
    const token = await signedIn('test_reader');
    const made = await app.request('POST', '/contacts', { body: { last_name: 'Shown' } });
    const path = `/contacts/${made.body['data']?.['id']}`;
    expect((await app.request('GET', path, { token })).status).toBe(200);
    for (const [method, target] of [
      ['POST', '/contacts'],
      ['PATCH', path],
      ['DELETE', path],
      ['DELETE', `${path}?purge=true`],
      ['POST', `${path}/restore`],
    ] as const) {
      const { status, body } = await app.request(method, target, { token, body: { last_name: 'X' } });
      expect([method, status, body['code']]).toEqual([method, 403, 'forbidden']);
    }
    expect((await app.request('GET', '/accounts', { token })).status).toBe(404);
    expect((await app.request('GET', '/search?q=a&entities=accounts', { token })).status).toBe(400);
    const document = await app.request('GET', '/openapi.json', { token });
    const paths = Object.keys(document.body['paths'] ?? {});
    expect(paths.filter((each) => each.startsWith('/contacts')).sort()).toEqual([
      '/contacts',
      '/contacts/aggregate',
      '/contacts/query',
      '/contacts/{id}',
    ]);
    expect(paths.some((each) => each.startsWith('/accounts'))).toBe(false);
    expect(Object.keys(document.body['paths']?.['/contacts/{id}'] ?? {})).toEqual(['get']);
  });

  test('who sees only own records does not learn of others', async () => {
    const token = await signedIn('test_owner');
    const other = await app.request('POST', '/contacts', { body: { last_name: 'Hidden' } });
    const path = `/contacts/${other.body['data']?.['id']}`;
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const { status } = await app.request(method, path, { token, ...(method === 'GET' ? {} : { body: {} }) });
      expect([method, status]).toEqual([method, 404]);
    }
    const own = await app.request('POST', '/contacts', { token, body: { last_name: 'Mine' } });
    expect(own.status).toBe(201);
    const list = await app.request('GET', '/contacts', { token });
    expect((list.body['data'] as never as { last_name: string }[]).map((record) => record.last_name)).toEqual(['Mine']);
  });

  test('who may write but not read afterwards gets id and version', async () => {
    const token = await signedIn('test_writer');
    const { status, body } = await app.request('POST', '/contacts', {
      token,
      body: { last_name: 'Given', owner_id: app.adminId },
    });
    expect(status).toBe(201);
    expect(body['data']).toEqual({ id: expect.any(String), version: 1 });
  });

  test('a stored answer is not given to who lost the right', async () => {
    const token = await signedIn('test_owner');
    const write = { token, body: { last_name: 'Before' }, headers: { 'Idempotency-Key': 'rights-lost' } };
    expect((await app.request('POST', '/contacts', write)).status).toBe(201);
    await app.knex
      .withSchema('crm_core')
      .from('crm_users')
      .where({ email: 'test_owner@example.com' })
      .update({ roles: ['test_reader'] });
    const { body } = await app.request('POST', '/auth/login', {
      body: { email: 'test_owner@example.com', password: 'long enough for all' },
      token: null,
    });
    const fresh = String(body['data']?.['access_token']);
    expect((await app.request('POST', '/contacts', { ...write, token: fresh })).status).toBe(403);
  });
});
