// The key that encrypts stored secrets: given, made once for the embedded database, or absent with a warning.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { secretKeyOf } from '../../server/auth/secret-key.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { runSource } from '../support/processes.ts';

let folder: string;
let dataDir: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secret-key-'));
  dataDir = join(folder, 'data', 'of the server');
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const keyWith = (given: { readonly secretKey?: string; readonly databaseUrl?: string }, at = dataDir) =>
  secretKeyOf(
    { secretKey: undefined, databaseUrl: undefined, dataDir: at, ...given },
    createLog({ level: 'info' }, { write: (line) => void lines.push(line) }),
  );

describe('the secret key', () => {
  test('is the one that is set; then none is made', () => {
    expect(keyWith({ secretKey: 'k'.repeat(32) })).toBe('k'.repeat(32));
    expect(existsSync(dataDir)).toBe(false);
  });

  test('is made once for the embedded database, for the eyes of one account only', () => {
    const made = keyWith({});
    expect(made).toMatch(/^[\w-]{43}$/);
    expect(keyWith({})).toBe(made);
    expect(readdirSync(dataDir)).toEqual(['secret-key']);
    expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
    expect(keyWith({}, join(folder, 'another'))).not.toBe(made);
    expect(lines).toEqual([]);
  });

  test('is the same for processes that start together', async () => {
    const source = fileURLToPath(new URL('./support/print-secret-key.ts', import.meta.url));
    const processes = Array.from({ length: 4 }, () => runSource(source, { args: [dataDir] }));
    const keys = await Promise.all(processes.map((running) => running.line()));
    await Promise.all(processes.map((running) => running.end('SIGTERM')));
    expect(keys).toEqual(Array.from({ length: 4 }, () => readFileSync(join(dataDir, 'secret-key'), 'utf8').trim()));
    expect(readdirSync(dataDir)).toEqual(['secret-key']);
  });

  test('is missing where the database stands elsewhere, and a warning names the variable', () => {
    expect(keyWith({ databaseUrl: 'postgres://localhost/a' })).toBeUndefined();
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'warn', msg: expect.stringContaining('FORMWORK_SECRET_KEY is not set') },
    ]);
    expect(existsSync(dataDir)).toBe(false);
  });

  test('is not replaced when its file is damaged: a sentence says what to do', () => {
    keyWith({});
    writeFileSync(join(dataDir, 'secret-key'), 'half a k');
    expect(() => keyWith({})).toThrow(`FORMWORK_SECRET_KEY is not set, and ${dataDir}/secret-key is damaged`);
    expect(readFileSync(join(dataDir, 'secret-key'), 'utf8')).toBe('half a k');
  });

  test('that cannot be kept is told with its path and the reason', () => {
    writeFileSync(join(folder, 'data'), 'a file where a folder should be');
    expect(() => keyWith({})).toThrow(`the key kept in ${dataDir}/secret-key is out of reach (ENOTDIR)`);
    rmSync(join(folder, 'data'));
    keyWith({});
    rmSync(join(dataDir, 'secret-key'));
    chmodSync(dataDir, 0o500);
    // The superuser writes anywhere.
    if (process.getuid?.() !== 0) expect(() => keyWith({})).toThrow('(EACCES)');
    chmodSync(dataDir, 0o700);
  });
});
