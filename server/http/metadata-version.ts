// X-Metadata-Version: which version of the metadata an answer was made with, so that clients notice a newer one.
import type { Middleware } from 'koa';

export const metadataVersionHeader = 'X-Metadata-Version';

/** @param current the number of the version that the request was answered with, or that is served where it used none */
export function metadataVersion<State>(current: (state: Partial<State>) => number): Middleware<State> {
  return async (ctx, next) => {
    try {
      await next();
    } finally {
      if (!ctx.headerSent) ctx.set(metadataVersionHeader, String(current(ctx.state)));
    }
  };
}
