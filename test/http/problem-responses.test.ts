// Errors as problem documents, over real HTTP.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Middleware } from 'koa';
import { notFound } from '../../server/http/not-found.ts';
import { problem } from '../../server/problem.ts';
import { startServer, type TestServer } from './koa-server.ts';

const thrower: Middleware = (ctx, next) => {
  if (ctx.path === '/problem') {
    ctx.set('ETag', '"1"');
    throw problem('rate_limited', { detail: 'Slowly.', headers: { 'Retry-After': '3' }, extra: { more: 1 } });
  }
  if (ctx.path === '/bug') throw new Error('secret of the inside');
  if (ctx.path === '/thrown-text') throw 'only a text';
  if (ctx.path === '/database') throw Object.assign(new Error('57P03'), { database: true });
  if (ctx.path === '/koa-400') ctx.throw(400, 'koa says so');
  if (ctx.path === '/koa-404') ctx.throw(404);
  if (ctx.path === '/koa-413') ctx.throw(413);
  if (ctx.path === '/koa-500') ctx.throw(500, 'not for callers');
  return next();
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer([thrower, notFound()], {
    translate: (error) => (error instanceof Error && 'database' in error ? problem('unavailable', { cause: error }) : undefined),
  });
});
afterAll(() => server.close());

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${server.url}${path}`, { headers });
  return { response, body: (await response.json()) as Record<string, unknown> };
};

describe('problem responses', () => {
  test('a problem becomes problem+json with its status, headers and extension members', async () => {
    const { response, body } = await get('/problem', { 'X-Request-Id': 'request-12345' });
    expect(response.status).toBe(429);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('etag')).toBeNull();
    expect(body).toEqual({
      type: 'urn:formwork:problem:rate_limited',
      title: 'Too many requests',
      status: 429,
      code: 'rate_limited',
      detail: 'Slowly.',
      instance: '/problem',
      requestId: 'request-12345',
      more: 1,
    });
  });

  test('an unforeseen error is a 500 without its text, logged with the request id', async () => {
    const { response, body } = await get('/bug', { 'X-Request-Id': 'request-of-bug' });
    expect(response.status).toBe(500);
    expect(body['code']).toBe('internal');
    expect(JSON.stringify(body)).not.toContain('secret of the inside');
    const line = server.lines.find((entry) => entry['requestId'] === 'request-of-bug');
    expect(JSON.stringify(line)).toContain('secret of the inside');
  });

  test('a thrown text is a 500 as well', async () => {
    expect((await get('/thrown-text')).response.status).toBe(500);
  });

  test('errors of the database are translated and their cause is logged', async () => {
    const { response, body } = await get('/database', { 'X-Request-Id': 'request-of-db' });
    expect(response.status).toBe(503);
    expect(body['code']).toBe('unavailable');
    expect(JSON.stringify(server.lines.find((entry) => entry['requestId'] === 'request-of-db'))).toContain('57P03');
  });

  test.each([
    ['/koa-400', 400, 'bad_request'],
    ['/koa-404', 404, 'not_found'],
    ['/koa-413', 413, 'too_large'],
    ['/koa-500', 500, 'internal'],
    ['/nowhere', 404, 'not_found'],
  ])('%s answers %d %s', async (path, status, code) => {
    const { response, body } = await get(path);
    expect(response.status).toBe(status);
    expect(body['code']).toBe(code);
    expect(JSON.stringify(body)).not.toContain('not for callers');
  });
});

describe('request id', () => {
  test('a sane one from the caller is kept, any other is replaced', async () => {
    const kept = await get('/nowhere', { 'X-Request-Id': 'abc.DEF:123-x_y' });
    expect(kept.response.headers.get('x-request-id')).toBe('abc.DEF:123-x_y');
    for (const odd of ['short', 'with space in it', 'x'.repeat(129)]) {
      const { response, body } = await get('/nowhere', { 'X-Request-Id': odd });
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(body['requestId']).toBe(response.headers.get('x-request-id'));
    }
  });
});
