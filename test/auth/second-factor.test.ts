// The second factor: enrolment, codes that work once, recovery codes, limits, its end, and roles that ask for it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Secret, TOTP, URI } from 'otpauth';
import { secondFactors } from '../../server/auth/second-factors.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { changedRegistry } from '../support/changed-registry.ts';
import { crmRegistry } from '../support/registry.ts';
import { cookieIn, newPerson, type Person, password, pointersIn, post, refusalOf, tokenIn } from './support/people.ts';

const secretKey = 'a key of at least thirty-two characters';
let app: TestApp;
beforeAll(async () => {
  const registry = await changedRegistry(await crmRegistry(), /roles\/support\.role\.json/, (role) => {
    role.system = { ...role.system, requireSecondFactor: true };
  });
  app = await startTestApp({ registry, environment: { FORMWORK_SECRET_KEY: secretKey } });
});
afterAll(() => app.stop());

/** Codes of time steps around now: every step once, as an authenticator app shows them. */
async function codeOf(secret: string, step = 0): Promise<string> {
  // Not so late in a step that it is over before the code arrives.
  const left = 30_000 - (Date.now() % 30_000);
  if (left < 4_000) await new Promise((resolve) => setTimeout(resolve, left));
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + step * 30_000 });
}

interface Guarded {
  readonly person: Person;
  readonly secret: string;
  readonly token: string;
  readonly recovery: readonly string[];
}

/** Enrols with the code of the step before, so that those of now and of the next are left. */
async function guarded(person: Person): Promise<Guarded> {
  const token = await person.token();
  const enrolled = await post(app, '/auth/totp', undefined, { token });
  const secret = tokenIn(enrolled, 'secret');
  const confirmed = await post(app, '/auth/totp/confirm', { code: await codeOf(secret, -1) }, { token });
  expect([enrolled.status, confirmed.status]).toEqual([201, 200]);
  return { person, secret, token, recovery: confirmed.body['data']?.['recovery_codes'] as never as string[] };
}
const challengeOf = async (person: Person) => String((await person.login()).body['challenge']);
const finish = (challenge: string, code: string) => post(app, '/auth/login/second-factor', { challenge, code });
const stateOf = async (token: string) => (await app.request('GET', '/auth/totp', { token })).body['data'];

describe('enrolment', () => {
  test('gives what an authenticator app takes, and counts once a code has proved it', async () => {
    const person = await newPerson(app);
    const token = await person.token();
    const other = await person.token();
    const answer = await post(app, '/auth/totp', undefined, { token });
    const parsed = URI.parse(tokenIn(answer, 'uri'));
    expect(parsed).toMatchObject({ issuer: 'CRM', label: person.email, algorithm: 'SHA1', digits: 6, period: 30 });
    expect(parsed.secret.base32).toBe(tokenIn(answer, 'secret'));
    expect((await person.login()).status).toBe(200);
    expect(await stateOf(token)).toEqual({ enabled: false, confirmed_at: null, recovery_codes_left: 0 });
    const wrong = await post(app, '/auth/totp/confirm', { code: '000000' }, { token });
    expect([wrong.status, pointersIn(wrong)]).toEqual([422, ['/code']]);
    const confirmed = await post(app, '/auth/totp/confirm', { code: await codeOf(parsed.secret.base32) }, { token });
    const codes = confirmed.body['data']?.['recovery_codes'] as never as string[];
    expect([codes.length, new Set(codes).size]).toEqual([10, 10]);
    expect(codes.every((code) => /^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/.test(code))).toBe(true);
    expect(await stateOf(token)).toEqual({ enabled: true, confirmed_at: expect.stringMatching(/Z$/), recovery_codes_left: 10 });
    // Whoever had got in with the password alone is out.
    expect((await app.request('GET', '/auth/me', { token: other })).status).toBe(401);
    expect(refusalOf(await post(app, '/auth/totp', undefined, { token }))).toEqual([409, 'conflict']);
  });

  test('stores the secret encrypted and the recovery codes as hashes', async () => {
    const { secret, recovery, person } = await guarded(await newPerson(app));
    const { rows } = await app.knex.raw('SELECT * FROM crm_core.crm_second_factors WHERE user_id = ?', [person.id]);
    const hashes = await app.knex.raw('SELECT code_hash FROM crm_core.crm_recovery_codes WHERE user_id = ?', [person.id]);
    expect([rows[0].encrypted, JSON.stringify(rows).includes(secret)]).toEqual([true, false]);
    expect(recovery.some((code) => JSON.stringify(hashes.rows).includes(code.replaceAll('-', '')))).toBe(false);
  });

  test('without a key to encrypt with, the secret is stored as it is; with another key no code is right', async () => {
    const person = await newPerson(app);
    const services = { knex: app.knex, registry: app.parts.registry };
    const plain = secondFactors(services);
    const { secret } = await plain.enrol(person.id, { issuer: 'a', account: 'b' });
    const first = await codeOf(secret, -1);
    await app.knex.transaction((transaction) => plain.confirm(person.id, first, transaction));
    expect(await plain.check(person.id, await codeOf(secret))).toBe(true);
    const { person: other, secret: hidden } = await guarded(await newPerson(app));
    const told: string[] = [];
    const log = { error: (_details: unknown, message: string) => void told.push(message) } as never;
    expect(await secondFactors({ ...services, secretKey: 'x'.repeat(40), log }).check(other.id, await codeOf(hidden))).toBe(
      false,
    );
    expect(told).toEqual(['FORMWORK_SECRET_KEY is another one: second factors cannot be decrypted.']);
  });
});

