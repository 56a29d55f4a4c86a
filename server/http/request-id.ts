// Every request has an id: the caller's X-Request-Id when it is sane, else a new one; logs, answers and audit rows carry it.
import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';

export interface RequestIdState {
  requestId: string;
}

/** What may come from outside into log lines and headers. */
const sane = /^[\w.:-]{8,128}$/;

/** Sets `ctx.state.requestId` and the X-Request-Id of the answer. */
export function requestId(): Middleware<RequestIdState> {
  return (ctx, next) => {
    const given = ctx.get('X-Request-Id');
    ctx.state.requestId = sane.test(given) ? given : randomUUID();
    ctx.set('X-Request-Id', ctx.state.requestId);
    return next();
  };
}
