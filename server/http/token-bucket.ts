// A token bucket a key: `rate` tokens a second flow in, up to `burst`; a request takes one or is refused.

export interface Bucket {
  readonly allowed: boolean;
  /** Whole tokens left. */
  readonly remaining: number;
  /** Seconds until a token (when refused) or until the bucket is full again, rounded up. */
  readonly seconds: number;
}

export interface TokenBuckets {
  take(key: string): Bucket;
}

const sweepAbove = 10_000;

/**
 * @param rate tokens a second, above 0
 * @param burst most tokens a bucket holds, at least 1
 * @param now milliseconds of a clock that never steps back
 */
export function tokenBuckets(rate: number, burst: number, now: () => number = () => performance.now()): TokenBuckets {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const refilled = (bucket: { tokens: number; at: number }, time: number) =>
    Math.min(burst, bucket.tokens + ((time - bucket.at) * rate) / 1000);

  function forgetFull(time: number): void {
    for (const [key, bucket] of buckets) if (refilled(bucket, time) >= burst) buckets.delete(key);
  }

  return {
    take(key) {
      const time = now();
      if (buckets.size >= sweepAbove && !buckets.has(key)) forgetFull(time);
      const known = buckets.get(key);
      const tokens = known === undefined ? burst : refilled(known, time);
      const allowed = tokens >= 1;
      const left = allowed ? tokens - 1 : tokens;
      buckets.set(key, { tokens: left, at: time });
      return { allowed, remaining: Math.floor(left), seconds: Math.ceil((allowed ? burst - left : 1 - left) / rate) };
    },
  };
}
