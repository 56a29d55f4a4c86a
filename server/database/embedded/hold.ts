// Who still uses the embedded server: each process holds a named pipe open for writing, and the kernel lets go when it dies.
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../error-code.ts';

/** In the socket folder. */
const pipeName = 'hold';

/** The guard makes this file once nobody held the server; from then on nobody may take hold of it. */
export const stoppingName = 'stopping';

export interface FirstHold {
  /** To be given to the guard as its standard input, then closed here. */
  readonly reading: number;
  /** Closing it lets go of the server. */
  readonly writing: number;
}

/** Makes the pipe and takes the first hold, before anything can go wrong in between: the guard never waits for a first writer. */
export function createHold(socketFolder: string): FirstHold {
  const pipe = join(socketFolder, pipeName);
  const made = spawnSync('mkfifo', ['-m', '600', pipe], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`A named pipe cannot be made in ${socketFolder}: ${made.error?.message ?? made.stderr}`);
  const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  return { reading, writing: openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK) };
}

/** Takes hold of a running server, or undefined when there is no pipe or no guard reads it. Close the number to let go. */
export function takeHold(socketFolder: string): number | undefined {
  try {
    return openSync(join(socketFolder, pipeName), constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** Whether any process holds the server: reading an empty pipe ends at once without writers, and would wait with one. */
export function isHeld(socketFolder: string): boolean {
  let pipe: number | undefined;
  try {
    pipe = openSync(join(socketFolder, pipeName), constants.O_RDONLY | constants.O_NONBLOCK);
    readSync(pipe, Buffer.alloc(1));
    return false;
  } catch (error) {
    return errorCode(error) === 'EAGAIN';
  } finally {
    if (pipe !== undefined) closeSync(pipe);
  }
}
