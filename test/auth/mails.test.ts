// Invitations and new passwords by mail, over a real SMTP server: links that work once, and answers that tell nothing.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Background, startBackground } from '../../server/app/background.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type MailServer, mailServer, type ReceivedMail } from './support/mail-server.ts';
import { newPerson, password, pointersIn, post, refusalOf, tokenIn } from './support/people.ts';

const publicUrl = 'https://crm.example.com';
let app: TestApp;
let mails: MailServer;
let background: Background;
let admin: string;
beforeAll(async () => {
  mails = await mailServer();
  app = await startTestApp({
    environment: {
      FORMWORK_SMTP_URL: mails.url,
      FORMWORK_MAIL_FROM: 'Formwork <formwork@example.com>',
      FORMWORK_PUBLIC_URL: publicUrl,
    },
  });
  background = await startBackground(app.parts);
  admin = await app.token();
});
afterAll(async () => {
  await background.stop();
  await app.stop();
  await mails.close();
});

const invite = (more: object = {}, token = admin) =>
  post(
    app,
    '/auth/invitations',
    { email: 'new@example.com', first_name: 'New', last_name: 'Comer', roles: ['sales_rep'], ...more },
    { token },
  );
const accept = (token: string, secret = password) => post(app, '/auth/invitations/accept', { token, password: secret });
const reset = (token: string, secret = 'the new password') => post(app, '/auth/password/reset', { token, password: secret });
const forgot = (email: unknown) => post(app, '/auth/password/forgot', { email });
const linkIn = ({ text }: ReceivedMail): URL => new URL(/https:\S+/.exec(text)?.[0] ?? '');
const tokenOf = (mail: ReceivedMail): string => linkIn(mail).hash.slice(1);
const forget = () => app.knex.withSchema('crm_core').from('crm_login_attempts').delete();

