// Joins the server that another process runs on the same data folder.
import { closeSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../telemetry/log.ts';
import { stoppingName, takeHold } from './hold.ts';
import type { Place } from './place.ts';
import { type Postmaster, readPostmaster } from './postmaster.ts';

/** A running server that does not stop before `hold` is closed. */
export interface Held {
  readonly socketFolder: string;
  /** Undefined when nobody guards the server; then it is not ours to stop. */
  readonly hold: number | undefined;
}

const pollMs = 10;
/** The guard outlives its server, so a server seen without one for this long has lost it: somebody killed it. */
const unguardedMs = 500;

/**
 * Joins the data folder's server, waiting while it starts and while one that stops is going away.
 * @returns undefined when there is none (any more)
 */
export async function joinRunning(place: Place, log: Log): Promise<Held | undefined> {
  const since = Date.now();
  for (;;) {
    const server = readPostmaster(place.data);
    if (server === undefined || !server.alive) return undefined;
    const hold = server.state === 'stopping' ? undefined : holdOn(server);
    if (hold !== undefined && (await becomesReady(place, server))) return { socketFolder: server.socketFolder, hold };
    if (hold !== undefined) closeSync(hold);
    else if (server.state === 'ready' && !isStopping(server) && Date.now() - since > unguardedMs) {
      log.warn(
        { pid: server.pid, data: place.data },
        'PostgreSQL runs on the data folder without its guard, and will not be stopped',
      );
      return { socketFolder: server.socketFolder, hold: undefined };
    }
    await sleep(pollMs);
  }
}

/** The guard marks the server as stopping before it looks at the pipe for the last time, so the mark is read after taking hold. */
function holdOn(server: Postmaster): number | undefined {
  const hold = takeHold(server.socketFolder);
  if (hold === undefined || !isStopping(server)) return hold;
  closeSync(hold);
  return undefined;
}

function isStopping(server: Postmaster): boolean {
  return existsSync(join(server.socketFolder, stoppingName));
}

async function becomesReady(place: Place, server: Postmaster): Promise<boolean> {
  for (;;) {
    const now = readPostmaster(place.data);
    if (now === undefined || !now.alive || now.socketFolder !== server.socketFolder || now.state === 'stopping') return false;
    if (now.state === 'ready') return true;
    await sleep(pollMs);
  }
}
