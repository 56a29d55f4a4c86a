// The job queue of this application: HTTP nodes only send, workers run and keep it.
import { type Jobs, startJobs } from '../jobs/queue.ts';
import type { Parts } from './parts.ts';

const schemaOf = ({ registry }: Parts): string => `${registry.current().app.prefix}queue`;

/** A queue that is sent to and not worked on. */
export function startSender(parts: Parts): Promise<Jobs> {
  return startJobs({ url: parts.database.url, schema: schemaOf(parts), log: parts.log, supervise: false });
}

/** A queue whose jobs run in this process. */
export function startWorkingQueue(parts: Parts): Promise<Jobs> {
  return startJobs({ url: parts.database.url, schema: schemaOf(parts), log: parts.log });
}
