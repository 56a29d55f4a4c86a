// Methods of a resource: handlers, HEAD, OPTIONS and 405 with Allow.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Router from '@koa/router';
import { resource } from '../../server/http/resource.ts';
import { startServer, type TestServer } from './koa-server.ts';

let server: TestServer;
beforeAll(async () => {
  const router = new Router();
  const answer = (text: string) => (ctx: { body: unknown }) => {
    ctx.body = text;
  };
  resource(router, '/things/:id', { get: answer('got'), patch: answer('patched'), delete: answer('gone') }, (ctx) =>
    ctx.params['id'] === 'fixed' ? ['get', 'post'] : ['get', 'patch', 'delete'],
  );
  resource(router, '/orders', { post: answer('made') });
  server = await startServer([router.routes() as never]);
});
afterAll(() => server.close());

const ask = (method: string, path: string) => fetch(`${server.url}${path}`, { method });

describe('resource', () => {
  test('each method meets its handler', async () => {
    expect(await (await ask('GET', '/things/1')).text()).toBe('got');
    expect(await (await ask('PATCH', '/things/1')).text()).toBe('patched');
    expect(await (await ask('POST', '/orders')).text()).toBe('made');
  });

  test('HEAD answers like GET without a body', async () => {
    const response = await ask('HEAD', '/things/1');
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '3', '']);
  });

  test('OPTIONS tells the methods', async () => {
    const response = await ask('OPTIONS', '/things/1');
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'GET, PATCH, DELETE, HEAD, OPTIONS']);
  });

  test('another method is a 405 with Allow, narrowed for the very resource', async () => {
    const response = await ask('PATCH', '/things/fixed');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed' });
    expect((await ask('GET', '/orders')).headers.get('allow')).toBe('POST, OPTIONS');
    expect((await ask('PROPFIND', '/orders')).status).toBe(405);
  });
});
