import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { serverAccount } from '../../../server/database/embedded/account.ts';
import { findBinaries } from '../../../server/database/embedded/binaries.ts';
import { ensureCluster } from '../../../server/database/embedded/cluster.ts';
import { type Place, preparePlace } from '../../../server/database/embedded/place.ts';
import { createLog } from '../../../server/telemetry/log.ts';

let folder: string;
let place: Place;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  chmodSync(folder, 0o755);
  place = preparePlace(folder, findBinaries(), serverAccount(), createLog({ level: 'silent' }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ensure = () => ensureCluster(place, serverAccount(), false);

test('a cluster of another major version is refused with both numbers and a way out', async () => {
  mkdirSync(place.data);
  writeFileSync(join(place.data, 'PG_VERSION'), '17\n');
  await expect(ensure()).rejects.toThrow(/written by PostgreSQL 17, and this is PostgreSQL 18.*DATABASE_URL/);
});

test('a folder with something else in it is refused and left as it is', async () => {
  mkdirSync(place.data);
  writeFileSync(join(place.data, 'letter.txt'), 'mine');
  await expect(ensure()).rejects.toMatchObject({ code: 'ENOTEMPTY' });
  expect(readdirSync(place.home)).toEqual(['data']);
  expect(readdirSync(place.data)).toEqual(['letter.txt']);
});

test('an initdb that fails is reported in its own words and leaves nothing', async () => {
  const broken = { ...place, binaries: '/no/such/folder' };
  await expect(ensureCluster(broken, serverAccount(), false)).rejects.toMatchObject({ code: 'ENOENT' });
  const unreadable = join(folder, 'fake');
  mkdirSync(join(unreadable, 'bin'), { recursive: true });
  writeFileSync(join(unreadable, 'bin/initdb'), '#!/bin/sh\necho "no room" >&2\nexit 3\n', { mode: 0o755 });
  await expect(ensureCluster({ ...place, binaries: unreadable }, serverAccount(), false)).rejects.toThrow(
    /initdb failed \(3\).*no room/s,
  );
  expect(readdirSync(place.home)).toEqual([]);
});

test('what a killed initdb left long ago is cleared away; one that may still run is not', async () => {
  const [old, recent] = [join(place.home, 'initdb-old'), join(place.home, 'initdb-new')];
  mkdirSync(old);
  mkdirSync(recent);
  utimesSync(old, new Date(0), new Date(0));
  await ensure();
  expect([existsSync(old), existsSync(recent)]).toEqual([false, true]);
  expect(existsSync(join(place.data, 'PG_VERSION'))).toBe(true);
});
