// Another application on the same engine, in a browser: its own words, addresses and tables, nothing of the first.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { packageRoot } from '../../server/package-root.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { startBrowser } from './browser.ts';
import { axeFindings, collectErrors } from './page-checks.ts';

let app: TestApp;
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(join(packageRoot(), 'dist', 'admin-ui', 'index.html')))
    throw new Error('Build the admin UI first: npm run build:ui');
  [app, browser] = await Promise.all([startTestApp({ registry: await libraryRegistry() }), startBrowser()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

describe('the library', () => {
  test('is signed in to, and a book is made with its author', async () => {
    const branch = await app.request('POST', '/branches', { body: { name: 'Old Harbour' } });
    const author = await app.request('POST', '/authors', { body: { given_name: 'Naguib', family_name: 'Mahfouz' } });
    expect([branch.status, author.status]).toEqual([201, 201]);
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en', reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const errors = collectErrors(page);
    await page.goto(app.url);
    await page.getByLabel('E-mail').fill(app.adminEmail);
    await page.getByLabel('Password', { exact: true }).fill(app.adminPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Books', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Books' }).waitFor();
    expect(await page.title()).toBe('Library');
    expect(['list', await axeFindings(page)]).toEqual(['list', []]);
    await page.getByRole('link', { name: 'New Book' }).click();
    await page.getByLabel('Title').fill('Midaq Alley');
    await page.getByLabel('Replacement cost', { exact: true }).fill('18.5');
    await page.getByLabel('Branch').fill('harb');
    await page.getByRole('option', { name: 'Old Harbour' }).click();
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { level: 1, name: 'Midaq Alley' }).waitFor();

    await page.getByRole('tab', { name: 'Related' }).click();
    await page.getByRole('link', { name: 'New Authorship' }).click();
    await page.getByRole('combobox', { name: 'Author', exact: true }).fill('mahf');
    await page.getByRole('option', { name: 'Naguib Mahfouz' }).click();
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Authorship created').waitFor();

    const { body } = await app.request('GET', '/books?include=branch,authorships.author');
    expect(body['data']).toHaveLength(1);
    expect(body['data']?.[0]).toMatchObject({
      title: 'Midaq Alley',
      replacement_cost: expect.stringMatching(/^18\.50*$/),
      replacement_cost_currency: 'EUR',
      branch: { display_name: 'Old Harbour' },
      authorships: { data: [{ part: 'author', author: { display_name: 'Naguib Mahfouz' } }] },
    });
    expect(errors).toEqual([]);
    await context.close();
  });
});
