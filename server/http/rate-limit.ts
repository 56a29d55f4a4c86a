// Refuses callers who ask more often than allowed, before anything is done for them.
import type { Context, Middleware } from 'koa';
import { problem } from '../problem.ts';
import { tokenBuckets } from './token-bucket.ts';

export interface RateLimitOptions {
  /** Requests a second that one caller may keep up; `off` limits nobody. */
  readonly rate: number | 'off';
  /** Requests at once after a pause; twice the rate when absent. */
  readonly burst?: number;
  /** Who is asking: the user, else the address. */
  readonly key: (ctx: Context) => string;
}

/**
 * Answers carry RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10): `q` requests in `w` seconds,
 * `r` left, full again in `t` seconds.
 * @throws (in requests) problem `rate_limited` with Retry-After in seconds
 */
export function rateLimit(options: RateLimitOptions): Middleware {
  const { rate } = options;
  if (rate === 'off') return (_ctx, next) => next();
  const burst = Math.max(1, options.burst ?? Math.ceil(rate * 2));
  const buckets = tokenBuckets(rate, burst);
  const policy = `"default";q=${burst};w=${Math.max(1, Math.ceil(burst / rate))}`;
  return (ctx, next) => {
    const bucket = buckets.take(options.key(ctx));
    ctx.set('RateLimit-Policy', policy);
    ctx.set('RateLimit', `"default";r=${bucket.remaining};t=${bucket.seconds}`);
    if (!bucket.allowed) {
      throw problem('rate_limited', {
        detail: `At most ${rate} requests a second. Nothing was done.`,
        headers: { 'Retry-After': String(bucket.seconds) },
      });
    }
    return next();
  };
}
