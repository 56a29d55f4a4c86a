// Files and pages of the admin UI.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminFiles } from '../../server/http/admin-files.ts';
import { notFound } from '../../server/http/not-found.ts';
import { securityHeaders } from '../../server/http/security-headers.ts';
import { startServer, type TestServer } from './koa-server.ts';

let folder: string;
let server: TestServer;
let unbuilt: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formwork-ui-'));
  await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'not served');
  await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><html><head><title>UI</title></head><body></body></html>');
  await writeFile(join(folder, 'dist', 'favicon.svg'), '<svg/>');
  await writeFile(join(folder, 'dist', 'assets', 'main-4f3a.js'), 'export {}');
  const at = (path: string) => [
    securityHeaders({ https: false }),
    adminFiles({ folder: path, except: ['/base/v1', '/health'] }),
    notFound(),
  ];
  server = await startServer(at(join(folder, 'dist')));
  unbuilt = await startServer(at(join(folder, 'nothing')));
});
afterAll(async () => {
  await Promise.all([server.close(), unbuilt.close()]);
  await rm(folder, { recursive: true, force: true });
});

const html = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${server.url}${path}`, { headers, method, redirect: 'manual' });

describe('admin files', () => {
  test('hashed assets are cached for good, other files are asked for again', async () => {
    const asset = await get('/assets/main-4f3a.js');
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(asset.headers.get('content-type')).toMatch(/javascript/);
    const icon = await get('/favicon.svg');
    expect([icon.headers.get('cache-control'), icon.headers.get('content-type')]).toEqual(['no-cache', 'image/svg+xml']);
  });

  test.each(['/', '/any/room/of/the/ui', '/index.html'])('a navigation to %s gets the page with its own nonce', async (path) => {
    const first = await get(path, html);
    const text = await first.text();
    expect(first.headers.get('content-type')).toMatch(/^text\/html/);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const policy = first.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    const nonce = /'nonce-([\w-]+)'/.exec(policy)?.[1];
    expect(text).toContain(`<meta property="csp-nonce" nonce="${nonce}">`);
    expect((await get(path, html)).headers.get('content-security-policy')).not.toBe(policy);
  });

  test.each([
    ['/base/v1/things', html],
    ['/base/v1', html],
    ['/health', html],
    ['/missing.js', html],
    ['/assets/old-0000.js', html],
    ['/any/room', { Accept: 'application/json' }],
    ['/assets', {}],
  ])('%s %j is no page and no file', async (path, headers) => {
    expect((await get(path, headers)).status).toBe(404);
  });

  test('a path that begins like an excepted one is a page', async () => {
    expect((await get('/healthy', html)).status).toBe(200);
  });

  test.each(['/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/%00', '/%E0%A4%A'])(
    '%s leads nowhere',
    async (path) => {
      const response = await get(path);
      expect([400, 403, 404]).toContain(response.status);
      expect(await response.text()).not.toContain('not served');
    },
  );

  test('only GET and HEAD', async () => {
    expect((await get('/favicon.svg', {}, 'POST')).status).toBe(404);
    expect((await get('/', html, 'HEAD')).status).toBe(200);
  });

  test('without a build there is nothing, and no server error', async () => {
    expect((await fetch(`${unbuilt.url}/`, { headers: html })).status).toBe(404);
  });
});
