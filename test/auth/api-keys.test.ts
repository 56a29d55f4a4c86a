// API keys: shown once, stored as hashes, with the roles that their owner may give, dead with their owner.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { apiKeys } from '../../server/auth/api-keys.ts';
import { keyCallers } from '../../server/auth/key-callers.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { newPerson, pointersIn, post, refusalOf, tokenIn } from './support/people.ts';

let app: TestApp;
let admin: string;
beforeAll(async () => {
  app = await startTestApp();
  admin = await app.token();
});
afterAll(() => app.stop());

const create = (body: object, token = admin) => post(app, '/auth/keys', body, { token });
const newKey = async (body: object = {}) => {
  const { status, body: answer } = await create({ name: 'Importer', roles: ['sales_rep'], ...body });
  expect(status).toBe(201);
  return answer['data'] as never as { readonly id: string; readonly key: string };
};
const me = (key: string) => app.request('GET', '/auth/me', { token: key });
/** Keys as another process sees them, with a clock of the test's own. */
const elsewhere = (now: () => number) => keyCallers({ knex: app.knex, registry: app.parts.registry }, now);

describe('an API key', () => {
  test('is shown once, stored as a hash, and opens what its roles may do', async () => {
    const made = await create({ name: ' Importer ', roles: ['sales_rep', 'sales_rep'] });
    const data = made.body['data'] as never as Record<string, string>;
    expect([made.status, made.headers.get('location')]).toEqual([201, `/crm/v1/auth/keys/${data['id']}`]);
    expect(data).toMatchObject({
      name: 'Importer',
      roles: ['sales_rep'],
      user_id: app.adminId,
      last_used_at: null,
      revoked_at: null,
    });
    expect(data['key']).toMatch(/^fwk_[0-9a-f]{32}_[\w-]{43}$/);
    expect(data['key']?.startsWith(`${data['prefix']}_`)).toBe(true);
    const answer = await me(String(data['key']));
    expect(answer.body['data']).toMatchObject({ id: app.adminId, roles: ['sales_rep'] });
    expect((await app.request('GET', '/contacts', { token: String(data['key']) })).status).toBe(200);
    expect((await app.request('POST', '/users', { token: String(data['key']), body: {} })).status).toBe(403);
    const { rows } = await app.knex.raw('SELECT * FROM crm_core.crm_api_keys');
    const list = await app.request('GET', '/auth/keys');
    const secret = String(data['key']).slice(37);
    expect([JSON.stringify(rows).includes(secret), JSON.stringify(list.body).includes(secret)]).toEqual([false, false]);
    expect(JSON.stringify(list.body)).not.toContain('secret_hash');
  });

  test('is taken from X-API-Key as well, where Authorization says nothing', async () => {
    const { key } = await newKey();
    const ask = (headers: Record<string, string>) => app.request('GET', '/auth/me', { token: null, headers });
    expect((await ask({ 'X-API-Key': key })).status).toBe(200);
    expect((await ask({ 'X-API-Key': key, Authorization: 'Basic YTpi' })).status).toBe(401);
    expect((await ask({ 'X-API-Key': 'something' })).status).toBe(401);
    expect((await app.request('GET', `/auth/me?api_key=${key}`, { token: null })).status).toBe(401);
  });

  test.each([
    ['another secret', (key: string) => `${key.slice(0, -4)}AAAA`],
    ['an unknown id', (key: string) => `fwk_${randomUUID().replaceAll('-', '')}${key.slice(36)}`],
    ['half a key', (key: string) => key.slice(0, 50)],
    ['nothing but the prefix', () => 'fwk_'],
    ['a very long one', (key: string) => key + 'A'.repeat(4_000)],
  ])('with %s is a 401 with its challenge', async (_name, forge) => {
    const { key } = await newKey();
    const answer = await me(forge(key));
    expect(refusalOf(answer)).toEqual([401, 'unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="api", error="invalid_token"/);
  });

  test('notes its use to the minute', async () => {
    const { id, key } = await newKey();
    let at = 0;
    const known = elsewhere(() => at);
    const used = async () => (await apiKeys({ knex: app.knex, registry: app.parts.registry }).find(id))?.last_used_at;
    expect(await used()).toBeNull();
    await known.current(key, '192.0.2.7');
    const first = await used();
    expect(first).toMatch(/Z$/);
    at += 5_000;
    await known.current(key, '192.0.2.8');
    expect(await used()).toBe(first);
    await app.knex.raw(`UPDATE crm_core.crm_api_keys SET last_used_at = now() - interval '61 seconds' WHERE id = ?`, [id]);
    at += 5_000;
    await known.current(key, '192.0.2.9');
    expect(Date.now() - Date.parse(String(await used()))).toBeLessThan(10_000);
  });

  test('dies when it is revoked, on other nodes within five seconds', async () => {
    const { id, key } = await newKey();
    let at = 0;
    const known = elsewhere(() => at);
    await known.current(key, '');
    expect((await app.request('DELETE', `/auth/keys/${id}`)).status).toBe(204);
    expect((await me(key)).status).toBe(401);
    at = 5_000;
    await expect(known.current(key, '')).rejects.toMatchObject({ code: 'unauthenticated' });
    expect((await app.request('DELETE', `/auth/keys/${id}`)).status).toBe(204);
    const traces = await app.knex.raw(
      `SELECT changes->'api_key' AS key FROM crm_core.crm_auditlog
       WHERE record_id = ? AND jsonb_exists(changes, 'api_key') ORDER BY id DESC LIMIT 2`,
      [app.adminId],
    );
    expect(traces.rows.map(({ key }: { key: object }) => key)).toEqual([
      { before: 'Importer (sales_rep)', after: null },
      { before: null, after: 'Importer (sales_rep)' },
    ]);
    const listed = (await app.request('GET', '/auth/keys')).body['data'] as never as Record<string, unknown>[];
    expect(listed.find((one) => one['id'] === id)?.['revoked_at']).toMatch(/Z$/);
  });

  test('dies with its time, with its owner, and with the roles that the owner loses', async () => {
    const owner = await newPerson(app, ['manager']);
    let at = 0;
    const known = elsewhere(() => at);
    const { id, key } = await newKey({ user_id: owner.id, roles: ['manager'] });
    expect((await known.current(key, '')).user).toMatchObject({ id: owner.id, roles: ['manager'] });
    const change = (body: object) => app.request('PATCH', `/users/${owner.id}`, { body });
    const rolesAfter = async (step: Promise<unknown>) => {
      await step;
      at += 5_000;
      return known.current(key, '').then(
        ({ user }) => user.roles,
        (error: { code: string }) => error.code,
      );
    };
    expect(await rolesAfter(change({ roles: [] }))).toEqual([]);
    expect(await rolesAfter(change({ roles: ['manager'] }))).toEqual(['manager']);
    expect(await rolesAfter(change({ active: false }))).toBe('unauthenticated');
    expect(await rolesAfter(change({ active: true }))).toEqual(['manager']);
    const expire = app.knex.raw(`UPDATE crm_core.crm_api_keys SET expires_at = now() WHERE id = ?`, [id]);
    expect(await rolesAfter(expire)).toBe('unauthenticated');
    await app.knex.raw(`UPDATE crm_core.crm_api_keys SET expires_at = now() + interval '1 day' WHERE id = ?`, [id]);
    expect(await rolesAfter(app.request('DELETE', `/users/${owner.id}`))).toBe('unauthenticated');
  });

  test('manages no sign-in: no keys, sessions, passwords or second factors', async () => {
    const { key } = await newKey({ roles: ['admin'] });
    for (const [method, path] of [
      ['POST', '/auth/keys'],
      ['GET', '/auth/keys'],
      ['GET', '/auth/sessions'],
      ['POST', '/auth/logout-all'],
      ['POST', '/auth/password'],
      ['POST', '/auth/totp'],
      ['POST', '/auth/invitations'],
    ] as const)
      expect([
        path,
        ...refusalOf(await app.request(method, path, { token: key, body: method === 'GET' ? undefined : {} })),
      ]).toEqual([path, 403, 'forbidden']);
  });
});

describe('making API keys', () => {
  test.each([
    [{}, ['/name', '/roles']],
    [{ name: '', roles: ['admin'] }, ['/name']],
    [{ name: 'a\0b', roles: ['admin'] }, ['/name']],
    [{ name: 'x', roles: [] }, ['/roles']],
    [{ name: 'x', roles: ['admin', 'no_such'] }, ['/roles/1']],
    [{ name: 'x', roles: 'admin' }, ['/roles']],
    [{ name: 'x', roles: ['admin'], expires_at: '2020-01-01T00:00:00Z' }, ['/expires_at']],
    [{ name: 'x', roles: ['admin'], expires_at: '9999-01-01T00:00:00Z' }, ['/expires_at']],
    [{ name: 'x', roles: ['admin'], expires_at: 'tomorrow' }, ['/expires_at']],
    [{ name: 'x', roles: ['admin'], user_id: 'nobody' }, ['/user_id']],
    [{ name: 'x', roles: ['admin'], scope: '*' }, ['/scope']],
  ])('%j is not valid', async (body, pointers) => {
    const answer = await create(body);
    expect([answer.status, pointersIn(answer)]).toEqual([422, pointers]);
  });

  test('needs a right, and nobody gives away what they lack', async () => {
    const seller = await newPerson(app, ['sales_rep']);
    const token = await seller.token();
    expect(refusalOf(await create({ name: 'x', roles: ['sales_rep'] }, token))).toEqual([403, 'forbidden']);
    // A key for somebody else would do nothing with a role that this one may not give.
    const useless = await create({ name: 'x', roles: ['admin'], user_id: seller.id });
    expect([useless.status, pointersIn(useless)]).toEqual([422, ['/roles/0']]);
    expect((await create({ name: 'x', roles: ['sales_rep'], user_id: seller.id })).status).toBe(201);
  });

  test('everybody sees and revokes their own, those who manage users all', async () => {
    const seller = await newPerson(app, ['sales_rep']);
    const token = await seller.token();
    const { id } = await newKey({ user_id: seller.id });
    const foreign = await newKey();
    const ids = async (path: string, who: string) =>
      ((await app.request('GET', path, { token: who })).body['data'] as never as { id: string }[]).map((key) => key.id);
    expect(await ids('/auth/keys', token)).toEqual([id]);
    expect(await ids(`/auth/keys?owner=${seller.id}`, admin)).toEqual([id]);
    expect(await ids('/auth/keys?owner=all', admin)).toEqual(expect.arrayContaining([id, foreign.id]));
    expect((await app.request('GET', '/auth/keys?owner=all', { token })).status).toBe(403);
    expect((await app.request('GET', '/auth/keys?owner=x', { token })).status).toBe(400);
    expect((await app.request('GET', '/auth/keys?ower=x', { token })).status).toBe(400);
    expect((await app.request('DELETE', `/auth/keys/${foreign.id}`, { token })).status).toBe(404);
    expect((await app.request('DELETE', `/auth/keys/${id}`, { token })).status).toBe(204);
    expect((await app.request('DELETE', '/auth/keys/x', { token })).status).toBe(404);
  });

  test('stops at fifty live ones', async () => {
    const owner = await newPerson(app, ['support']);
    const body = { name: 'x', roles: ['support'], user_id: owner.id };
    const first = await create(body);
    await app.knex.raw(
      `INSERT INTO crm_core.crm_api_keys (id, user_id, name, secret_hash, roles, created_by, expires_at)
       SELECT gen_random_uuid(), user_id, name, secret_hash, roles, created_by, expires_at FROM crm_core.crm_api_keys, generate_series(1, 49) WHERE id = ?`,
      [tokenIn(first, 'id')],
    );
    expect(refusalOf(await create(body))).toEqual([409, 'conflict']);
  });
});
