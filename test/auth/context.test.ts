// What sign-in leaves for the endpoints: source, language, ids; and the limits per principal.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let strict: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  strict = await startTestApp({
    environment: { FORMWORK_RATE_LIMIT: '0.001', FORMWORK_PUBLIC_URL: 'https://crm.example.com' },
  });
});
afterAll(() => Promise.all([app.stop(), strict.stop()]));

describe('context', () => {
  test.each([
    [{}, 'en'],
    [{ 'Accept-Language': 'ar' }, 'ar'],
    [{ 'Accept-Language': 'de-AT, ar;q=0.5, en;q=0.1' }, 'ar'],
    [{ 'Accept-Language': 'de' }, 'en'],
  ])('%j speaks %s', async (headers, language) => {
    const { body } = await app.request('GET', '/auth/me', { headers });
    expect(body['data']?.['language']).toBe(language);
  });

  test("without a wish the user's own language", async () => {
    await app.request('PATCH', `/users/${app.adminId}`, { body: { language: 'ar' } });
    await app.knex.raw('UPDATE crm_core.crm_refresh_tokens SET revoked_at = now()');
    const { body } = await app.request('POST', '/auth/login', {
      body: { email: app.adminEmail, password: app.adminPassword },
      token: null,
    });
    const me = await app.request('GET', '/auth/me', { token: String(body['data']?.['access_token']) });
    expect(me.body['data']?.['language']).toBe('ar');
  });

  test('the request id and the source of a write stand in its audit row', async () => {
    const { body } = await app.request('POST', '/auth/login', {
      body: { email: app.adminEmail, password: app.adminPassword },
      token: null,
    });
    const token = String(body['data']?.['access_token']);
    for (const [client, source] of [
      ['ui', 'ui'],
      ['other', 'api'],
    ] as const) {
      const headers = { 'X-Request-Id': `request-of-${client}`, 'X-Formwork-Client': client };
      expect((await app.request('POST', '/contacts', { body: { last_name: client }, headers, token })).status).toBe(201);
      const { rows } = await app.knex.raw('SELECT source, actor_id FROM crm_core.crm_auditlog WHERE request_id = ?', [
        `request-of-${client}`,
      ]);
      expect(rows).toEqual([{ source, actor_id: app.adminId }]);
    }
  });
});

describe('behind https', () => {
  test('cookies are Secure and browsers are told to stay', async () => {
    const answer = await strict.request('POST', '/auth/login', {
      body: { email: strict.adminEmail, password: strict.adminPassword },
      token: null,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/; Secure$/);
    expect(answer.headers.get('strict-transport-security')).not.toBeNull();
    // The address has no token left: one request a thousand seconds.
    const other = await strict.request('GET', '/contacts', { token: null });
    expect([other.status, other.body['code']]).toEqual([429, 'rate_limited']);
    // The user is counted apart from the address.
    const token = String(answer.body['data']?.['access_token']);
    expect((await strict.request('GET', '/contacts', { token })).status).toBe(200);
    expect((await strict.request('GET', '/contacts', { token })).status).toBe(429);
  });
});
