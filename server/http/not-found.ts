// The end of the road: what no route took is a 404 problem.
import type { Middleware } from 'koa';
import { problem } from '../problem.ts';

/** Stands behind all routes. */
export function notFound(): Middleware {
  return (ctx) => {
    throw problem('not_found', { detail: `There is nothing at ${ctx.path}.` });
  };
}
