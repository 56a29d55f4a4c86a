// Starts a server on a data folder that has none, and waits until it takes connections.
import { closeSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../telemetry/log.ts';
import type { Account } from './account.ts';
import { isHeld } from './hold.ts';
import type { Held } from './join.ts';
import { startKeeper } from './keeper.ts';
import { serverParameters } from './parameters.ts';
import { makeSocketFolder, type Place, socketFolderPrefix } from './place.ts';
import { exists, readPostmaster } from './postmaster.ts';

/** What PostgreSQL writes when another process was faster, or when the last server's processes have not all ended yet. */
const tryAgain = /lock file "postmaster\.pid" already exists|lock file ".*" is empty|pre-existing shared memory block/;
const longestExcerpt = 4_000;

/**
 * Launches a server.
 * @returns undefined when the folder is just being taken or left by another server: look again
 * @throws Error with the server's own words when it does not start
 */
export async function launch(place: Place, account: Account, fsync: boolean, log: Log): Promise<Held | undefined> {
  const stale = readPostmaster(place.data);
  const stranger = stale !== undefined && !stale.alive && exists(stale.pid) ? stale.pid : undefined;
  const socketFolder = makeSocketFolder(account);
  const alreadyLogged = logText(place).length;
  const keeper = startKeeper(place, account, socketFolder, serverParameters(socketFolder, fsync), stranger);
  const ended = new Promise<'ended'>((resolve) => {
    keeper.process.once('exit', () => resolve('ended'));
    keeper.process.once('error', () => resolve('ended'));
  });
  const isReady = () => {
    const server = readPostmaster(place.data);
    return server?.socketFolder === socketFolder && server.state === 'ready';
  };
  // No limit of time: after a crash PostgreSQL first replays its log, however long that takes.
  while (!isReady()) {
    if ((await Promise.race([ended, sleep(10)])) !== 'ended') continue;
    closeSync(keeper.hold);
    rmSync(socketFolder, { recursive: true, force: true });
    const said = logText(place).slice(alreadyLogged).trim();
    if (tryAgain.test(said)) return undefined;
    throw new Error(`The embedded PostgreSQL did not start in ${place.data}:\n${said.slice(-longestExcerpt)}`);
  }
  keeper.markReady();
  if (stale !== undefined && !stale.alive && stale.socketFolder !== socketFolder) removeLeft(stale.socketFolder);
  keeper.process.once('exit', (code) => {
    if (code !== 0) log.error({ code, logFile: place.logFile }, 'The embedded PostgreSQL has ended unexpectedly');
  });
  return { socketFolder, hold: keeper.hold };
}

/** A keeper that was killed together with its server could not remove its folder. */
function removeLeft(socketFolder: string): void {
  if (!basename(socketFolder).startsWith(socketFolderPrefix) || isHeld(socketFolder)) return;
  rmSync(socketFolder, { recursive: true, force: true });
}

function logText(place: Place): string {
  return existsSync(place.logFile) ? readFileSync(place.logFile, 'utf8') : '';
}
