// Who the caller is behind proxies: what they append is believed, what the caller made up is not.
import { describe, expect, test } from '@jest/globals';
import Koa from 'koa';
import { behindProxies } from '../../server/http/behind-proxies.ts';
import { serve } from '../../server/http/serve.ts';

async function seen(proxies: number, headers: Record<string, string>): Promise<unknown> {
  const koa = new Koa(behindProxies(proxies));
  koa.use((ctx) => {
    ctx.body = { ip: ctx.ip, protocol: ctx.protocol };
  });
  const server = await serve(koa, { host: '127.0.0.1', port: 0 });
  const answer = await fetch(server.url, { headers }).then((response) => response.json());
  await server.close();
  return answer;
}

describe('the caller', () => {
  const spoofed = { 'X-Forwarded-For': '198.51.100.1', 'X-Forwarded-Proto': 'https' };

  test('is the socket when there is no proxy, whatever headers say', async () => {
    expect(await seen(0, spoofed)).toEqual({ ip: '127.0.0.1', protocol: 'http' });
  });

  test('is whom the one proxy names, not whom the caller named before', async () => {
    const headers = { 'X-Forwarded-For': '198.51.100.1, 203.0.113.5', 'X-Forwarded-Proto': 'https' };
    expect(await seen(1, headers)).toEqual({ ip: '203.0.113.5', protocol: 'https' });
  });

  test('is whom the outer of two proxies names', async () => {
    const headers = { 'X-Forwarded-For': '198.51.100.1, 203.0.113.5, 10.0.0.2' };
    expect(await seen(2, headers)).toEqual({ ip: '203.0.113.5', protocol: 'http' });
  });

  test('is the socket when the proxy names nobody', async () => {
    expect(await seen(1, {})).toEqual({ ip: '127.0.0.1', protocol: 'http' });
  });
});
