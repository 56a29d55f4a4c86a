import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { exists, readPostmaster } from '../../../server/database/embedded/postmaster.ts';

let data: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'postmaster-'));
});
afterEach(() => rmSync(data, { recursive: true }));

function read(lines: readonly unknown[]) {
  writeFileSync(join(data, 'postmaster.pid'), lines.join('\n'));
  return readPostmaster(data);
}

test('no file, an empty one and one written in half are no server', () => {
  expect(readPostmaster(data)).toBeUndefined();
  expect(read([])).toBeUndefined();
  expect(read([process.pid, data, 1])).toBeUndefined();
  expect(read(['x', data, 1, 5432, '/tmp/socket'])).toBeUndefined();
});

test.each([
  ['ready   ', 'ready'],
  ['stopping', 'stopping'],
  ['starting', 'starting'],
  [undefined, 'starting'],
])('the state %j is %s', (written, state) => {
  expect(read([process.pid, data, 1, 5432, '/tmp/socket', '', '1 1', written])).toEqual({
    pid: process.pid,
    socketFolder: '/tmp/socket',
    state,
    alive: false,
  });
});

test('a process exists whoever owns it, until it is gone', () => {
  expect(exists(1)).toBe(true);
  expect(exists(process.pid)).toBe(true);
  expect(exists(2 ** 30)).toBe(false);
});
