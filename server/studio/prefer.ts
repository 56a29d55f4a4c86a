// The Prefer header of a request that may take long (RFC 7240): how long the caller wants to wait for the outcome.
import type { Context } from 'koa';

/** How long a change is waited for when the caller says nothing. */
export const defaultWaitMs = 10_000;
/** A session that is idle in its transaction for longer is in danger of being ended. */
const longestWaitMs = 30_000;

export interface Waiting {
  readonly ms: number;
  /** For the header Preference-Applied; absent when no preference was stated. */
  readonly applied?: string;
}

/** `wait=N` is N seconds, thirty at most; `respond-async` alone does not wait at all. What is not understood is ignored (RFC 7240, 2). */
export function waitingOf(ctx: Pick<Context, 'get'>): Waiting {
  const preferences = ctx
    .get('Prefer')
    .split(',')
    .map((preference) => preference.split(';')[0]?.trim().toLowerCase() ?? '');
  const wait = preferences
    .map((preference) => /^wait\s*=\s*"?(\d{1,6})"?$/.exec(preference)?.[1])
    .find((text) => text !== undefined);
  const async = preferences.includes('respond-async');
  if (wait === undefined) return async ? { ms: 0, applied: 'respond-async' } : { ms: defaultWaitMs };
  const ms = Math.min(Number(wait) * 1000, longestWaitMs);
  return { ms, applied: [`wait=${ms / 1000}`, ...(async ? ['respond-async'] : [])].join(', ') };
}
