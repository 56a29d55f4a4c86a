// A real server on loopback around the middleware that a test is about.
import { connect, type Socket } from 'node:net';
import Koa, { type Middleware } from 'koa';
import { problemResponses } from '../../server/http/problem-responses.ts';
import { requestId } from '../../server/http/request-id.ts';
import { type Running, serve } from '../../server/http/serve.ts';
import type { Problem } from '../../server/problem.ts';
import { createLog } from '../../server/telemetry/log.ts';

export interface TestServer extends Running {
  /** What was logged, one JSON object a line. */
  readonly lines: Record<string, unknown>[];
}

export async function startServer(
  middleware: readonly Middleware<never>[],
  options: { translate?: (error: unknown) => Problem | undefined; drainMs?: number } = {},
): Promise<TestServer> {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const koa = new Koa();
  koa.silent = true;
  koa.use(requestId() as Middleware);
  koa.use(problemResponses({ log, ...(options.translate === undefined ? {} : { translate: options.translate }) }) as Middleware);
  for (const each of middleware) koa.use(each as Middleware);
  const running = await serve(koa, {
    host: '127.0.0.1',
    port: 0,
    ...(options.drainMs === undefined ? {} : { drainMs: options.drainMs }),
  });
  return { ...running, lines };
}

/** Sends bytes as they are, for requests that no client library would send; resolves with all that comes back until the server closes or `until` matches. */
export function raw(port: number, text: string, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (until.test(received)) socket.destroy();
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}
