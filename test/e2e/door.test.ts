// The door in a real browser: second step, forgotten password, the links of mails, sign-on elsewhere, a second factor to set up.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { issueLink } from '../../server/auth/link.ts';
import { vouchers } from '../../server/auth/vouchers.ts';
import { client, type OpenIdProvider, openIdProvider } from '../auth/support/openid-provider.ts';
import { newPerson, type Person, password, post, tokenIn } from '../auth/support/people.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { changedRegistry } from '../support/changed-registry.ts';
import { crmRegistry } from '../support/registry.ts';
import { startBrowser } from './browser.ts';
import { axeFindings, collectErrors } from './page-checks.ts';

/** The browser knows the application by this address; a proxy leads it there, as in front of a real one. */
const known = 'http://crm.localhost';
let app: TestApp;
let provider: OpenIdProvider;
let browser: Browser;

beforeAll(async () => {
  provider = await openIdProvider(`${known}/crm/v1/auth/oidc/callback`);
  const registry = await changedRegistry(await crmRegistry(), /roles\/support\.role\.json/, (role) => {
    role.system = { ...role.system, requireSecondFactor: true };
  });
  const environment = {
    FORMWORK_PUBLIC_URL: known,
    FORMWORK_OIDC_ISSUER: provider.issuer,
    FORMWORK_OIDC_CLIENT_ID: client.id,
    FORMWORK_OIDC_CLIENT_SECRET: client.secret,
    FORMWORK_OIDC_NAME: 'Example ID',
    // Nothing is sent here: who works on the queue is not started.
    FORMWORK_SMTP_URL: 'smtp://127.0.0.1:9',
    FORMWORK_MAIL_FROM: 'formwork@example.com',
  };
  [app, browser] = await Promise.all([startTestApp({ registry, environment }), startBrowser()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  await provider?.close();
});

interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly errors: readonly string[];
}

async function visit(path = '/', language = 'en'): Promise<Visit> {
  // Without the first rule, names below localhost would not go through a proxy; the provider is asked straight.
  const proxy = { server: app.url, bypass: '<-loopback>,127.0.0.1' };
  const context = await browser.newContext({ locale: language, reducedMotion: 'reduce', proxy });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors = collectErrors(page);
  await page.goto(known + path);
  await page.locator('main button[type="submit"]').waitFor();
  return { page, context, errors };
}

const submit = (page: Page) => page.locator('main button[type="submit"]').click();
const inside = (page: Page) => page.locator('nav a').first().waitFor();
async function enter(page: Page, { email }: Person, secret = password): Promise<void> {
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(secret);
  await submit(page);
}
const codeOf = (secret: string, step = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret.replace(/\s/g, '')) }).generate({ timestamp: Date.now() + step * 30_000 });
async function guarded(roles: readonly string[] = ['admin']): Promise<{ readonly person: Person; readonly secret: string }> {
  const person = await newPerson(app, roles);
  const token = await person.token();
  const secret = tokenIn(await post(app, '/auth/totp', undefined, { token }), 'secret');
  await post(app, '/auth/totp/confirm', { code: codeOf(secret, -1) }, { token });
  return { person, secret };
}

