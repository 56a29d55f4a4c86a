// Headers that every answer carries, errors included.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { notFound } from '../../server/http/not-found.ts';
import { securityHeaders } from '../../server/http/security-headers.ts';
import { serverTiming } from '../../server/http/server-timing.ts';
import { startServer, type TestServer } from './koa-server.ts';

let plain: TestServer;
let https: TestServer;
beforeAll(async () => {
  const page = (ctx: { path: string; body: unknown }, next: () => Promise<unknown>) => {
    if (ctx.path !== '/') return next();
    ctx.body = 'here';
    return undefined;
  };
  plain = await startServer([serverTiming(), securityHeaders({ https: false }), page as never, notFound()]);
  https = await startServer([securityHeaders({ https: true }), page as never, notFound()]);
});
afterAll(() => Promise.all([plain.close(), https.close()]));

describe('security headers', () => {
  test.each(['/', '/nowhere'])('%s', async (path) => {
    const { headers } = await fetch(`${plain.url}${path}`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('HSTS is sent only where people come by https', async () => {
    expect((await fetch(https.url)).headers.get('strict-transport-security')).toMatch(/^max-age=\d+/);
  });

  test('Server-Timing tells the total in milliseconds', async () => {
    expect((await fetch(plain.url)).headers.get('server-timing')).toMatch(/^total;dur=\d+\.\d$/);
  });
});