describe('signing in', () => {
  test('with the right password asks for the code, and the code opens a session', async () => {
    const { person, secret } = await guarded(await newPerson(app));
    const first = await person.login();
    expect(refusalOf(first)).toEqual([401, 'second_factor_required']);
    expect(first.body).toMatchObject({ challenge: expect.any(String), expires_in: 300 });
    expect([first.headers.get('www-authenticate'), first.headers.get('set-cookie')]).toEqual(['Bearer realm="api"', null]);
    const second = await finish(String(first.body['challenge']), await codeOf(secret));
    expect(second.status).toBe(200);
    const [session] = (await app.request('GET', '/auth/sessions', { token: tokenIn(second) })).body['data'] as never as object[];
    expect(session).toMatchObject({ second_factor: true, current: true });
    // The mark goes on with the session.
    const next = await post(app, '/auth/refresh', { refresh_token: tokenIn(second, 'refresh_token') });
    const [after] = (await app.request('GET', '/auth/sessions', { token: tokenIn(next) })).body['data'] as never as object[];
    expect(after).toMatchObject({ second_factor: true });
  });

  test('works in one step for programs that know the code', async () => {
    const { person, secret } = await guarded(await newPerson(app));
    expect((await person.login({ otp: await codeOf(secret) })).status).toBe(200);
    expect(refusalOf(await person.login({ otp: '000000' }))).toEqual([401, 'invalid_code']);
    expect(pointersIn(await person.login({ otp: 123456 }))).toEqual(['/otp']);
  });

  test('takes no code twice, not even of the step before, nor a challenge', async () => {
    const { person, secret } = await guarded(await newPerson(app));
    const challenge = await challengeOf(person);
    const code = await codeOf(secret, 1);
    const both = await Promise.all([finish(challenge, code), finish(challenge, code)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(refusalOf(await finish(challenge, await codeOf(secret)))).toEqual([401, 'unauthenticated']);
    expect(refusalOf(await finish(await challengeOf(person), await codeOf(secret)))).toEqual([401, 'invalid_code']);
    expect(refusalOf(await finish(await challengeOf(person), code))).toEqual([401, 'invalid_code']);
  });

  test('takes a recovery code once, however it is typed', async () => {
    const { person, recovery, token } = await guarded(await newPerson(app));
    const [one = '', two = ''] = recovery;
    expect((await finish(await challengeOf(person), ` ${one.toUpperCase().replaceAll('-', ' ')} `)).status).toBe(200);
    expect((await finish(await challengeOf(person), one)).status).toBe(401);
    expect((await person.login({ otp: two })).status).toBe(200);
    expect(await stateOf(token)).toMatchObject({ recovery_codes_left: 8 });
  });

  test('a challenge is worth nothing with another password, after its time, or for something else', async () => {
    const { person, secret } = await guarded(await newPerson(app));
    const challenge = await challengeOf(person);
    expect((await app.request('GET', '/auth/me', { token: challenge })).status).toBe(401);
    expect((await post(app, '/auth/password/reset', { token: challenge, password: 'not with that one' })).status).toBe(422);
    await app.request('PATCH', `/users/${person.id}`, { body: { password: 'changed in between' } });
    expect(refusalOf(await finish(challenge, await codeOf(secret)))).toEqual([401, 'unauthenticated']);
    const late = String((await person.login({ password: 'changed in between' })).body['challenge']);
    await app.knex.raw('UPDATE crm_core.crm_sign_in_vouchers SET expires_at = now()');
    expect(refusalOf(await finish(late, await codeOf(secret)))).toEqual([401, 'unauthenticated']);
    for (const body of [{}, { code: 1 }, { challenge, code: '1', more: true }])
      expect((await post(app, '/auth/login/second-factor', body)).status).toBe(422);
  });

  test('counts guesses at the code like guesses at the password, also over many challenges', async () => {
    const { person, secret } = await guarded(await newPerson(app));
    for (let guess = 0; guess < 10; guess++) expect((await finish(await challengeOf(person), '000000')).status).toBe(401);
    expect(refusalOf(await person.login())).toEqual([429, 'rate_limited']);
    expect((await person.login({ otp: await codeOf(secret) })).status).toBe(429);
  });
});

describe('its end', () => {
  test('takes the password and a code', async () => {
    const { person, secret, token } = await guarded(await newPerson(app));
    const disable = (body: object) => post(app, '/auth/totp/disable', body, { token });
    expect(pointersIn(await disable({ password: 'wrong', code: await codeOf(secret) }))).toEqual(['/password']);
    expect(pointersIn(await disable({ code: await codeOf(secret) }))).toEqual(['/password']);
    expect(pointersIn(await disable({ password, code: '000000' }))).toEqual(['/code']);
    expect((await disable({ password, code: await codeOf(secret) })).status).toBe(204);
    expect((await person.login()).status).toBe(200);
  });

  test('new recovery codes make the old ones worthless', async () => {
    const { person, secret, token, recovery } = await guarded(await newPerson(app));
    const renewed = await post(app, '/auth/totp/recovery-codes', { code: await codeOf(secret) }, { token });
    const codes = renewed.body['data']?.['recovery_codes'] as never as string[];
    expect((await person.login({ otp: recovery[0] })).status).toBe(401);
    expect((await person.login({ otp: codes[0] })).status).toBe(200);
  });

  test('comes from whoever manages users, too, and ends the sessions', async () => {
    const { person, token } = await guarded(await newPerson(app));
    const colleague = await (await newPerson(app, ['manager'])).token();
    const path = `/auth/users/${person.id}/totp`;
    expect((await app.request('DELETE', path, { token: colleague })).status).toBe(403);
    expect((await app.request('DELETE', path)).status).toBe(204);
    expect((await app.request('GET', '/auth/me', { token })).status).toBe(401);
    expect((await person.login()).status).toBe(200);
    expect((await app.request('DELETE', path)).status).toBe(404);
    const { rows } = await app.knex.raw(
      `SELECT actor_id, changes FROM crm_core.crm_auditlog WHERE record_id = ? AND operation = 'update' ORDER BY id`,
      [person.id],
    );
    expect(rows).toEqual([
      { actor_id: person.id, changes: { second_factor: { before: null, after: 'on' } } },
      { actor_id: app.adminId, changes: { second_factor: { before: 'on', after: null } } },
    ]);
  });
});

describe('a role that asks for a second factor', () => {
  test('lets a session without one do nothing but set it up', async () => {
    const person = await newPerson(app, ['support']);
    const first = await person.login();
    expect(first.body['data']).toMatchObject({ second_factor_enrolment: true });
    const token = tokenIn(first);
    for (const path of ['/tickets', '/meta', '/auth/keys'])
      expect([path, ...refusalOf(await app.request('GET', path, { token }))]).toEqual([
        path,
        403,
        'second_factor_enrolment_required',
      ]);
    expect((await app.request('GET', '/auth/me', { token })).status).toBe(200);
    const secret = tokenIn(await post(app, '/auth/totp', undefined, { token }), 'secret');
    expect((await post(app, '/auth/totp/confirm', { code: await codeOf(secret, -1) }, { token })).status).toBe(200);
    expect((await app.request('GET', '/tickets', { token })).status).toBe(200);
    const again = await finish(await challengeOf(person), await codeOf(secret));
    expect(again.body['data']).not.toHaveProperty('second_factor_enrolment');
    expect((await app.request('GET', '/tickets', { token: tokenIn(again) })).status).toBe(200);
  });

  test('asks no API key, which somebody made who had passed', async () => {
    const made = await post(app, '/auth/keys', { name: 'x', roles: ['support'] }, { token: await app.token() });
    expect((await app.request('GET', '/tickets', { token: tokenIn(made, 'key') })).status).toBe(200);
  });

  test('the cookie of a browser carries the challenge where it came from a sign-on', async () => {
    const { person, secret } = await guarded(await newPerson(app));
    const challenge = await challengeOf(person);
    const headers = { Cookie: `crm_second_step=${challenge}`, 'X-Formwork-Client': 'ui' };
    const answer = await post(app, '/auth/login/second-factor', { code: await codeOf(secret) }, { headers });
    expect([answer.status, cookieIn(answer, 'crm_second_step')]).toEqual([200, '']);
    expect(cookieIn(answer, 'crm_refresh')).toMatch(/^[\w-]{43}$/);
  });

  test('is no right that whoever gives the role would have to hold', async () => {
    const body = { email: 'asked@example.com', first_name: 'A', last_name: 'S', roles: ['support'] };
    expect((await post(app, '/auth/invitations', body, { token: await app.token() })).status).toBe(201);
  });
});
