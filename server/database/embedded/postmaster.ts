// What postmaster.pid says about the server of a data folder, and whether that server is really running.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../error-code.ts';

export interface Postmaster {
  readonly pid: number;
  readonly socketFolder: string;
  readonly state: 'starting' | 'ready' | 'stopping';
  /** Whether that process is a PostgreSQL of this very data folder; false for a zombie and for a number used again. */
  readonly alive: boolean;
}

/**
 * Reads postmaster.pid (lines as in PostgreSQL's pidfile.h: 1 process, 5 socket folder, 8 state).
 * @returns undefined when there is none, or it is not written whole yet
 */
export function readPostmaster(data: string): Postmaster | undefined {
  const lines = readIfThere(join(data, 'postmaster.pid'))?.split('\n') ?? [];
  const pid = Number(lines[0]);
  const socketFolder = lines[4];
  if (!Number.isInteger(pid) || pid <= 0 || socketFolder === undefined) return undefined;
  const state = lines[7]?.trim();
  return {
    pid,
    socketFolder,
    state: state === 'ready' || state === 'stopping' ? state : 'starting',
    alive: isServerOf(data, commandLine(pid)),
  };
}

/** Whether a process of that number exists, whatever it is; a zombie does. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function isServerOf(data: string, command: readonly string[]): boolean {
  const at = command.indexOf('-D');
  return at >= 0 && command[at + 1] === data;
}

/** The arguments of a process; none for a zombie or where there is no such process. Readable for every account. */
function commandLine(pid: number): readonly string[] {
  if (process.platform === 'linux') return readIfThere(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
  // Elsewhere ps joins the arguments with spaces, so a folder's name with spaces is put together again.
  const line = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  const match = / -D (.+?) -c /.exec(line);
  return match?.[1] === undefined ? [] : ['-D', match[1]];
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
