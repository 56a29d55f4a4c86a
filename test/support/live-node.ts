// Another node over the database of a live test application: a registry, a pool and a watcher of its own, in this process.
import { followVersions } from '../../server/app/follow.ts';
import { composeHttp } from '../../server/app/http.ts';
import { composeParts, type Parts } from '../../server/app/parts.ts';
import { startSender } from '../../server/app/queue.ts';
import { connect } from '../../server/database/pool.ts';
import { serve } from '../../server/http/serve.ts';
import type { VersionServices } from '../../server/versions/services.ts';
import { servePublished, type TestApp } from './app.ts';
import { type Requester, requester } from './requests.ts';

export interface LiveNode extends Requester {
  readonly parts: Parts;
  stop(): Promise<void>;
}

export interface LiveNodeOptions {
  /** Where it listens for news; the database's own address when absent. */
  readonly url?: string;
  readonly timing?: NonNullable<VersionServices['timing']>;
  /** false: it serves what is published now and hears of nothing newer, until a request makes it look. */
  readonly follows?: boolean;
}

export async function liveNode(app: TestApp, options: LiveNodeOptions = {}): Promise<LiveNode> {
  const { config, log, plugins, database } = app.parts;
  const knex = connect({ url: database.url, poolSize: 5, applicationName: 'formwork test node' });
  const opened = { ...database, knex, url: options.url ?? database.url, stop: () => knex.destroy() };
  const { timing } = options;
  const parts = composeParts({
    ...{ config, log, database: opened, registry: app.registry, plugins },
    ...(timing === undefined ? {} : { timing }),
  });
  await servePublished(parts);
  const unfollow = options.follows === false ? looksWhenAsked(parts) : await followVersions(parts, { kind: 'node' });
  const jobs = await startSender({ ...parts, database });
  const http = composeHttp(parts, jobs, {}, () => parts.newest.refresh());
  const running = await serve(http.koa, { host: '127.0.0.1', port: 0, drainMs: 500 });
  app.watching.over(running.url);
  return {
    parts,
    ...requester(running.url, app.registry.app.basePath, app.token),
    stop: async () => {
      parts.interrupt();
      await running.close();
      await unfollow();
      await jobs.stop();
      await knex.destroy();
    },
  };
}

function looksWhenAsked(parts: Parts): () => Promise<void> {
  parts.newest.refresh = async () => {
    const before = parts.registry.current().number;
    await servePublished(parts);
    return parts.registry.current().number !== before;
  };
  return () => Promise.resolve();
}
