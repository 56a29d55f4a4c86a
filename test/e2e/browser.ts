// A real Chromium for the browser tests: the one that the environment names, the system's, else the bundled one.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { bundledChromium } from './bundled-chromium.ts';

export interface FoundBrowser {
  readonly executable: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly from: 'environment' | 'system' | 'bundle';
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * @param environment CHROME_PATH names a browser; PATH is searched for one
 * @throws Error that says what to install, when there is none at all
 */
export async function findBrowser(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<FoundBrowser> {
  const named = environment['CHROME_PATH'];
  if (named) {
    if (!isExecutable(named)) throw new Error(`CHROME_PATH names ${named}, which is no program.`);
    return { executable: named, environment: {}, from: 'environment' };
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const system = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
  if (system !== undefined) return { executable: system, environment: {}, from: 'system' };
  const bundled = await bundledChromium();
  if (bundled !== undefined) return { ...bundled, from: 'bundle' };
  throw new Error('There is no Chromium: install one, or the optional package @sparticuz/chromium, or set CHROME_PATH.');
}

/** Starts it without its sandbox (test machines run as root) and with an environment of its own. */
export async function startBrowser(found?: FoundBrowser): Promise<Browser> {
  const { executable, environment } = found ?? (await findBrowser());
  return chromium.launch({
    executablePath: executable,
    headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--font-render-hinting=none'],
    env: { ...(process.env as Record<string, string>), ...environment },
  });
}
