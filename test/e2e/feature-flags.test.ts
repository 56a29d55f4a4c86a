// An open page follows the feature flags: what is switched off is gone without a reload or a click, and back when it is on again.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { packageRoot } from '../../server/package-root.ts';
import { flagsOf } from '../features/support.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { startBrowser } from './browser.ts';
import { axeFindings, collectErrors } from './page-checks.ts';

let app: TestApp;
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(join(packageRoot(), 'dist', 'admin-ui', 'index.html')))
    throw new Error('Build the admin UI first: npm run build:ui');
  [app, browser] = await Promise.all([startTestApp({ live: true }), startBrowser()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

test('navigation, page, form and search box of features that are switched off and on', async () => {
  const flags = flagsOf(app);
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, locale: 'en', reducedMotion: 'reduce' });
  page.setDefaultTimeout(20_000);
  const errors = collectErrors(page);
  await page.goto(`${app.url}/records/quotes`);
  await page.locator('input[name="email"]').fill(app.adminEmail);
  await page.locator('input[name="password"]').fill(app.adminPassword);
  await page.locator('button[type="submit"]').click();
  const link = page.getByRole('link', { name: 'Quotes', exact: true });
  const search = page.getByRole('combobox', { name: 'Search' });
  const heading = page.getByRole('heading', { name: 'Quotes', exact: true });
  await Promise.all([link.waitFor(), search.waitFor(), heading.waitFor()]);

  await flags.set('quotes', { enabled: false });
  const began = performance.now();
  await link.waitFor({ state: 'detached' });
  process.stdout.write(`  gone from an open page after ${Math.round(performance.now() - began)} ms\n`);
  await heading.waitFor({ state: 'detached' });
  await flags.set('search', { enabled: false });
  await search.waitFor({ state: 'detached' });
  expect(await axeFindings(page)).toEqual([]);

  await flags.clear();
  await Promise.all([link.waitFor(), search.waitFor(), heading.waitFor()]);

  // A form leaves out what leads to it, and keeps what was typed.
  await page.goto(`${app.url}/records/invoices/new`);
  const reference = page.getByLabel('Quote', { exact: true });
  await reference.waitFor();
  await page.getByLabel('Customer’s order number').fill('PO 7');
  await flags.set('quotes', { enabled: false });
  await reference.waitFor({ state: 'detached' });
  expect(await page.getByLabel('Customer’s order number').inputValue()).toBe('PO 7');
  await flags.clear();
  await reference.waitFor();
  expect(errors).toEqual([]);
  await page.close();
});
