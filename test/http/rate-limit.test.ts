// Token buckets on a clock of their own, and the middleware over HTTP.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rateLimit } from '../../server/http/rate-limit.ts';
import { tokenBuckets } from '../../server/http/token-bucket.ts';
import { startServer, type TestServer } from './koa-server.ts';

describe('token bucket', () => {
  test('a burst, then the rate', () => {
    let now = 0;
    const buckets = tokenBuckets(2, 3, () => now);
    expect([1, 2, 3, 4].map(() => buckets.take('a').allowed)).toEqual([true, true, true, false]);
    expect(buckets.take('a')).toEqual({ allowed: false, remaining: 0, seconds: 1 });
    expect(buckets.take('b')).toEqual({ allowed: true, remaining: 2, seconds: 1 });
    now = 499;
    expect(buckets.take('a').allowed).toBe(false);
    now = 500;
    expect(buckets.take('a').allowed).toBe(true);
    now = 60_000;
    expect(buckets.take('a')).toEqual({ allowed: true, remaining: 2, seconds: 1 });
  });

  test('never more than burst + rate · time, and never less than the rate when asked evenly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 }),
        (rate, burst, pauses) => {
          let now = 0;
          const buckets = tokenBuckets(rate, burst, () => now);
          let allowed = 0;
          for (const pause of pauses) {
            now += pause;
            if (buckets.take('k').allowed) allowed += 1;
          }
          expect(allowed).toBeLessThanOrEqual(burst + (rate * now) / 1000 + 1e-6);
          const even = tokenBuckets(rate, burst, () => now);
          for (let index = 0; index < 50; index++) {
            now += 1000 / rate + 1e-6;
            expect(even.take('k').allowed).toBe(true);
          }
        },
      ),
    );
  });

  test('keys that rest are forgotten without changing what they may do', () => {
    let now = 0;
    const buckets = tokenBuckets(1, 1, () => now);
    for (let key = 0; key < 10_000; key++) buckets.take(String(key));
    now = 500;
    expect(buckets.take('new').allowed).toBe(true);
    expect(buckets.take('0').allowed).toBe(false);
    now = 5_000;
    expect(buckets.take('newer').allowed).toBe(true);
    expect(buckets.take('0').allowed).toBe(true);
  });
});

describe('rate limit', () => {
  let limited: TestServer;
  let free: TestServer;
  let done = 0;
  beforeAll(async () => {
    const work = (ctx: { body: unknown }) => {
      done += 1;
      ctx.body = 'ok';
    };
    const key = (ctx: { get(name: string): string }) => ctx.get('X-Who');
    // One token in a thousand seconds: no test is slow enough to see the bucket fill.
    limited = await startServer([rateLimit({ rate: 0.001, burst: 2, key }), work as never]);
    free = await startServer([rateLimit({ rate: 'off', key }), work as never]);
  });
  afterAll(() => Promise.all([limited.close(), free.close()]));

  test('over the limit nothing is done, and the answer says when to come again', async () => {
    const ask = (who: string) => fetch(limited.url, { headers: { 'X-Who': who } });
    const first = await ask('a');
    expect([first.status, first.headers.get('ratelimit-policy'), first.headers.get('ratelimit')]).toEqual([
      200,
      '"default";q=2;w=2000',
      '"default";r=1;t=1000',
    ]);
    expect((await ask('a')).status).toBe(200);
    const third = await ask('a');
    expect([third.status, third.headers.get('retry-after'), done]).toEqual([429, '1000', 2]);
    expect(await third.json()).toMatchObject({ code: 'rate_limited' });
    expect((await ask('b')).status).toBe(200);
  });

  test('off limits nobody', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(free.url)));
    expect(answers.every((answer) => answer.status === 200 && answer.headers.get('ratelimit') === null)).toBe(true);
  });
});
