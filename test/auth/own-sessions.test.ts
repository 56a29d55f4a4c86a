// The sessions of a user: told, ended one by one, all at once, by others, and by a new password; on every node within five seconds.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type SecondNode, secondNode } from '../support/second-node.ts';
import { newPerson, password, pointersIn, post, refusalOf, tokenIn } from './support/people.ts';

let app: TestApp;
let other: SecondNode;
beforeAll(async () => {
  app = await startTestApp();
  other = await secondNode(app, async () => false);
});
afterAll(async () => {
  await other.stop();
  await app.stop();
});

const sessionsOf = async (token: string) =>
  (await app.request('GET', '/auth/sessions', { token })).body['data'] as never as Record<string, unknown>[];
const works = async (token: string) => (await app.request('GET', '/auth/me', { token })).status === 200;

describe('the sessions of a user', () => {
  test('are told with what their owner knows them by, and which one asks', async () => {
    const person = await newPerson(app);
    const first = await person.login({}, { 'User-Agent': 'Browser/1 \u00e9' });
    const token = await person.token();
    const refreshed = await post(app, '/auth/refresh', { refresh_token: tokenIn(first, 'refresh_token') });
    expect(refreshed.status).toBe(200);
    const told = await sessionsOf(token);
    const time = expect.stringMatching(/^\d{4}-.*Z$/);
    const shape = { id: expect.any(String), began_at: time, last_used_at: time, address: '127.0.0.1', second_factor: false };
    expect(told).toEqual([
      { ...shape, user_agent: expect.stringContaining('Browser/1'), current: false },
      { ...shape, user_agent: expect.any(String), current: true },
    ]);
    expect(String(told[0]?.['last_used_at']) > String(told[0]?.['began_at'])).toBe(true);
  });

  test('end one by one, and only those of oneself', async () => {
    const person = await newPerson(app);
    const [mine, lost] = [await person.token(), await person.login()];
    const id = (await sessionsOf(tokenIn(lost))).find((session) => session['current'])?.['id'];
    const stranger = await (await newPerson(app)).token();
    expect((await app.request('DELETE', `/auth/sessions/${id}`, { token: stranger })).status).toBe(404);
    expect((await app.request('DELETE', `/auth/sessions/${id}`, { token: mine })).status).toBe(204);
    expect([await works(mine), await works(tokenIn(lost))]).toEqual([true, false]);
    expect((await post(app, '/auth/refresh', { refresh_token: tokenIn(lost, 'refresh_token') })).status).toBe(401);
    expect((await app.request('DELETE', `/auth/sessions/${id}`, { token: mine })).status).toBe(404);
    expect((await app.request('DELETE', '/auth/sessions/..%2Fall', { token: mine })).status).toBe(404);
  });

  test('end all at once, on another node within five seconds', async () => {
    const person = await newPerson(app);
    const [one, two] = [await person.token(), await person.token()];
    expect((await other.request('GET', '/auth/me', { token: two })).status).toBe(200);
    expect((await post(app, '/auth/logout-all', undefined, { token: one })).status).toBe(204);
    expect([await works(one), await works(two)]).toEqual([false, false]);
    const began = Date.now();
    while ((await other.request('GET', '/auth/me', { token: two })).status === 200)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(Date.now() - began).toBeLessThan(5_500);
  });

  test('are ended for others by those who manage users only', async () => {
    const [person, colleague] = [await newPerson(app), await newPerson(app, ['manager'])];
    const token = await person.token();
    const path = `/auth/users/${person.id}/logout-all`;
    expect(refusalOf(await post(app, path, undefined, { token: await colleague.token() }))).toEqual([403, 'forbidden']);
    expect(await works(token)).toBe(true);
    expect((await post(app, path, undefined, { token: await app.token() })).status).toBe(204);
    expect(await works(token)).toBe(false);
    const nobody = '/auth/users/00000000-0000-7000-8000-000000000000/logout-all';
    expect((await post(app, nobody, undefined, { token: await app.token() })).status).toBe(404);
    expect((await post(app, '/auth/users/x/logout-all', undefined, { token: await app.token() })).status).toBe(404);
  });
});

describe('a new password', () => {
  const change = (token: string, body: object) => post(app, '/auth/password', body, { token });

  test('ends all other sessions and leaves the one that set it', async () => {
    const person = await newPerson(app);
    const [mine, others] = [await person.login(), await person.login()];
    const token = tokenIn(mine);
    expect((await change(token, { current: password, new: 'quite another one' })).status).toBe(204);
    expect([await works(token), await works(tokenIn(others))]).toEqual([true, false]);
    expect((await post(app, '/auth/refresh', { refresh_token: tokenIn(others, 'refresh_token') })).status).toBe(401);
    expect((await post(app, '/auth/refresh', { refresh_token: tokenIn(mine, 'refresh_token') })).status).toBe(200);
    expect((await person.login()).status).toBe(401);
    expect((await person.login({ password: 'quite another one' })).status).toBe(200);
  });

  test('is audited as the work of its owner, without itself', async () => {
    const person = await newPerson(app);
    await change(await person.token(), { current: password, new: 'a third one, longer' });
    const { rows } = await app.knex.raw(
      `SELECT actor_id, changes::text AS changes FROM crm_core.crm_auditlog WHERE record_id = ? AND operation = 'update'`,
      [person.id],
    );
    expect(rows).toEqual([{ actor_id: person.id, changes: expect.stringContaining('"secret"') }]);
    expect(rows[0].changes).not.toContain('third one');
  });

  test('that somebody else sets ends the sessions as well', async () => {
    const person = await newPerson(app);
    const session = await person.login();
    await app.request('PATCH', `/users/${person.id}`, { body: { password: 'set by the administrator' } });
    expect((await post(app, '/auth/refresh', { refresh_token: tokenIn(session, 'refresh_token') })).status).toBe(401);
    expect(await sessionsOf(await tokenIn(await person.login({ password: 'set by the administrator' })))).toHaveLength(1);
  });

  test('needs the old one and must be good; guesses are counted like sign-ins', async () => {
    const person = await newPerson(app);
    const token = await person.token();
    expect(pointersIn(await change(token, { current: password, new: 'short' }))).toEqual(['/new']);
    expect(pointersIn(await change(token, { new: 1, extra: true }))).toEqual(['/extra', '/current', '/new']);
    for (let guess = 0; guess < 10; guess++)
      expect(pointersIn(await change(token, { current: 'a guess', new: 'long enough again' }))).toEqual(['/current']);
    expect(refusalOf(await change(token, { current: password, new: 'long enough again' }))).toEqual([429, 'rate_limited']);
    expect((await person.login()).status).toBe(429);
  });
});