describe('the door', () => {
  test('asks for the second factor, says when it is wrong, and opens', async () => {
    const { person, secret } = await guarded();
    const { page, context, errors } = await visit();
    await enter(page, person);
    await page.getByRole('heading', { level: 1, name: 'One more step' }).waitFor();
    await page.getByLabel('Code').fill('000000');
    await submit(page);
    expect(await page.getByRole('alert').textContent()).toBe('The code is wrong, or was used already.');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Code').fill(codeOf(secret));
    await submit(page);
    await inside(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  test('takes an address when the password is forgotten, and tells nothing about it; in Arabic too', async () => {
    for (const [language, direction, sent] of [
      ['en', 'ltr', 'If there is an account under this address, a mail is on its way.'],
      ['ar', 'rtl', 'إذا كان هناك حساب بهذا العنوان فستصلك رسالة قريبًا.'],
    ] as const) {
      const { page, context, errors } = await visit('/', language);
      await page
        .locator('main button[type="button"]')
        .filter({ hasText: /Forgot|نسيت/ })
        .click();
      await page.locator('input[name="email"]').fill('nobody@example.com');
      expect([language, await axeFindings(page)]).toEqual([language, []]);
      await submit(page);
      expect(await page.getByRole('status').textContent()).toBe(sent);
      expect(await page.locator('html').getAttribute('dir')).toBe(direction);
      expect(errors).toEqual([]);
      await context.close();
    }
  });

  test('opens by the link of an invitation, and takes the link out of the address', async () => {
    const body = { email: 'linked@example.com', first_name: 'L', last_name: 'K', roles: ['admin'] };
    const made = await post(app, '/auth/invitations', body, { token: await app.token() });
    expect(made.status).toBe(201);
    const services = { knex: app.knex, registry: app.parts.registry };
    const link = await issueLink(
      { services, vouchers: vouchers(services), publicUrl: known },
      'invitation',
      tokenIn(made, 'user_id'),
    );
    const { page, context, errors } = await visit(link.slice(known.length));
    await page.getByLabel('New password').fill('short');
    await submit(page);
    await page.getByText('At least 8 characters.').waitFor();
    const arabic = await visit(link.slice(known.length), 'ar');
    await arabic.page.locator('input[name="password"]').fill('short');
    await submit(arabic.page);
    await arabic.page.getByText('8 أحرف على الأقل.').waitFor();
    await arabic.context.close();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('New password').fill(password);
    await submit(page);
    expect(await page.getByRole('status').textContent()).toBe('The password is set. Sign in with it.');
    await submit(page);
    await page.locator('input[name="email"]').fill('linked@example.com');
    expect(page.url()).toBe(`${known}/`);
    await page.locator('input[name="password"]').fill(password);
    await submit(page);
    await inside(page);
    expect(errors).toEqual([]);
    const again = await visit(link.slice(known.length));
    await again.page.getByLabel('New password').fill(password);
    await submit(again.page);
    expect(await again.page.getByRole('alert').textContent()).toBe('This link is no longer valid. Ask for a new one.');
    await again.context.close();
    await context.close();
  });

  test('leads to the provider and back to the page, and says when there is no account', async () => {
    const person = await newPerson(app, ['admin']);
    provider.people.set('known', { email: person.email, email_verified: true });
    provider.people.set('unknown', { email: 'unknown@example.com', email_verified: true });
    const { page, context, errors } = await visit('/records/contacts');
    provider.present = 'known';
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Sign in with Example ID' }).click();
    await inside(page);
    expect(page.url()).toBe(`${known}/records/contacts`);
    expect(errors).toEqual([]);
    await context.close();
    const stranger = await visit();
    provider.present = 'unknown';
    await stranger.page.getByRole('link', { name: 'Sign in with Example ID' }).click();
    await stranger.page.getByRole('alert').waitFor();
    expect(await stranger.page.getByRole('alert').textContent()).toBe('You have no account here. Ask whoever manages users.');
    await stranger.context.close();
  });

  test('has a second factor set up where the role asks for one', async () => {
    const person = await newPerson(app, ['support']);
    const { page, context, errors } = await visit();
    await enter(page, person);
    await page.getByRole('heading', { level: 1, name: 'A second factor' }).waitFor();
    const key = page.locator('main pre');
    await expect(key.textContent()).resolves.toBeDefined();
    while ((await key.textContent()) === '') await page.waitForTimeout(50);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Code').fill(codeOf(String(await key.textContent()), -1));
    await submit(page);
    await page.getByRole('button', { name: 'I have kept them' }).waitFor();
    expect(String(await key.textContent()).split('\n')).toHaveLength(10);
    expect(await axeFindings(page)).toEqual([]);
    await submit(page);
    await inside(page);
    expect(errors).toEqual([]);
    await context.close();
  });
});
