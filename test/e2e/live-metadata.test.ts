// An open page follows the metadata: what an admin adds elsewhere is on the form and in the navigation without a reload.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { packageRoot } from '../../server/package-root.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { startBrowser } from './browser.ts';
import { collectErrors } from './page-checks.ts';

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

test('a field and an entity that are added while somebody types are there, and what was typed still is', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, locale: 'en', reducedMotion: 'reduce' });
  page.setDefaultTimeout(20_000);
  const errors = collectErrors(page);
  await page.goto(`${app.url}/records/contacts/new`);
  await page.locator('input[name="email"]').fill(app.adminEmail);
  await page.locator('input[name="password"]').fill(app.adminPassword);
  await page.locator('button[type="submit"]').click();
  await page.getByLabel('First name').fill('Dana');
  await page.getByLabel('Last name').fill('Typed');

  const changes = [
    {
      op: 'addField',
      entity: 'contacts',
      field: { name: 'shoe_size', type: 'integer', label: { en: 'Shoe size', ar: 'مقاس الحذاء' } },
    },
    { op: 'addEntity', entity: { singular: 'gadget', plural: 'gadgets', fields: [{ name: 'name', type: 'text' }] } },
    { op: 'addRelation', entity: 'contacts', relation: { name: 'gadget', entity: 'gadgets', label: { en: 'Favourite gadget' } } },
  ];
  const applied = await app.request('POST', '/meta/apply', { body: { changes } });
  expect([applied.status, applied.body['errors']]).toEqual([200, undefined]);

  // Any answer tells the page of the newer version: here that of the search.
  await page.getByRole('combobox', { name: 'Search' }).fill('Nobody');
  await page.getByLabel('Shoe size').fill('42');
  await page.getByLabel('Favourite gadget').waitFor();
  expect(await page.getByLabel('First name').inputValue()).toBe('Dana');
  await page.getByRole('link', { name: 'Gadgets', exact: true }).waitFor();

  await page.locator('header button[type="submit"]').click();
  await page.getByRole('heading', { name: 'Dana Typed' }).waitFor();
  expect(await page.getByLabel('Shoe size').inputValue()).toBe('42');
  const saved = await app.request('GET', '/contacts?last_name[eq]=Typed&fields=shoe_size');
  expect(saved.body['data']).toEqual([{ shoe_size: 42 }]);
  expect(errors).toEqual([]);
  await page.close();
});
