// The import wizard in a real browser: a file from its drop to its undo, and the same page from right to left.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { packageRoot } from '../../server/package-root.ts';
import { startTransfers, type Transfers } from '../import/transfer-client.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { startBrowser } from './browser.ts';
import { axeFindings, collectErrors } from './page-checks.ts';

let app: TestApp;
let browser: Browser;
let transfers: Transfers;
let folder: string;

beforeAll(async () => {
  if (!existsSync(join(packageRoot(), 'dist', 'admin-ui', 'index.html')))
    throw new Error('Build the admin UI first: npm run build:ui');
  folder = mkdtempSync(join(tmpdir(), 'formwork-wizard-'));
  const environment = { FORMWORK_FILES_DIR: folder };
  [app, browser] = await Promise.all([startTestApp({ environment }), startBrowser()]);
  transfers = await startTransfers(app);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await transfers?.stop();
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const csv = [
  'Id,First Name,Last Name,E-Mail,Born',
  'W1,Ada,Lovelace,ada@example.org,"15 Apr, 1981"',
  'W2,Grace,Hopper,grace@example.org,"9 Dec, 1906"',
  'W3,,,nobody,',
].join('\n');

async function signedIn(locale: string): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors = collectErrors(page);
  await page.goto(`${app.url}/`);
  await page.locator('input[type=email]').fill(app.adminEmail);
  await page.locator('input[type=password]').fill(app.adminPassword);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').first().waitFor();
  return { page, errors };
}
const choose = (page: Page) =>
  page.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
const picture = async (page: Page, name: string): Promise<void> => {
  const to = process.env['FORMWORK_PICTURES'];
  if (to !== undefined) await page.screenshot({ path: join(to, `${name}.png`), fullPage: true });
};

test('a file is dropped, looked at, imported, mended and taken back', async () => {
  const { page, errors } = await signedIn('en');
  await page.goto(`${app.url}/records/contacts`);
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Import contacts' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await picture(page, 'import-file');
  await choose(page);
  await page.getByText('Guessed from the names').waitFor();
  // The last column has a name that nobody could guess.
  await page.getByRole('combobox', { name: 'Field for “Born”' }).fill('Date of birth');
  await page.getByRole('option', { name: 'Date of birth' }).click();
  await page.getByRole('textbox', { name: 'Date format of “Born”' }).fill('D MMM, YYYY');
  await page.getByText('Rejected').first().waitFor();
  await page.locator('[aria-busy=false]').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await picture(page, 'import-mapping');
  await page.getByRole('button', { name: 'Start the import' }).click();
  await page.getByText('3 of 3 rows').waitFor();
  await page.getByRole('button', { name: 'Undo the import' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await picture(page, 'import-result');
  const made = (await app.request('GET', '/contacts?external_id[startsWith]=W&sort=external_id')).body['data'];
  expect(made).toMatchObject([{ last_name: 'Lovelace', birthdate: '1981-04-15' }, { last_name: 'Hopper' }]);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download the rejected rows' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('people-rejects.csv');
  expect(await text(await download.createReadStream())).toContain('W3,,,nobody,,4,');
  // Whoever comes back to the address finds the same import.
  await page.reload();
  await page.getByRole('button', { name: 'Undo the import' }).click();
  await page.getByRole('button', { name: 'Really undo it?' }).click();
  await page.getByText('Records removed by the undo').waitFor();
  expect((await app.request('GET', '/contacts?external_id[startsWith]=W')).body['data']).toEqual([]);
  expect(errors).toEqual([]);
  await page.context().close();
}, 180_000);

test('it is the same from right to left, and tells what is wrong with a file', async () => {
  const { page, errors } = await signedIn('ar');
  await page.goto(`${app.url}/records/contacts/import`);
  await page.locator('input[type=file]').setInputFiles({ name: 'x.xlsx', mimeType: '', buffer: Buffer.from('nothing') });
  await page.getByRole('alert').waitFor();
  await choose(page);
  // The mapping of the import before is remembered.
  await page.getByText('مطابقتك الأخيرة لملف كهذا').waitFor();
  expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
  expect(await axeFindings(page)).toEqual([]);
  await picture(page, 'import-mapping-ar');
  expect(errors).toEqual([]);
  await page.context().close();
}, 120_000);
