// The first rooms in a real browser: sign in, make a record, be corrected by the server, find it again; Arabic; axe.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { packageRoot } from '../../server/package-root.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { startBrowser } from './browser.ts';
import { axeFindings, collectErrors } from './page-checks.ts';

let app: TestApp;
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(join(packageRoot(), 'dist', 'admin-ui', 'index.html')))
    throw new Error('Build the admin UI first: npm run build:ui');
  [app, browser] = await Promise.all([startTestApp(), startBrowser()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

interface Visit {
  readonly language?: string;
  readonly scheme?: 'light' | 'dark';
}

async function visit({
  language = 'en',
  scheme = 'light',
}: Visit = {}): Promise<{ page: Page; context: BrowserContext; errors: readonly string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    locale: language,
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors = collectErrors(page);
  await page.goto(app.url);
  await page.locator('input[name="email"]').waitFor();
  return { page, context, errors };
}

async function signIn(page: Page): Promise<void> {
  await page.locator('input[name="email"]').fill(app.adminEmail);
  await page.locator('input[name="password"]').fill(app.adminPassword);
  await page.locator('button[type="submit"]').click();
  await page.locator('nav a').first().waitFor();
}

const save = (page: Page) => page.locator('header button[type="submit"]');

describe('the first rooms', () => {
  test('say so when the password is wrong', async () => {
    const { page, context } = await visit();
    await page.getByLabel('E-mail').fill(app.adminEmail);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('The e-mail or the password is wrong.');
    await context.close();
  });

  test('let one make a record, show the server’s findings on their fields, and list it when it is saved', async () => {
    const taken = await app.request('POST', '/contacts', { body: { last_name: 'First', email: 'taken@example.com' } });
    expect(taken.status).toBe(201);
    const { page, context, errors } = await visit();
    await signIn(page);
    await page.getByRole('link', { name: 'Contacts', exact: true }).click();
    await page.getByRole('link', { name: 'New Contact' }).click();

    // What the browser can tell by itself, it tells before anything is sent.
    await page.getByLabel('First name').fill('Dana');
    await save(page).click();
    const lastName = page.getByLabel('Last name');
    await page.getByText('This field is required.').first().waitFor();
    expect(await lastName.getAttribute('aria-invalid')).toBe('true');
    await page.locator('#field_last_name:focus').waitFor();

    await lastName.fill('Levi');
    await page.getByLabel('Email', { exact: true }).fill('taken@example.com');
    await save(page).click();
    const email = page.getByLabel('Email', { exact: true });
    await page.locator('#field_email[aria-invalid="true"]:focus').waitFor();

    await email.fill('dana@example.com');
    await page.locator('input[aria-invalid="true"]').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+s');
    await page.getByRole('heading', { level: 1, name: 'Dana Levi' }).waitFor();

    await page.getByRole('link', { name: 'Contacts', exact: true }).first().click();
    const row = page.getByRole('row').filter({ hasText: 'dana@example.com' });
    await row.waitFor();
    expect(await row.textContent()).toContain('Levi');
    expect(errors).toEqual([]);
    await context.close();
  });

  test('keep what was typed when somebody else saved first', async () => {
    const made = await app.request('POST', '/contacts', { body: { last_name: 'Both', job_title: 'Clerk' } });
    const id = String(made.body['data']?.['id']);
    const { page, context } = await visit();
    await signIn(page);
    await page.goto(`${app.url}/records/contacts/${id}`);
    await page.getByLabel('Department').fill('Mine');
    await app.request('PATCH', `/contacts/${id}`, { body: { job_title: 'Theirs' }, headers: { 'If-Match': '"1"' } });
    await save(page).click();
    await page.getByRole('dialog').getByText('This record has changed').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByText('Contact saved').waitFor();
    const { body } = await app.request('GET', `/contacts/${id}`);
    expect(body['data']).toMatchObject({ department: 'Mine', job_title: 'Theirs', version: 3 });
    await context.close();
  });

  test('delete after asking, and take it back', async () => {
    const made = await app.request('POST', '/contacts', { body: { last_name: 'Shortlived' } });
    const id = String(made.body['data']?.['id']);
    const { page, context } = await visit();
    await signIn(page);
    await page.goto(`${app.url}/records/contacts/${id}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Shortlived deleted').waitFor();
    expect((await app.request('GET', `/contacts/${id}`)).status).toBe(404);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Shortlived restored').waitFor();
    expect((await app.request('GET', `/contacts/${id}`)).status).toBe(200);
    await context.close();
  });

  test('ask before something typed is lost', async () => {
    const { page, context } = await visit();
    await signIn(page);
    await page.goto(`${app.url}/records/contacts/new`);
    await page.getByLabel('Last name').fill('Half');
    await page.getByRole('link', { name: 'Accounts', exact: true }).click();
    await page.getByRole('button', { name: 'Stay here' }).click();
    expect(await page.getByLabel('Last name').inputValue()).toBe('Half');
    await context.close();
  });

  test('find records by filter and by search', async () => {
    await app.request('POST', '/contacts', { body: { last_name: 'Needle', email: 'needle@example.com' } });
    const { page, context } = await visit();
    await signIn(page);
    await page.goto(`${app.url}/records/contacts`);
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('combobox', { name: 'Field' }).click();
    await page.getByRole('option', { name: 'Last name' }).click();
    await page.getByLabel('Value').fill('needle');
    await page.getByText('1 record', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('h1').click();
    await page.keyboard.press('/');
    await page.keyboard.type('Needle');
    await page.getByRole('option', { name: /Needle/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Needle' }).waitFor();
    await context.close();
  });

  test('turn to Arabic and right to left at once, and stay so', async () => {
    const { page, context } = await visit();
    await signIn(page);
    expect(await page.locator('html').getAttribute('dir')).toBe('ltr');
    await page.getByRole('button', { name: 'Change language' }).click();
    await page.getByRole('menuitem', { name: 'العربية' }).click();
    await page.getByRole('link', { name: 'جهات الاتصال', exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await page.locator('html').getAttribute('lang')).toBe('ar');
    await page.reload();
    await page.getByRole('link', { name: 'جهات الاتصال', exact: true }).waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    await context.close();
  });
});

/** Things that open on the record page: name, what to click, what appears. */
const popups = [
  ['lookup', '#field_owner_id', '[role="option"] >> visible=true'],
  ['calendar', '#field_birthdate', '.mantine-DateInput-day >> visible=true'],
  ['user menu', 'header button[aria-haspopup="menu"] >> nth=2', '[role="menuitem"] >> visible=true'],
] as const;

describe.each([
  { language: 'en', scheme: 'light' },
  { language: 'en', scheme: 'dark' },
  { language: 'ar', scheme: 'light' },
  { language: 'ar', scheme: 'dark' },
] as const)('in $language, $scheme', ({ language, scheme }) => {
  test('axe finds nothing on sign-in, list and record, nor on what opens there', async () => {
    const made = await app.request('POST', '/contacts', {
      body: {
        first_name: 'Omar',
        last_name: 'Haddad',
        birthdate: '1990-04-12',
        annual_spend: '1200.50',
        annual_spend_currency: 'USD',
      },
    });
    const { page, context, errors } = await visit({ language, scheme });
    expect(['sign-in', await axeFindings(page)]).toEqual(['sign-in', []]);
    await signIn(page);
    await page.goto(`${app.url}/records/contacts`);
    await page.locator('tbody a').first().waitFor();
    expect(['list', await axeFindings(page)]).toEqual(['list', []]);
    await page.goto(`${app.url}/records/contacts/${String(made.body['data']?.['id'])}`);
    await page.locator('#field_last_name').waitFor();
    expect(['record', await axeFindings(page)]).toEqual(['record', []]);
    // Latin letters in a right-to-left page still begin where its lines begin.
    const alignment = await page.evaluate("getComputedStyle(document.querySelector('#field_last_name')).textAlign");
    expect(alignment).toBe(language === 'ar' ? 'right' : 'left');
    for (const [name, opener, opened] of popups) {
      await page.locator(opener).click();
      await page.locator(opened).first().waitFor();
      expect([name, await axeFindings(page)]).toEqual([name, []]);
      await page.keyboard.press('Escape');
    }
    expect(errors).toEqual([]);
    await context.close();
  });
});
