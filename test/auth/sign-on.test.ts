// Signing on at a real OpenID provider: who gets in, who does not, and what a forged way back is worth.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { createAuth } from '../../server/auth/auth.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Browser, browser } from './support/browser.ts';
import { client, type OpenIdProvider, openIdProvider } from './support/openid-provider.ts';
import { newPerson, post, refusalOf, tokenIn } from './support/people.ts';

const known = 'http://crm.test';
const base = '/crm/v1';
let provider: OpenIdProvider;
let app: TestApp;
let strict: TestApp;
beforeAll(async () => {
  provider = await openIdProvider(`${known}${base}/auth/oidc/callback`);
  const environment = {
    FORMWORK_PUBLIC_URL: known,
    FORMWORK_OIDC_ISSUER: provider.issuer,
    FORMWORK_OIDC_CLIENT_ID: client.id,
    FORMWORK_OIDC_CLIENT_SECRET: client.secret,
    FORMWORK_OIDC_NAME: 'Example ID',
  };
  [app, strict] = await Promise.all([
    startTestApp({ environment: { ...environment, FORMWORK_OIDC_ROLE: 'sales_rep' } }),
    startTestApp({ environment }),
  ]);
});
afterAll(async () => {
  await app.stop();
  await strict.stop();
  await provider.close();
});
beforeEach(() => app.knex.withSchema('crm_core').from('crm_login_attempts').delete());

const newBrowser = (of = app): Browser => browser({ known, real: of.url, basePath: base });
const start = (query = '') => `${known}${base}/auth/oidc/start${query}`;
let subjects = 0;
/** Somebody with an account at the provider, who sits before the browser from now on. */
function present(claims: Readonly<Record<string, unknown>>): string {
  subjects += 1;
  const subject = `subject-${subjects}`;
  provider.people.set(subject, { email_verified: true, ...claims });
  provider.present = subject;
  return subject;
}
/** What the admin UI does next: exchanges its cookie. */
const sessionOf = async (window: Browser, of = app) => {
  const Cookie = `crm_refresh=${window.cookie(known, 'crm_refresh') ?? ''}`;
  const answer = await post(of, '/auth/refresh', undefined, { headers: { Cookie, 'X-Formwork-Client': 'ui' } });
  return (await of.request('GET', '/auth/me', { token: tokenIn(answer) })).body['data'];
};
const userIds = async (email: string, of = app) =>
  ((await of.request('GET', `/users?email[eq]=${email}`)).body['data'] as never as { id: string }[]).map(({ id }) => id);

describe('a sign-on', () => {
  test('is offered to the sign-in page', async () => {
    const { body } = await app.request('GET', '/auth/providers', { token: null });
    expect(body['data']).toEqual({
      password_reset: false,
      providers: [{ id: 'oidc', name: 'Example ID', start: '/crm/v1/auth/oidc/start' }],
    });
  });

  test('asks the provider with state, nonce and PKCE, and ties the way back to the browser', async () => {
    const answer = await newBrowser().step(start());
    const asked = new URL(answer.headers.get('location') ?? '');
    expect([answer.status, asked.origin]).toEqual([302, provider.issuer]);
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      client_id: client.id,
      response_type: 'code',
      redirect_uri: `${known}${base}/auth/oidc/callback`,
      scope: 'openid email profile',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^crm_sign_on=[\w-]{43}; Path=\/crm\/v1\/auth; Max-Age=600; HttpOnly; SameSite=Lax$/,
    );
  });

  test('makes a user with the set role at the first time, finds them again by their subject, and returns to the page', async () => {
    const subject = present({ email: 'grace@example.com', given_name: 'Grace', family_name: 'Hopper' });
    const window = newBrowser();
    const landed = await window.open(start('?return=/records/contacts%3Fview%3D1'));
    expect(landed.url).toBe(`${known}/records/contacts?view=1#sign-on=done`);
    expect(await sessionOf(window)).toMatchObject({
      display_name: 'Grace Hopper',
      email: 'grace@example.com',
      roles: ['sales_rep'],
    });
    expect([window.cookie(known, 'crm_sign_on')]).toEqual([undefined]);
    // The address changes at the provider; the subject does not.
    provider.people.set(subject, { email: 'grace@elsewhere.example', email_verified: false, name: 'Other Name' });
    const again = newBrowser();
    await again.open(start());
    expect(await sessionOf(again)).toMatchObject({ email: 'grace@example.com' });
    expect(await userIds('grace@elsewhere.example')).toEqual([]);
  });

  test('finds an existing user by a verified address only', async () => {
    const person = await newPerson(app, ['support']);
    present({ email: person.email, email_verified: false });
    expect((await newBrowser().open(start())).url).toBe(`${known}/#sign-on=unknown`);
    present({ email: person.email.toUpperCase() });
    const window = newBrowser();
    expect((await window.open(start())).url).toBe(`${known}/#sign-on=done`);
    expect(await sessionOf(window)).toMatchObject({ id: person.id, roles: ['support'] });
  });

  test('lets nobody new in where no role is set, and nobody whose account is disabled or gone', async () => {
    present({ email: 'stranger@example.com' });
    const window = newBrowser(strict);
    expect((await window.open(start())).url).toBe(`${known}/#sign-on=unknown`);
    expect([window.cookie(known, 'crm_refresh'), await userIds('stranger@example.com', strict)]).toEqual([undefined, []]);
    const person = await newPerson(app);
    present({ email: person.email });
    await newBrowser().open(start());
    await app.request('PATCH', `/users/${person.id}`, { body: { active: false } });
    expect((await newBrowser().open(start())).url).toBe(`${known}/#sign-on=unknown`);
    await app.request('DELETE', `/users/${person.id}`);
    // Nor do they get a new account under their old address.
    expect((await newBrowser().open(start())).url).toBe(`${known}/#sign-on=unknown`);
  });

  test('asks who has a second factor for it, unless the provider has asked for one', async () => {
    const person = await newPerson(app);
    const token = await person.token();
    const secret = tokenIn(await post(app, '/auth/totp', undefined, { token }), 'secret');
    const codeOf = (step: number) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + step * 30_000 });
    expect((await post(app, '/auth/totp/confirm', { code: codeOf(-1) }, { token })).status).toBe(200);
    const subject = present({ email: person.email });
    const window = newBrowser();
    expect((await window.open(start())).url).toBe(`${known}/#sign-on=second-factor`);
    expect(window.cookie(known, 'crm_refresh')).toBeUndefined();
    const Cookie = `crm_second_step=${window.cookie(known, 'crm_second_step')}`;
    const finished = await post(app, '/auth/login/second-factor', { code: codeOf(0) }, { headers: { Cookie } });
    expect((await app.request('GET', '/auth/me', { token: tokenIn(finished) })).body['data']).toMatchObject({ id: person.id });
    provider.people.set(subject, { email: person.email, email_verified: true, amr: ['pwd', 'mfa'] });
    expect((await newBrowser().open(start())).url).toBe(`${known}/#sign-on=done`);
  });

  test('tells of a person who says no', async () => {
    present({ email: 'no@example.com' });
    provider.present = null;
    expect((await newBrowser().open(start('?return=/records/contacts'))).url).toBe(`${known}/records/contacts#sign-on=cancelled`);
  });
});

