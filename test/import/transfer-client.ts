// A worker's side of imports and exports beside a test application, and the requests that follow them.
import { randomUUID } from 'node:crypto';
import { startExports } from '../../server/import/export-job.ts';
import { startImports } from '../../server/import/import-job.ts';
import { startJobs } from '../../server/jobs/queue.ts';
import type { Actor } from '../../server/repository/actor.ts';
import { createLog } from '../../server/telemetry/log.ts';
import type { TestApp } from '../support/app.ts';
import { watchedFetch } from '../support/watched-fetch.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Transfers {
  /** Sends a file; answers the status and the body. */
  file(
    path: string,
    type: string,
    body: string | Buffer,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: Row; readonly location: string }>;
  post(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: Row; readonly location: string }>;
  /** The record at a path, once it is neither queued nor under way. */
  finished(location: string): Promise<Row>;
  /** The bytes of an answer. */
  bytes(path: string): Promise<{ readonly status: number; readonly headers: Headers; readonly bytes: Buffer }>;
  stop(): Promise<void>;
}

const underWay = ['queued', 'running', 'undoing'];

/** @param actor whose rights the jobs have; the administrator's when absent */
export async function startTransfers(
  app: TestApp,
  actor: () => Actor | undefined = () => app.context().actor,
): Promise<Transfers> {
  const schema = `${app.registry.app.prefix}queue`;
  const jobs = await startJobs({ url: app.parts.database.url, schema, log: createLog({ level: 'fatal' }) });
  const { repository, registry } = app.parts;
  const services = { repository, knex: app.knex, jobs, registry, actorById: async () => actor(), onError: () => undefined };
  await startImports(services);
  await startExports(services);
  const below = (location: string): string => location.replace(app.registry.app.basePath, '');
  const authorization = async (): Promise<Readonly<Record<string, string>>> => ({ Authorization: `Bearer ${await app.token()}` });
  return {
    file: async (path, type, body, headers = {}) => {
      const response = await watchedFetch(`${app.base}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': type, 'Idempotency-Key': randomUUID(), ...(await authorization()), ...headers },
        body,
      });
      return { status: response.status, body: (await response.json()) as Row, location: response.headers.get('location') ?? '' };
    },
    post: async (path, body = {}) => {
      const { status, body: answer, headers } = await app.request('POST', below(path), { body });
      return { status, body: answer as Row, location: headers.get('location') ?? '' };
    },
    finished: async (location) => {
      for (;;) {
        const row = (await app.request('GET', below(location))).body['data'] as never as Row;
        if (!underWay.includes(String(row['status']))) return row;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    bytes: async (path) => {
      const response = await watchedFetch(`${app.base}${below(path)}`, { headers: await authorization() });
      return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
    },
    stop: () => jobs.stop(),
  };
}
