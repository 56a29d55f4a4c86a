// The widgets of names, formatted text, durations and files in a real browser, and what they make of a record.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { packageRoot } from '../../server/package-root.ts';
import { specimensRegistry } from '../fields/support/specimens.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { startBrowser } from './browser.ts';
import { axeFindings, collectErrors } from './page-checks.ts';

let app: TestApp;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  if (!existsSync(join(packageRoot(), 'dist', 'admin-ui', 'index.html')))
    throw new Error('Build the admin UI first: npm run build:ui');
  folder = mkdtempSync(join(tmpdir(), 'formwork-widgets-'));
  const environment = { FORMWORK_FILES_DIR: folder };
  [app, browser] = await Promise.all([startTestApp({ registry: await specimensRegistry(), environment }), startBrowser()]);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a record is made with all of them, and its file comes back', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors = collectErrors(page);
  await page.goto(`${app.url}/`);
  await page.getByLabel('E-mail').fill(app.adminEmail);
  await page.getByLabel('Password', { exact: true }).fill(app.adminPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Loans', exact: true }).waitFor();
  await page.goto(`${app.url}/records/specimens/new`);
  await page.getByLabel('Given name').fill('Mary');
  await page.getByLabel('Family name').fill('Anning');
  await page.getByLabel('dive', { exact: true }).fill('1h 30m');
  const notes = page.getByRole('textbox', { name: 'notes' });
  await notes.click();
  await page.getByRole('toolbar', { name: 'Formatting of notes' }).getByRole('button', { name: 'Bold' }).click();
  await page.keyboard.type('ichthyosaur');
  await page.locator('input[type=file][aria-label=scan]').setInputFiles({
    name: 'jaw.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('a jaw'),
  });
  await page.getByText('jaw.txt').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { level: 1, name: 'Mary Anning' }).waitFor();
  const [record] = (await app.request('GET', '/specimens')).body['data'] as never as Record<string, unknown>[];
  expect(record).toMatchObject({
    name: { given: 'Mary', family: 'Anning', middle: null },
    dive: 5400,
    notes: expect.stringMatching(/^<p( dir="auto")?><strong>ichthyosaur<\/strong><\/p>$/),
    scan: { name: 'jaw.txt', type: 'text/plain', size: 5 },
  });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download jaw.txt' }).click(),
  ]);
  expect([download.suggestedFilename(), await text(await download.createReadStream())]).toEqual(['jaw.txt', 'a jaw']);
  expect(errors).toEqual([]);
  await context.close();
}, 180_000);
