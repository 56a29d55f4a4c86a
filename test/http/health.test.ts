// Health and app.json.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { appDocument } from '../../server/http/app-document.ts';
import { health } from '../../server/http/health.ts';
import { notFound } from '../../server/http/not-found.ts';
import { startServer, type TestServer } from './koa-server.ts';

let queue: 'ok' | 'down' | 'throws' | 'hangs' = 'ok';
let stopping = false;
let name = 'first';
let server: TestServer;
beforeAll(async () => {
  const checks = {
    database: async () => ({ ok: true, version: 18 }),
    queue: (): Promise<{ ok: boolean }> | { ok: boolean } => {
      if (queue === 'throws') throw new Error('password of the queue');
      if (queue === 'hangs') return new Promise(() => undefined);
      return { ok: queue === 'ok' };
    },
  };
  server = await startServer([
    health({ checks, timeoutMs: 20, stopping: () => stopping }),
    appDocument(() => ({ basePath: '/base/v1', name, label: { en: 'App' }, languages: ['en'], version: '1.2.3' })),
    notFound(),
  ]);
});
afterAll(() => server.close());

const get = async (path: string) => {
  const response = await fetch(`${server.url}${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('health', () => {
  test('ready when every check is', async () => {
    expect(await get('/health/ready')).toEqual({
      status: 200,
      body: { status: 'ready', database: { ok: true, version: 18 }, queue: { ok: true } },
    });
  });

  test.each(['down', 'throws', 'hangs'] as const)('not ready when a check is %s, still alive', async (state) => {
    queue = state;
    const { status, body } = await get('/health/ready');
    expect([status, body['status']]).toEqual([503, 'not ready']);
    expect(body['queue']).toMatchObject({ ok: false });
    expect(JSON.stringify(body)).not.toContain('password');
    expect(await get('/health/live')).toEqual({ status: 200, body: { status: 'live' } });
    queue = 'ok';
  });

  test('not ready while stopping', async () => {
    stopping = true;
    const { status, body } = await get('/health/ready');
    expect([status, body['status']]).toEqual([503, 'stopping']);
    stopping = false;
  });

  test('other paths and methods are not health', async () => {
    expect((await get('/health/other')).status).toBe(404);
    expect((await fetch(`${server.url}/health/live`, { method: 'POST' })).status).toBe(404);
  });
});

describe('app.json', () => {
  test('tells the application as it is now', async () => {
    expect((await get('/app.json')).body).toMatchObject({ basePath: '/base/v1', name: 'first', version: '1.2.3' });
    name = 'second';
    expect((await get('/app.json')).body['name']).toBe('second');
    expect((await fetch(`${server.url}/app.json`, { method: 'DELETE' })).status).toBe(404);
  });
});
