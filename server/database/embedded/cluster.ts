// Creates the database cluster on the first start, and refuses one that another major version wrote.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import { give, type Place } from './place.ts';

/** The superuser of the cluster, and the name of its database. */
export const clusterUser = 'formwork';

const unfinishedPrefix = 'initdb-';
const abandonedAfterMs = 10 * 60_000;

/**
 * Makes sure that `place.data` is a cluster of the right version. A first start that is cut off leaves no half
 * cluster: it is made in a folder beside, which is renamed when whole.
 * @throws Error when initdb fails, or when the folder holds something else
 */
export async function ensureCluster(place: Place, account: Account, fsync: boolean): Promise<void> {
  if (!existsSync(join(place.data, 'PG_VERSION'))) await createCluster(place, account, fsync);
  const version = readFileSync(join(place.data, 'PG_VERSION'), 'utf8').trim();
  if (version === place.major) return;
  throw new Error(
    `${place.data} was written by PostgreSQL ${version}, and this is PostgreSQL ${place.major}. ` +
      `Export with the program that made it, or run PostgreSQL ${version} on that folder and set DATABASE_URL.`,
  );
}

async function createCluster(place: Place, account: Account, fsync: boolean): Promise<void> {
  removeAbandoned(place.home);
  const unfinished = mkdtempSync(join(place.home, unfinishedPrefix));
  give(unfinished, account);
  try {
    await initdb(place, account, unfinished, fsync);
    renameSync(unfinished, place.data);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process may have made the cluster meanwhile; then that one is used.
    if (!existsSync(join(place.data, 'PG_VERSION'))) throw error;
  }
}

function initdb(place: Place, account: Account, folder: string, fsync: boolean): Promise<void> {
  const options = [`--pgdata=${folder}`, `--username=${clusterUser}`, '--auth=trust', '--locale=C.UTF-8', '--encoding=UTF8'];
  const child = spawn(join(place.binaries, 'bin/initdb'), [...options, '--no-instructions', ...(fsync ? [] : ['--no-sync'])], {
    ...account,
    cwd: '/',
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`initdb failed (${signal ?? code}) in ${folder}:\n${output.trim()}`));
    });
  });
}

/** A process that was killed while it ran initdb leaves its folder behind. */
function removeAbandoned(home: string): void {
  for (const name of readdirSync(home)) {
    const folder = join(home, name);
    if (!name.startsWith(unfinishedPrefix) || Date.now() - statSync(folder).mtimeMs < abandonedAfterMs) continue;
    rmSync(folder, { recursive: true, force: true });
  }
}