describe('a way back', () => {
  /** The address that the provider sends the browser back to. */
  async function wayBack(window: Browser): Promise<string> {
    present({ email: `back-${subjects}@example.com` });
    let url = start();
    while (!url.startsWith(`${known}${base}/auth/oidc/callback`))
      url = new URL((await window.step(url)).headers.get('location') ?? '', url).href;
    return url;
  }
  const refused = async (window: Browser, url: string) => {
    const landed = await window.open(url);
    expect([landed.url, window.cookie(known, 'crm_refresh')]).toEqual([`${known}/#sign-on=failed`, undefined]);
  };

  test('works once', async () => {
    const window = newBrowser();
    const url = await wayBack(window);
    const cookie = String(window.cookie(known, 'crm_sign_on'));
    expect((await window.open(url)).url).toBe(`${known}/#sign-on=done`);
    const thief = newBrowser();
    thief.setCookie(known, 'crm_sign_on', cookie);
    await refused(thief, url);
  });

  test('works in the browser that began it only', async () => {
    const url = await wayBack(newBrowser());
    await refused(newBrowser(), url);
    const victim = newBrowser();
    await victim.step(start());
    await refused(victim, url);
  });

  test.each([
    ['another state', (url: string) => url.replace(/state=[^&]+/, 'state=made-up')],
    ['no state', (url: string) => url.replace(/&?state=[^&]+/, '')],
    ['another code', (url: string) => url.replace(/code=[^&]+/, 'code=made-up')],
    ['another issuer (RFC 9207)', (url: string) => url.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example')],
    ['nothing at all', (url: string) => url.replace(/\?.*/, '')],
  ])('with %s opens nothing', async (_name, forge) => {
    const window = newBrowser();
    const url = await wayBack(window);
    expect(forge(url)).not.toBe(url);
    await refused(window, forge(url));
  });

  test.each(['nonce', 'verifier'])('with another %s opens nothing', async (name) => {
    const window = newBrowser();
    const url = await wayBack(window);
    await app.knex.raw(
      `UPDATE crm_core.crm_sign_in_vouchers SET details = jsonb_set(details, ARRAY[?]::text[], to_jsonb(repeat('x', 43))) WHERE kind = 'sign_on'`,
      [name],
    );
    await refused(window, url);
  });
});

describe('where it returns to', () => {
  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/.//evil.example/',
    '/a/..//evil.example',
    '/%2e/%2e//evil.example',
    'evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '',
  ])('%j is refused', async (path) => {
    const answer = await app.request('GET', `/auth/oidc/start?return=${encodeURIComponent(path)}`, { token: null });
    expect(refusalOf(answer)).toEqual([400, 'invalid_query']);
  });

  test('twice is refused', async () => {
    expect((await app.request('GET', '/auth/oidc/start?return=/a&return=/b', { token: null })).status).toBe(400);
  });
});

describe('a provider that is not there', () => {
  test('is a 404 where none is set, and a failed sign-on where it does not answer', async () => {
    const none = await startTestApp();
    expect((await none.request('GET', '/auth/oidc/start', { token: null })).status).toBe(404);
    expect((await none.request('GET', '/auth/oidc/callback', { token: null })).status).toBe(404);
    await none.stop();
    const away = await startTestApp({
      environment: { FORMWORK_OIDC_ISSUER: 'http://127.0.0.1:9', FORMWORK_OIDC_CLIENT_ID: 'x', FORMWORK_PUBLIC_URL: known },
    });
    expect((await newBrowser(away).open(start())).url).toBe(`${known}/#sign-on=failed`);
    await away.stop();
  });

  test('a role that users cannot have stops the start', () => {
    const settings = { issuer: provider.issuer, clientId: 'x', name: 'x', role: 'no_such' };
    const { knex, repository, parts } = app;
    const create = () => createAuth({ knex, repository, registry: parts.registry, address: known, signOn: settings });
    expect(create).toThrow('FORMWORK_OIDC_ROLE is "no_such"');
  });
});
