// Starts one node: database, tables, what is published, HTTP, first administrator, workers, demo records; stops it in reverse.
import { ensureFirstAdmin, type FirstAdmin } from '../auth/first-admin.ts';
import type { Config } from '../config.ts';
import { errorCode } from '../error-code.ts';
import { type Running, serve } from '../http/serve.ts';
import type { Registry } from '../metadata/registry.ts';
import { startBackground } from './background.ts';
import { fillWithDemo } from './demo.ts';
import { followVersions } from './follow.ts';
import { type Application, composeHttp } from './http.ts';
import { inReverse } from './in-reverse.ts';
import { openParts, type Parts } from './parts.ts';
import { startSender } from './queue.ts';
import { startWorkers } from './workers.ts';

export interface RunningApplication {
  readonly registry: Registry;
  /** Only on the start that made it. */
  readonly firstAdmin: FirstAdmin | undefined;
  readonly port: number;
  /** Settles when the demo records are there; pages are served before that, but /health/ready waits for it. */
  readonly filled: Promise<void>;
  /** Answers what is running, ends the workers, follows no more, closes the database. */
  stop(): Promise<void>;
}

/** @throws Error with a sentence for people when something that the start needs is not there */
export async function startApplication(config: Config): Promise<RunningApplication> {
  const stops: (() => Promise<void>)[] = [];
  let stopped: Promise<void> | undefined;
  let interrupt = (): void => undefined;
  const stop = (): Promise<void> => {
    interrupt();
    stopped ??= inReverse(stops);
    return stopped;
  };
  try {
    const parts = await openParts(config, { migrate: true });
    stops.push(() => parts.close());
    interrupt = parts.interrupt;
    stops.push(await followVersions(parts, { kind: 'node', continues: config.workers === 0 }));
    const jobs = await startSender(parts);
    stops.push(() => jobs.stop());
    let filling = config.demo;
    const demoIsThere = () => (filling ? { ok: false, reason: 'loading' } : { ok: true });
    const http = composeHttp(parts, jobs, { demo: demoIsThere }, () => parts.newest.refresh());
    const server = await listening(http, config);
    const closeHttp = async (): Promise<void> => {
      http.drain();
      await server.close();
    };
    stops.push(closeHttp, await startWork(parts));
    const registry = parts.registry.current();
    // Only now that nothing is left that may refuse to start: a generated password is shown once.
    const firstAdmin = await ensureFirstAdmin({ repository: parts.repository, registry }, config);
    const demo = new AbortController();
    const filled = (config.demo ? fillWithDemo(parts, demo.signal) : Promise.resolve()).then(() => {
      filling = false;
    });
    stops.push(() => {
      demo.abort();
      return filled;
    });
    // Once more, as the first to stop: no request begins while the rest goes away.
    stops.push(closeHttp);
    return { registry, firstAdmin, port: server.port, filled, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Automation and jobs: in processes beside this one, or with FORMWORK_WORKERS=0 inside. Returns how they are stopped. */
async function startWork(parts: Parts): Promise<() => Promise<void>> {
  const { config, log } = parts;
  return config.workers === 0 ? (await startBackground(parts)).stop : startWorkers(config.workers, log).stop;
}

const refusals: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; set PORT to a free one',
  EACCES: 'this account may not listen there; set PORT to 1024 or above',
  EADDRNOTAVAIL: 'this machine has no such address; set HOST to one of its own',
  ENOTFOUND: 'the name of the host is not known; set HOST to an address of this machine',
};

async function listening(http: Application, { host, port }: Config): Promise<Running> {
  try {
    return await serve(http.koa, { host, port });
  } catch (error) {
    const refusal = refusals[errorCode(error) ?? ''];
    if (refusal === undefined) throw error;
    throw new Error(`The server cannot listen on port ${port} of ${host}: ${refusal}.`, { cause: error });
  }
}
