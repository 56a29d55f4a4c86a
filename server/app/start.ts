// Starts one node: database, tables, first administrator, demo records, workers, HTTP; and stops it in reverse.
import { actorsOf } from '../auth/actors.ts';
import { ensureFirstAdmin, type FirstAdmin } from '../auth/first-admin.ts';
import type { Config } from '../config.ts';
import { serve } from '../http/serve.ts';
import type { Registry } from '../metadata/registry.ts';
import { loadDemo } from '../platform/demo.ts';
import { systemContext } from '../repository/context.ts';
import { composeHttp } from './http.ts';
import { openParts, type Parts } from './parts.ts';
import { startSender } from './queue.ts';
import { startWorkers } from './workers.ts';

export interface RunningApplication {
  readonly registry: Registry;
  /** Only on the start that made it. */
  readonly firstAdmin: FirstAdmin | undefined;
  readonly port: number;
  /** Answers what is running, ends the workers, closes the database. */
  stop(): Promise<void>;
}

/** @throws Error with a sentence for people when something that the start needs is not there */
export async function startApplication(config: Config): Promise<RunningApplication> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    const parts = await openParts(config, { migrate: true });
    const registry = parts.registry.current();
    stops.push(() => parts.close());
    const firstAdmin = await ensureFirstAdmin({ repository: parts.repository, registry }, config);
    if (config.demo) await fillWithDemo(parts);
    const jobs = await startSender(parts);
    stops.push(() => jobs.stop());
    const workers = startWorkers(config.workers, parts.log);
    stops.push(() => workers.stop());
    const http = composeHttp(parts, jobs);
    const server = await serve(http.koa, { host: config.host, port: config.port });
    stops.push(async () => {
      http.drain();
      await server.close();
    });
    return { registry, firstAdmin, port: server.port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Demo records belong to the first administrator, where they name no owner themselves. */
async function fillWithDemo({ config, database, log, registry, repository }: Parts): Promise<void> {
  const current = registry.current();
  const actor = await actorsOf(database.knex).administrator(current);
  if (actor === undefined) return;
  const { created } = await loadDemo(repository, systemContext(current, 'demo', { actor }), config.metadataDir);
  if (created > 0) log.info({ created }, 'Demo records are there');
}
