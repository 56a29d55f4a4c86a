// Starts a process that only works: automation and jobs, over the newest metadata; stops it in reverse.
import type { Config } from '../config.ts';
import { startBackground } from './background.ts';
import { followVersions } from './follow.ts';
import { inReverse } from './in-reverse.ts';
import { openParts, type Parts } from './parts.ts';

export interface RunningWorker {
  readonly log: Parts['log'];
  /** Finishes what has begun, and leaves a change of the metadata that it carries through to another process. */
  stop(): Promise<void>;
}

/** Waits until another process has made the tables. @throws Error with a sentence for people */
export async function startWorker(config: Config): Promise<RunningWorker> {
  const parts = await openParts(config, { migrate: false, wait: true, name: 'worker' });
  const stops = [parts.close];
  const stop = (): Promise<void> => {
    parts.interrupt();
    return inReverse(stops);
  };
  try {
    stops.push(await followVersions(parts, { kind: 'worker' }));
    stops.push((await startBackground(parts)).stop);
    return { log: parts.log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
