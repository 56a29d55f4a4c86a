// Automation beside the HTTP server: in worker processes of its own, so that rules never hold up a request.
import { type ChildProcess, fork } from 'node:child_process';
import { sourceFile } from '../package-root.ts';
import type { Log } from '../telemetry/log.ts';

export interface Workers {
  /** Asks them to finish what they have begun, waits, and kills what does not end in time. */
  stop(): Promise<void>;
}

const restartMs = 1_000;
const stopMs = 10_000;

/** Keeps `count` processes of `formwork worker` alive: one that dies is started again after a second. */
export function startWorkers(count: number, log: Log): Workers {
  let stopping = false;
  const running = new Set<ChildProcess>();
  const timers = new Set<NodeJS.Timeout>();
  const start = (): void => {
    const child = fork(sourceFile('server/main.ts'), ['worker'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    running.add(child);
    child.once('exit', (code, signal) => {
      running.delete(child);
      if (stopping) return;
      log.warn({ code, signal }, 'A worker ended; another one starts');
      const timer = setTimeout(() => {
        timers.delete(timer);
        start();
      }, restartMs);
      timers.add(timer);
    });
  };
  for (let made = 0; made < count; made++) start();
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
