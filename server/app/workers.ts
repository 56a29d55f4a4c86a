// Automation beside the HTTP server: in worker processes of its own, so that rules never hold up a request.
import { type ChildProcess, fork } from 'node:child_process';
import { sourceFile } from '../package-root.ts';
import type { Log } from '../telemetry/log.ts';

export interface Workers {
  /** Asks them to finish what they have begun, waits, and kills what does not end in time. */
  stop(): Promise<void>;
}

/** Pause before a worker that ended is replaced; doubled each time, unless it had lived for `healthyMs`. */
const restartMs = 1_000;
const longestRestartMs = 60_000;
const healthyMs = 30_000;
const stopMs = 10_000;

/**
 * Keeps `count` processes of `formwork worker` alive. They stand outside of this process's group, so that Ctrl-C reaches
 * only this process, which then asks them to stop; when this process dies, their channel closes and they stop as well.
 */
export function startWorkers(count: number, log: Log): Workers {
  let stopping = false;
  const running = new Set<ChildProcess>();
  const timers = new Set<NodeJS.Timeout>();
  const start = (pauseMs: number): void => {
    const child = fork(sourceFile('server/main.ts'), ['worker'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    const began = performance.now();
    running.add(child);
    child.on('error', (error) => log.error({ err: error }, 'A worker process has an error'));
    child.once('exit', (code, signal) => {
      running.delete(child);
      if (stopping) return;
      const pause = performance.now() - began > healthyMs ? restartMs : pauseMs;
      log.warn({ code, signal, restartMs: pause }, 'A worker ended; another one starts');
      const timer = setTimeout(() => {
        timers.delete(timer);
        start(Math.min(pause * 2, longestRestartMs));
      }, pause);
      timers.add(timer);
    });
  };
  for (let made = 0; made < count; made++) start(restartMs);
  return {
    stop: async () => {
      stopping = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([...running].map(ended));
    },
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), stopMs);
    child.once('exit', () => {
      clearTimeout(late);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
