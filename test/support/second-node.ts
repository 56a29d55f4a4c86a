// A node beside the test application's own, over the same tables and the same parts, that hears of newer metadata when told.
import { randomUUID } from 'node:crypto';
import { composeHttp } from '../../server/app/http.ts';
import { startSender } from '../../server/app/queue.ts';
import { serve } from '../../server/http/serve.ts';
import type { AnswerBody, TestApp } from './app.ts';

export interface SecondNode {
  /** `path` is below the base path. Writes get an Idempotency-Key. */
  request(
    method: string,
    path: string,
    given?: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly body: AnswerBody }>;
  stop(): Promise<void>;
}

/** @param refresh what the node does to load the newest publication */
export async function secondNode(app: TestApp, refresh: () => Promise<boolean>): Promise<SecondNode> {
  const jobs = await startSender(app.parts);
  const running = await serve(composeHttp(app.parts, jobs, {}, refresh).koa, { host: '127.0.0.1', port: 0, drainMs: 500 });
  const base = `${running.url}${app.registry.app.basePath}`;
  return {
    request: async (method, path, { body, headers = {} } = {}) => {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${await app.token()}`,
          'Idempotency-Key': randomUUID(),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = /\bjson\b/.test(response.headers.get('content-type') ?? '') && text !== '';
      return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as AnswerBody };
    },
    stop: async () => {
      await running.close();
      await jobs.stop();
    },
  };
}
