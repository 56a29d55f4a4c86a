// When the refresh cookie is for https only: by the address people use, else by what a trusted proxy says of the request.
import { describe, expect, test } from '@jest/globals';
import Koa from 'koa';
import { refreshCookie } from '../../server/auth/refresh-cookie.ts';
import { behindProxies } from '../../server/http/behind-proxies.ts';
import { serve } from '../../server/http/serve.ts';
import { crmRegistry } from '../support/registry.ts';

async function setCookie(secure: boolean, proxies: number, headers: Record<string, string> = {}): Promise<string | null> {
  const cookie = refreshCookie((await crmRegistry()).app, secure);
  const koa = new Koa(behindProxies(proxies));
  koa.use((ctx) => {
    cookie.write(ctx, 'token');
    ctx.status = 204;
  });
  const server = await serve(koa, { host: '127.0.0.1', port: 0 });
  const { headers: got } = await fetch(server.url, { headers });
  await server.close();
  return got.get('set-cookie');
}

const open = 'crm_refresh=token; Path=/crm/v1/auth; Max-Age=1209600; HttpOnly; SameSite=Strict';
const forwarded = { 'X-Forwarded-Proto': 'https' };

describe('the refresh cookie', () => {
  test('is Secure where people use https', async () => {
    expect(await setCookie(true, 0)).toBe(`${open}; Secure`);
  });

  test('is Secure where a trusted proxy was asked over https', async () => {
    expect(await setCookie(false, 1, forwarded)).toBe(`${open}; Secure`);
    expect(await setCookie(false, 1)).toBe(open);
  });

  test('is not made Secure by a header that anybody can send', async () => {
    expect(await setCookie(false, 0, forwarded)).toBe(open);
  });
});
