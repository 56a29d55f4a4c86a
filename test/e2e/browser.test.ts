// Finding a browser: by name, on the system, in the bundle.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findBrowser, startBrowser } from './browser.ts';
import { bundledChromium } from './bundled-chromium.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'formwork-browser-'));
  writeFileSync(join(folder, 'chromium'), '#!/bin/sh\n');
  chmodSync(join(folder, 'chromium'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('finding a browser', () => {
  test('takes the one that CHROME_PATH names, and refuses a path that is no program', async () => {
    const named = await findBrowser({ CHROME_PATH: join(folder, 'chromium'), PATH: '' });
    expect(named).toEqual({ executable: join(folder, 'chromium'), environment: {}, from: 'environment' });
    await expect(findBrowser({ CHROME_PATH: join(folder, 'nothing') })).rejects.toThrow('CHROME_PATH names');
  });

  test('takes the system’s, wherever PATH has it', async () => {
    expect(await findBrowser({ PATH: `/nonexistent:${folder}` })).toMatchObject({
      executable: join(folder, 'chromium'),
      from: 'system',
    });
  });

  test('unpacks the bundled one where there is none, and it draws a page', async () => {
    const bundled = await bundledChromium();
    if (bundled === undefined) return expect(findBrowser({ PATH: '' })).rejects.toThrow('There is no Chromium');
    const found = await findBrowser({ PATH: '' });
    expect(found).toMatchObject({ executable: bundled.executable, from: 'bundle' });
    expect(process.env['LD_LIBRARY_PATH'] ?? '').not.toContain('chromium-');
    const browser = await startBrowser(found);
    const page = await browser.newPage();
    await page.setContent('<h1>Here</h1>');
    expect(await page.textContent('h1')).toBe('Here');
    await browser.close();
    return undefined;
  }, 180_000);
});
