// The little shell program between this process and PostgreSQL: it starts it, starts it again, and stops it when nobody is left.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import { createHold, stoppingName } from './hold.ts';
import type { Place } from './place.ts';

const readyName = 'ready';
const largestLogBytes = 5_000_000;

/**
 * Standard input is the pipe of hold.ts. The guard reads it: it ends when the last process lets go or dies. It then marks
 * the server as stopping and reads once more, so that a process that took hold just before the mark keeps the server.
 * Only then comes a fast shutdown, and an immediate one after a minute. A server that dies by itself is started again.
 */
const script = `
trap '' HUP INT TERM
exec 3<&0 </dev/null
folder=$1; shift
while :; do
  "$@" 3<&- &
  server=$!
  (
    read -r nothing <&3
    : >"$folder/${stoppingName}"
    read -r nothing <&3
    kill -INT "$server"
    seconds=0
    while [ "$seconds" -lt 60 ]; do
      sleep 1
      kill -0 "$server" 2>/dev/null || exit 0
      seconds=$((seconds + 1))
    done
    kill -QUIT "$server"
  ) &
  guard=$!
  wait "$server"; code=$?
  kill -KILL "$guard"
  if [ "$code" -eq 0 ] || [ ! -e "$folder/${readyName}" ] || [ -e "$folder/${stoppingName}" ]; then break; fi
  sleep 1
done
rm -rf "$folder"
exit "$code"
`;

export interface Keeper {
  readonly process: ChildProcess;
  /** Closing it lets go of the server. */
  readonly hold: number;
  /** From the next call on a server that dies is started again. */
  markReady(): void;
}

/**
 * Starts PostgreSQL under a keeper. Neither dies with this process's terminal or process group.
 * @param parameters server parameters, name → value
 * @param strangerPid a living process that only happens to have the number in a stale postmaster.pid
 */
export function startKeeper(
  place: Place,
  account: Account,
  socketFolder: string,
  parameters: Readonly<Record<string, string>>,
  strangerPid: number | undefined,
): Keeper {
  const { reading, writing } = createHold(socketFolder);
  const logFile = openLog(place.logFile);
  const settings = Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [join(place.binaries, 'bin/postgres'), '-D', place.data, ...settings];
  const child = spawn('/bin/sh', ['-c', script, 'formwork-postgres', socketFolder, ...command], {
    ...account,
    cwd: '/',
    detached: true,
    env: {
      PATH: process.env['PATH'],
      LC_ALL: 'C.UTF-8',
      // PostgreSQL refuses to start while the process in a stale postmaster.pid lives, unless it is its own parent's parent.
      ...(strangerPid === undefined ? {} : { PG_GRANDPARENT_PID: String(strangerPid) }),
    },
    stdio: [reading, logFile, logFile],
  });
  child.unref();
  closeSync(reading);
  closeSync(logFile);
  return { process: child, hold: writing, markReady: () => writeFileSync(join(socketFolder, readyName), '') };
}

function openLog(path: string): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > largestLogBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
