// Listening and stopping gently.
import { describe, expect, test } from '@jest/globals';
import type { Middleware } from 'koa';
import { serve } from '../../server/http/serve.ts';
import { raw, startServer } from './koa-server.ts';

describe('serve', () => {
  test('an address in use is an error, not a crash', async () => {
    const server = await startServer([]);
    await expect(
      serve({ callback: () => () => Promise.resolve() }, { host: '127.0.0.1', port: server.port }),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await server.close();
  });

  test('an IPv6 address is written in brackets', async () => {
    const server = await serve({ callback: () => () => Promise.resolve() }, { host: '::1', port: 0 });
    expect(server.url).toBe(`http://[::1]:${server.port}`);
    await server.close();
  });

  test('closing lets a running request finish and takes no new one', async () => {
    let arrived: () => void = () => undefined;
    let release: () => void = () => undefined;
    const here = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: Middleware = async (ctx) => {
      arrived();
      await held;
      ctx.body = 'finished';
    };
    const server = await startServer([slow]);
    const running = fetch(server.url);
    await here;
    const closed = server.close();
    await expect(fetch(server.url)).rejects.toThrow();
    release();
    expect(await (await running).text()).toBe('finished');
    await closed;
    expect(server.close()).toBeInstanceOf(Promise);
  });

  test('idle keep-alive connections do not hold the server up', async () => {
    const server = await startServer([
      (ctx: { body: unknown }) => {
        ctx.body = 'ok';
      },
    ] as never);
    const connection = raw(server.port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', /never/);
    await fetch(server.url).then((response) => response.text());
    await server.close();
    expect(await connection).toMatch(/^HTTP\/1.1 200 /);
  });

  test('what does not finish in time is cut', async () => {
    let arrived: () => void = () => undefined;
    const here = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = await startServer(
      [
        () => {
          arrived();
          return new Promise<never>(() => undefined);
        },
      ],
      { drainMs: 30 },
    );
    const lost = fetch(server.url).then(
      () => 'answered',
      () => 'cut',
    );
    await here;
    await server.close();
    expect(await lost).toBe('cut');
  });
});