describe('an invitation', () => {
  test('makes a user who cannot sign in, and a mail with a link that nobody else sees', async () => {
    const team = await app.request('POST', '/teams', { body: { name: 'Newcomers' } });
    const teamId = String(team.body['data']?.['id']);
    const answer = await invite({ email: 'First@Example.com', teams: [teamId] });
    expect([answer.status, answer.body['data']]).toEqual([
      201,
      { user_id: expect.any(String), email: 'first@example.com', expires_at: expect.stringMatching(/Z$/), sent: true },
    ]);
    const mail = await mails.mailTo('first@example.com');
    expect(mail).toMatchObject({ from: 'formwork@example.com', subject: 'First Administrator invites you to CRM' });
    expect(linkIn(mail).href).toMatch(/^https:\/\/crm\.example\.com\/invitation#[\w-]{43}$/);
    expect(mail.html).toContain('dir="ltr"');
    expect(mail.raw).toContain('Auto-Submitted: auto-generated');
    const { rows } = await app.knex.raw('SELECT * FROM crm_core.crm_sign_in_vouchers');
    const jobs = await app.knex.raw(`SELECT data::text FROM crm_queue.job WHERE name = 'mails'`);
    expect(JSON.stringify([rows, jobs.rows])).not.toContain(tokenOf(mail));
    expect((await post(app, '/auth/login', { email: 'first@example.com', password: '' })).status).toBe(401);
    const done = await accept(tokenOf(mail));
    expect([done.status, done.body['data']]).toEqual([200, { email: 'first@example.com' }]);
    const session = await post(app, '/auth/login', { email: 'first@example.com', password });
    const me = await app.request('GET', '/auth/me', { token: tokenIn(session) });
    expect(me.body['data']).toMatchObject({ display_name: 'New Comer', roles: ['sales_rep'] });
    const members = await app.request('GET', `/team_members?team_id[eq]=${teamId}`);
    expect(members.body['data']).toEqual([expect.objectContaining({ user_id: tokenIn(answer, 'user_id') })]);
  });

  test('speaks the language of the invited, from right to left where that is so, and takes names as text', async () => {
    await invite({ email: 'arabic@example.com', language: 'ar', first_name: '<b>نورة</b>', last_name: '"&' });
    const mail = await mails.mailTo('arabic@example.com');
    expect(mail.subject).toBe('دعوة من First Administrator للانضمام إلى إدارة علاقات العملاء');
    expect(mail.html).toContain('<html lang="ar" dir="rtl">');
    expect(mail.html).toContain('&lt;b&gt;نورة&lt;/b&gt; &quot;&amp;');
    expect(mail.text).toContain('مرحبًا <b>نورة</b> "&،');
  });

  test('works once, and a password that is not good uses nothing up', async () => {
    await invite({ email: 'once@example.com' });
    const token = tokenOf(await mails.mailTo('once@example.com'));
    expect(pointersIn(await accept(token, 'short'))).toEqual(['/password']);
    const both = await Promise.all([accept(token), accept(token, 'another password')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
    expect(pointersIn(await accept(token))).toEqual(['/token']);
    expect((await reset(token)).status).toBe(422);
  });

  test('is sent again, and the older link ends with the newer one', async () => {
    const answer = await invite({ email: 'again@example.com' });
    const first = tokenOf(await mails.mailTo('again@example.com'));
    const path = `/auth/users/${tokenIn(answer, 'user_id')}/invitation`;
    expect((await post(app, path, undefined, { token: admin })).status).toBe(201);
    expect((await accept(tokenOf(await mails.mailTo('again@example.com')))).status).toBe(200);
    expect((await accept(first)).status).toBe(422);
    expect(refusalOf(await post(app, path, undefined, { token: admin }))).toEqual([409, 'conflict']);
  });

  test('is over after seven days, and for an account that was disabled', async () => {
    const late = await invite({ email: 'late@example.com' });
    const token = tokenOf(await mails.mailTo('late@example.com'));
    const { rows } = await app.knex.raw(
      `SELECT round(extract(epoch FROM expires_at - created_at) / 86400)::int AS days FROM crm_core.crm_sign_in_vouchers WHERE user_id = ?`,
      [tokenIn(late, 'user_id')],
    );
    expect(rows).toEqual([{ days: 7 }]);
    await app.request('PATCH', `/users/${tokenIn(late, 'user_id')}`, { body: { active: false } });
    expect(refusalOf(await accept(token))).toEqual([403, 'forbidden']);
    await app.knex.raw('UPDATE crm_core.crm_sign_in_vouchers SET expires_at = now()');
    expect(pointersIn(await accept(token))).toEqual(['/token']);
  });

  test('is for those who manage users, with roles that they may give, of a new address', async () => {
    const manager = await (await newPerson(app, ['manager'])).token();
    expect(refusalOf(await invite({}, manager))).toEqual([403, 'forbidden']);
    expect(pointersIn(await invite({ roles: ['no_such'] }))).toEqual(['/roles/0']);
    expect(pointersIn(await invite({ email: 'not an address' }))).toEqual(['/email']);
    expect(pointersIn(await invite({ email: 'team@example.com', teams: ['x'] }))).toEqual(['/teams/0']);
    expect(pointersIn(await invite({ email: undefined, roles: 'admin', more: 1 }))).toEqual(['/more', '/email', '/roles']);
    expect(refusalOf(await invite({ email: app.adminEmail }))).toEqual([409, 'unique_conflict']);
    // Nothing is left of one that was refused halfway.
    expect((await app.request('GET', '/users?email[eq]=team@example.com')).body['data']).toEqual([]);
  });
});

describe('a new password', () => {
  test('comes by a link, which ends all sessions and lets a locked account in again', async () => {
    const person = await newPerson(app, [], { language: 'ar' });
    const session = await person.login();
    for (let guess = 0; guess < 10; guess++) await person.login({ password: 'guess' });
    expect((await person.login()).status).toBe(429);
    const answer = await forgot(` ${person.email.toUpperCase()} `);
    expect([answer.status, answer.body]).toEqual([202, '']);
    const mail = await mails.mailTo(person.email);
    expect([mail.subject, mail.html.includes('dir="rtl"')]).toEqual(['كلمة مرور جديدة في إدارة علاقات العملاء', true]);
    expect((await reset(tokenOf(mail))).status).toBe(200);
    expect((await app.request('GET', '/auth/me', { token: tokenIn(session) })).status).toBe(401);
    expect((await post(app, '/auth/refresh', { refresh_token: tokenIn(session, 'refresh_token') })).status).toBe(401);
    expect((await person.login()).status).toBe(401);
    expect((await person.login({ password: 'the new password' })).status).toBe(200);
    expect((await reset(tokenOf(mail))).status).toBe(422);
  });

  test('is not asked for twice with one mail: a link ends with any other new password', async () => {
    const person = await newPerson(app);
    await forgot(person.email);
    const token = tokenOf(await mails.mailTo(person.email));
    await app.request('PATCH', `/users/${person.id}`, { body: { password: 'set by somebody else' } });
    expect(pointersIn(await reset(token))).toEqual(['/token']);
  });

  test('answers the same for who has no account, is disabled, or was never given a password; and sends them nothing', async () => {
    const person = await newPerson(app);
    const disabled = await newPerson(app);
    await app.request('PATCH', `/users/${disabled.id}`, { body: { active: false } });
    await app.request('POST', '/users', { body: { first_name: 'No', last_name: 'Password', email: 'without@example.com' } });
    const answers = [];
    for (const email of [
      'nobody@example.com',
      disabled.email,
      'without@example.com',
      person.email,
      'a\0b@example.com',
      'no address',
    ]) {
      await forget();
      const { status, headers, body } = await forgot(email);
      answers.push([
        status,
        body,
        [...headers.keys()].filter((name) => !['date', 'x-request-id', 'server-timing'].includes(name)),
      ]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await mails.mailTo(person.email);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(mails.mails.map(({ to }) => to)).toEqual([]);
  });

  test('is asked for three times an account within fifteen minutes, whether there is one or not', async () => {
    for (const email of [(await newPerson(app)).email, 'nobody-else@example.com']) {
      await forget();
      const statuses = [];
      for (let times = 0; times < 4; times++) statuses.push((await forgot(email)).status);
      expect(statuses).toEqual([202, 202, 202, 429]);
    }
  });

  test('needs an address', async () => {
    for (const email of [undefined, 7, null]) expect(pointersIn(await forgot(email))).toEqual(['/email']);
  });

  test('waits for a mail server that is away', async () => {
    await forget();
    const person = await newPerson(app);
    mails.refuse(true);
    await forgot(person.email);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    mails.refuse(false);
    expect((await reset(tokenOf(await mails.mailTo(person.email)))).status).toBe(200);
  });

  test('tokens that are made up are counted against their network', async () => {
    await forget();
    for (let guess = 0; guess < 100; guess++) expect((await reset(`made up ${guess}`)).status).toBe(422);
    expect(refusalOf(await reset('one more'))).toEqual([429, 'rate_limited']);
    await forget();
  });
});
