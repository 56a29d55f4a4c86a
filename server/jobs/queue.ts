// The queue for background work: pg-boss in a schema of its own, behind the few calls that the rest needs.
import type { Knex } from 'knex';
import { fromKnex, type Job, PgBoss } from 'pg-boss';
import type { Log } from '../telemetry/log.ts';

export interface JobsOptions {
  /** A direct connection: pg-boss keeps one for LISTEN. */
  readonly url: string;
  /** PostgreSQL schema of the queue, e.g. the application's prefix and `queue`. */
  readonly schema: string;
  readonly log: Pick<Log, 'warn' | 'error'>;
  /** false: this process only sends, it runs no maintenance and no schedules. */
  readonly supervise?: boolean;
}

export interface QueueSettings {
  /** Seconds a job may run; 3,600. */
  readonly expireInSeconds?: number;
  /** How often a failed job is tried again; 3. */
  readonly retryLimit?: number;
  /** Seconds a finished job (and its data) is kept; a day. */
  readonly deleteAfterSeconds?: number;
}

export interface SendOptions {
  /** The job exists when this transaction commits, and only then. */
  readonly transaction?: Knex.Transaction;
}

export interface RunningJob<T> {
  readonly id: string;
  readonly data: T;
  /** Set when the process stops or the job has taken too long. */
  readonly signal: AbortSignal;
}

export interface Jobs {
  /** Makes the queue when it is not there yet; settings of one that is there are brought up to date. */
  queue(name: string, settings?: QueueSettings): Promise<void>;
  /** Handlers must bear to run twice: a job whose worker died runs again. */
  work<T extends object>(name: string, handler: (job: RunningJob<T>) => Promise<void>): Promise<void>;
  send(name: string, data: object, options?: SendOptions): Promise<void>;
  /** @param cron five fields, in UTC */
  schedule(name: string, cron: string, data?: object): Promise<void>;
  /** Lets the jobs under way end, for at most 30 s. */
  stop(): Promise<void>;
}

/** A worker that dies is noticed after this and the next round of the supervisor. Seconds, the least that pg-boss takes. */
const heartbeatSeconds = 10;
const superviseSeconds = 5;
const stopMs = 30_000;
const connections = 4;

/** Makes the queue's schema when it is not there. */
export async function startJobs({ url, schema, log, supervise = true }: JobsOptions): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: url,
    schema,
    application_name: 'formwork queue',
    max: connections,
    useListenNotify: true,
    supervise,
    schedule: supervise,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    // The process's own telemetry tells more; two rows of statistics a minute are not worth a table.
    registerInstance: false,
    persistQueueStats: false,
    reindex: false,
    monitorVacuum: false,
  });
  boss.on('error', (error) => log.error({ err: error }, 'The queue has an error'));
  boss.on('warning', (warning) => log.warn({ warning }, 'The queue warns'));
  await boss.start();

  return {
    queue: async (name, settings = {}) => {
      const options = {
        notify: true,
        heartbeatSeconds,
        retryLimit: settings.retryLimit ?? 3,
        retryBackoff: true,
        retryDelay: 1,
        expireInSeconds: settings.expireInSeconds ?? 3_600,
        deleteAfterSeconds: settings.deleteAfterSeconds ?? 86_400,
      };
      if ((await boss.getQueue(name)) === null) await boss.createQueue(name, options);
      else await boss.updateQueue(name, options);
    },
    work: async <T extends object>(name: string, handler: (job: RunningJob<T>) => Promise<void>) => {
      await boss.work<T>(
        name,
        { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2, batchSize: 1 },
        async ([job]: Job<T>[]) => {
          if (job !== undefined) await handler({ id: job.id, data: job.data, signal: job.signal });
        },
      );
    },
    send: async (name, data, { transaction } = {}) => {
      await boss.send(name, data, transaction === undefined ? {} : { db: fromKnex(transaction) });
    },
    schedule: async (name, cron, data = {}) => {
      await boss.schedule(name, cron, data, { tz: 'UTC' });
    },
    stop: async () => {
      await boss.stop({ graceful: true, timeout: stopMs });
    },
  };
}
