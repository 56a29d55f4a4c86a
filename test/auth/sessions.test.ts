// Sign-in, refresh, sign-out over HTTP.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const login = (body: unknown, headers: Record<string, string> = {}) =>
  app.request('POST', '/auth/login', { body, token: null, headers: { 'Idempotency-Key': '', ...headers } });
const refresh = (body: unknown, headers: Record<string, string> = {}) =>
  app.request('POST', '/auth/refresh', { ...(body === undefined ? {} : { body }), token: null, headers });
const admin = () => ({ email: app.adminEmail, password: app.adminPassword });
const tokenIn = (answer: Answer, name = 'refresh_token') => String(answer.body['data']?.[name]);
const cookieIn = (answer: Answer) => /^crm_refresh=([^;]*); (.*)$/.exec(answer.headers.get('set-cookie') ?? '');

describe('sign-in', () => {
  test('answers tokens that work', async () => {
    const { status, headers, body } = await login(admin());
    expect([status, body['data']]).toEqual([
      200,
      { access_token: expect.any(String), refresh_token: expect.any(String), token_type: 'Bearer', expires_in: 900 },
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await app.request('GET', '/contacts', { token: tokenIn({ status, headers, body }, 'access_token') })).status).toBe(
      200,
    );
  });

  test('takes the address in any case, and notes the time without a new version', async () => {
    expect((await login({ ...admin(), email: ' ADMIN@Example.COM ' })).status).toBe(200);
    const { body } = await app.request('GET', `/users/${app.adminId}`);
    expect(body['data']).toMatchObject({ version: 1, last_login_at: expect.stringMatching(/Z$/) });
  });

  test('gives the admin UI the refresh token in a cookie only, which scripts cannot read', async () => {
    const answer = await login(admin(), { 'X-Formwork-Client': 'ui' });
    expect(answer.body['data']).not.toHaveProperty('refresh_token');
    expect(cookieIn(answer)?.[2]).toBe('Path=/crm/v1/auth; Max-Age=1209600; HttpOnly; SameSite=Strict');
  });

  test.each([
    ['a wrong password', { email: 'admin@example.com', password: 'wrong password' }],
    ['an unknown address', { email: 'nobody@example.com', password: 'wrong password' }],
    ['an address with a NUL', { email: 'admin@example.com\0', password: 'wrong password' }],
    ['an endless password', { email: 'admin@example.com', password: 'x'.repeat(10_000) }],
    ['an empty password', { email: 'admin@example.com', password: '' }],
  ])('%s answers the same', async (_name, body) => {
    const answer = await login(body);
    const { requestId: _id, ...rest } = answer.body as never as Record<string, unknown>;
    expect([answer.status, rest]).toEqual([
      401,
      {
        type: 'urn:formwork:problem:invalid_credentials',
        title: 'E-mail or password is wrong',
        status: 401,
        code: 'invalid_credentials',
        instance: '/crm/v1/auth/login',
      },
    ]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="api"');
  });

  test('a user without a password and a disabled user cannot sign in', async () => {
    await app.request('POST', '/users', { body: { first_name: 'No', last_name: 'Password', email: 'none@example.com' } });
    expect((await login({ email: 'none@example.com', password: '' })).status).toBe(401);
    const password = 'long enough for all';
    const made = await app.request('POST', '/users', {
      body: { first_name: 'Off', last_name: 'Line', email: 'off@example.com', password },
    });
    expect((await login({ email: 'off@example.com', password })).status).toBe(200);
    await app.request('PATCH', `/users/${made.body['data']?.['id']}`, { body: { active: false } });
    expect((await login({ email: 'off@example.com', password })).body['code']).toBe('invalid_credentials');
  });

  test.each([
    [{ email: 'a@example.com' }, ['/password']],
    [{ email: 1, password: { $ne: '' } }, ['/email', '/password']],
    [[], ['/email', '/password']],
    [null, ['/email', '/password']],
  ])('%j is not valid', async (body, pointers) => {
    const { status, body: answer } = await login(body);
    expect([status, (answer['errors'] as never as { pointer: string }[]).map((issue) => issue.pointer)]).toEqual([422, pointers]);
  });

  test('takes JSON only, and no more than credentials need', async () => {
    expect((await login('email=a&password=b', { 'Content-Type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await login({ ...admin(), more: 'x'.repeat(20_000) })).status).toBe(413);
  });

  test('too many failures for one account stop even the right password, and other accounts go on', async () => {
    const password = 'long enough for all';
    await app.request('POST', '/users', {
      body: { first_name: 'Under', last_name: 'Attack', email: 'target@example.com', password },
    });
    const guesses = await Promise.all(
      Array.from({ length: 10 }, () => login({ email: 'Target@example.com', password: 'guess' })),
    );
    expect(guesses.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 401));
    const right = await login({ email: 'target@example.com', password });
    expect([right.status, right.body['code'], Number(right.headers.get('retry-after')) > 0]).toEqual([429, 'rate_limited', true]);
    expect((await login(admin())).status).toBe(200);
  });
});

describe('refresh', () => {
  test('each token works once and gives the next', async () => {
    const first = tokenIn(await login(admin()));
    const second = await refresh({ refresh_token: first });
    expect(second.status).toBe(200);
    expect(tokenIn(second)).not.toBe(first);
    expect((await app.request('GET', '/auth/me', { token: tokenIn(second, 'access_token') })).status).toBe(200);
    expect((await refresh({ refresh_token: tokenIn(second) })).status).toBe(200);
  });

  test('the second use of a token ends its session and leaves others', async () => {
    const other = tokenIn(await login(admin()));
    const stolen = tokenIn(await login(admin()));
    const owner = await refresh({ refresh_token: stolen });
    const thief = await refresh({ refresh_token: stolen });
    expect([thief.status, thief.body['code']]).toEqual([401, 'unauthenticated']);
    expect((await refresh({ refresh_token: tokenIn(owner) })).status).toBe(401);
    expect((await app.request('GET', '/auth/me', { token: tokenIn(owner, 'access_token') })).status).toBe(401);
    expect((await refresh({ refresh_token: other })).status).toBe(200);
  });

  test('of two at the same time one wins at most, and then the session is over', async () => {
    const token = tokenIn(await login(admin()));
    const answers = await Promise.all([refresh({ refresh_token: token }), refresh({ refresh_token: token })]);
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    for (const answer of answers) {
      const left = answer.status === 200 ? tokenIn(answer) : token;
      expect((await refresh({ refresh_token: left })).status).toBe(401);
    }
  });

  test('a browser sends the cookie, and gets the next one', async () => {
    const ui = { 'X-Formwork-Client': 'ui' };
    const token = cookieIn(await login(admin(), ui))?.[1] ?? '';
    const next = await refresh(undefined, { ...ui, Cookie: `crm_refresh=${token}`, 'Sec-Fetch-Site': 'same-origin' });
    expect([next.status, 'refresh_token' in (next.body['data'] ?? {})]).toEqual([200, false]);
    expect(cookieIn(next)?.[1]).not.toBe(token);
  });

  test('the cookie of a request that another site made is not read', async () => {
    const token = cookieIn(await login(admin()))?.[1] ?? '';
    const answer = await refresh(undefined, { Cookie: `crm_refresh=${token}`, 'Sec-Fetch-Site': 'cross-site' });
    expect(answer.status).toBe(401);
    expect((await refresh(undefined, { Cookie: `crm_refresh=${token}` })).status).toBe(200);
  });

  test.each([[{ refresh_token: 'made up' }], [{ refresh_token: 7 }], [{}], [undefined], ['"text"']])(
    '%j is a 401 that clears the cookie',
    async (body) => {
      const answer = await refresh(body, typeof body === 'string' ? { 'Content-Type': 'application/json' } : {});
      expect(answer.status).toBe(401);
      expect(cookieIn(answer)?.[0]).toBe(
        'crm_refresh=; Path=/crm/v1/auth; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict',
      );
    },
  );

  test('an expired token is refused', async () => {
    const token = tokenIn(await login(admin()));
    await app.knex.raw("UPDATE crm_core.crm_refresh_tokens SET expires_at = now() - interval '1 second' WHERE used_at IS NULL");
    expect((await refresh({ refresh_token: token })).status).toBe(401);
  });

  test('only hashes are stored, and expired ones go with the next sign-in', async () => {
    const token = tokenIn(await login(admin()));
    const { rows } = await app.knex.raw('SELECT token_hash, expires_at > now() AS live FROM crm_core.crm_refresh_tokens');
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows.every((row: { live: boolean }) => row.live)).toBe(true);
  });

  test('a user who was disabled gets no new token', async () => {
    const password = 'long enough for all';
    const made = await app.request('POST', '/users', {
      body: { first_name: 'A', last_name: 'B', email: 'leaver@example.com', password },
    });
    const token = tokenIn(await login({ email: 'leaver@example.com', password }));
    await app.request('PATCH', `/users/${made.body['data']?.['id']}`, { body: { active: false } });
    const answer = await refresh({ refresh_token: token });
    expect([answer.status, answer.body['detail']]).toEqual([401, 'This account is disabled.']);
  });
});

describe('sign-out', () => {
  const logout = (options: Parameters<TestApp['request']>[2]) => app.request('POST', '/auth/logout', { token: null, ...options });

  test('ends the session of the access token at once', async () => {
    const answer = await login(admin());
    const token = tokenIn(answer, 'access_token');
    expect((await app.request('GET', '/auth/me', { token })).status).toBe(200);
    const gone = await logout({ token });
    expect([gone.status, cookieIn(gone)?.[1]]).toEqual([204, '']);
    expect((await app.request('GET', '/auth/me', { token })).status).toBe(401);
    expect((await refresh({ refresh_token: tokenIn(answer) })).status).toBe(401);
  });

  test('ends the session of the refresh token, from body or cookie', async () => {
    const first = tokenIn(await login(admin()));
    await logout({ body: { refresh_token: first } });
    expect((await refresh({ refresh_token: first })).status).toBe(401);
    const second = cookieIn(await login(admin()))?.[1] ?? '';
    await logout({ headers: { Cookie: `crm_refresh=${second}` } });
    expect((await refresh({ refresh_token: second })).status).toBe(401);
  });

  test('of nobody is fine', async () => {
    expect((await logout({})).status).toBe(204);
    expect((await logout({ body: { refresh_token: 'made up' } })).status).toBe(204);
  });
});
