// Without a mail server: a clear problem for who forgot a password, and invitation links for whoever invites.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { newPerson, password, post, refusalOf, tokenIn } from './support/people.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ environment: { PORT: '3999' } });
});
afterAll(() => app.stop());

test('nobody is promised a mail', async () => {
  const answer = await post(app, '/auth/password/forgot', { email: app.adminEmail });
  expect(refusalOf(answer)).toEqual([409, 'mail_not_configured']);
  expect(answer.body['detail']).toContain('FORMWORK_SMTP_URL');
  const providers = await app.request('GET', '/auth/providers', { token: null });
  expect(providers.body['data']).toEqual({ password_reset: false, providers: [] });
});

test('whoever invites gets the link, whatever Host a request names', async () => {
  const body = { email: 'new@example.com', first_name: 'New', last_name: 'Comer', roles: [] };
  const answer = await post(app, '/auth/invitations', body, {
    token: await app.token(),
    headers: { 'X-Forwarded-Host': 'evil.example' },
  });
  expect(answer.body['data']).toMatchObject({
    sent: false,
    link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:3999\/invitation#/),
  });
  const token = new URL(tokenIn(answer, 'link')).hash.slice(1);
  expect((await post(app, '/auth/invitations/accept', { token, password })).status).toBe(200);
  expect((await post(app, '/auth/login', { email: 'new@example.com', password })).status).toBe(200);
});

test('an account without a password gets one by an invitation only', async () => {
  const made = await app.request('POST', '/users', { body: { first_name: 'A', last_name: 'B', email: 'a@example.com' } });
  const path = `/auth/users/${made.body['data']?.['id']}/invitation`;
  expect(tokenIn(await post(app, path, undefined, { token: await app.token() }), 'link')).toContain('/invitation#');
  const person = await newPerson(app);
  expect((await post(app, path, undefined, { token: await person.token() })).status).toBe(403);
});
