// Server-Timing: how long the server took, readable in the browser's network panel (W3C Server Timing).
import type { Middleware } from 'koa';

/** Milliseconds from the first middleware to the finished answer, without sending it. */
export function serverTiming(): Middleware {
  return async (ctx, next) => {
    const start = performance.now();
    await next();
    ctx.append('Server-Timing', `total;dur=${(performance.now() - start).toFixed(1)}`);
  };
}
