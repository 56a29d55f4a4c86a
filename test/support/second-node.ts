// A node beside the test application's own, over the same tables and the same parts, that hears of newer metadata when told.
import { composeHttp } from '../../server/app/http.ts';
import { startSender } from '../../server/app/queue.ts';
import { serve } from '../../server/http/serve.ts';
import type { TestApp } from './app.ts';
import { type Requester, requester } from './requests.ts';

export interface SecondNode extends Requester {
  stop(): Promise<void>;
}

/** @param refresh what the node does to load the newest publication */
export async function secondNode(app: TestApp, refresh: () => Promise<boolean>): Promise<SecondNode> {
  const jobs = await startSender(app.parts);
  const running = await serve(composeHttp(app.parts, jobs, {}, refresh).koa, { host: '127.0.0.1', port: 0, drainMs: 500 });
  app.watching.over(running.url);
  return {
    ...requester(running.url, app.registry.app.basePath, app.token),
    stop: async () => {
      await running.close();
      await jobs.stop();
    },
  };
}
