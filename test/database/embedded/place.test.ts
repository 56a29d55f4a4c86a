import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { serverAccount } from '../../../server/database/embedded/account.ts';
import { makeSocketFolder, preparePlace } from '../../../server/database/embedded/place.ts';
import { createLog } from '../../../server/telemetry/log.ts';

let folder: string;
let native: string;
let elsewhere: string;
let lines: string[];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'place-')));
  chmodSync(folder, 0o755);
  native = join(folder, 'package/native');
  elsewhere = join(folder, 'elsewhere');
  lines = [];
  for (const part of ['bin', 'share/postgresql', 'lib/postgresql']) mkdirSync(join(native, part), { recursive: true });
  for (const file of ['bin/postgres', 'bin/initdb', 'share/postgresql/postgres.bki']) writeFileSync(join(native, file), file);
  writeFileSync(join(native, 'pg-symlinks.json'), '[]');
  writeFileSync(join(folder, 'package/package.json'), '{ "version": "18.4.0-beta.17" }');
});
afterEach(() => rmSync(folder, { recursive: true }));

const log = createLog({ level: 'warn' }, { write: (line) => lines.push(line) });

test('data and binaries stay where they are when the account can reach them', () => {
  const place = preparePlace(join(folder, 'data'), native, {}, log, elsewhere);
  expect(place).toEqual({
    binaries: native,
    major: '18',
    home: join(folder, 'data/postgres'),
    data: join(folder, 'data/postgres/data'),
    logFile: join(folder, 'data/postgres/postgres.log'),
  });
  expect(statSync(place.home).mode & 0o777).toBe(0o700);
  expect(lines).toEqual([]);
});

// Only root lends the server another account; for everybody else both are the same and nothing is out of reach.
const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;
describeAsRoot('for root, which runs the server as another account', () => {
  test('data in a closed folder is kept elsewhere, at the same place each time, and the log says so', () => {
    const dataDir = join(folder, 'closed/data');
    mkdirSync(join(folder, 'closed'), { mode: 0o700 });
    const account = serverAccount();
    const place = preparePlace(dataDir, native, account, log, elsewhere);
    expect(place.home.startsWith(`${elsewhere}/`)).toBe(true);
    expect(statSync(place.home).uid).toBe(account.uid);
    expect(preparePlace(dataDir, native, account, log, elsewhere).home).toBe(place.home);
    expect(lines[0]).toContain('its data is kept elsewhere');
    expect(lines[0]).toContain(place.home);
  });

  test('binaries in a closed folder are copied once, and the log says so', () => {
    chmodSync(join(folder, 'package'), 0o700);
    const place = preparePlace(join(folder, 'data'), native, serverAccount(), log, elsewhere);
    expect(place.binaries).toBe(join(elsewhere, 'postgresql-18.4.0-beta.17'));
    expect(existsSync(join(place.binaries, 'share/postgresql/postgres.bki'))).toBe(true);
    expect(preparePlace(join(folder, 'data'), native, serverAccount(), log, elsewhere).binaries).toBe(place.binaries);
    expect(lines.filter((line) => line.includes('its binaries are copied'))).toHaveLength(1);
  });

  test('a copy that fails leaves nothing behind', () => {
    chmodSync(join(folder, 'package'), 0o700);
    rmSync(join(native, 'bin'), { recursive: true });
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'postgresql-18.4.0-beta.17-full'), '');
    const missing = join(native, 'missing');
    expect(() => preparePlace(join(folder, 'data'), missing, serverAccount(), log, elsewhere)).toThrow('ENOENT');
    expect(readdirSync(elsewhere)).toEqual(['postgresql-18.4.0-beta.17-full']);
  });
});

test('the folder of the socket is closed to others and short enough for a socket, however long the temporary folder is', () => {
  const long = join(folder, 'x'.repeat(90));
  mkdirSync(long);
  const [near, far] = [makeSocketFolder({}, folder), makeSocketFolder({}, long)];
  expect(near.startsWith(folder)).toBe(true);
  expect(far.startsWith('/tmp/formwork-')).toBe(true);
  expect(statSync(far).mode & 0o777).toBe(0o700);
  rmSync(far, { recursive: true });
});
