// One resource and its methods: HEAD and OPTIONS come by themselves, any other method is a 405 with Allow.
import type Router from '@koa/router';
import type { DefaultContext, ParameterizedContext } from 'koa';
import { problem } from '../problem.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type RouteContext<State> = ParameterizedContext<State, DefaultContext & { params: Record<string, string> }, unknown>;
export type Handler<State> = (ctx: RouteContext<State>) => Promise<void> | void;
export type Handlers<State> = Readonly<Partial<Record<Method, Handler<State>>>>;

/**
 * Registers all methods of a path.
 * @param allowed narrows the methods for one request (an entity that is read-only); absent: all that have a handler
 * @param isThere whether there is such a path for this request at all; where it says no, the routes behind this one are asked
 * @throws (in requests) problem `method_not_allowed` with the Allow header (RFC 9110, 15.5.6)
 */
export function resource<State>(
  router: Router<State>,
  path: string,
  handlers: Handlers<State>,
  allowed?: (ctx: RouteContext<State>) => readonly Method[],
  isThere: (ctx: RouteContext<State>) => boolean = () => true,
): void {
  const all = Object.keys(handlers) as Method[];
  router.all(path, async (ctx, next) => {
    if (!isThere(ctx)) return next();
    const methods = allowed === undefined ? all : allowed(ctx).filter((method) => handlers[method] !== undefined);
    const asked = ctx.method === 'HEAD' ? 'get' : ctx.method.toLowerCase();
    const method = methods.find((candidate) => candidate === asked);
    const handler = method === undefined ? undefined : handlers[method];
    if (handler !== undefined) return handler(ctx);
    const allow = allowHeader(methods);
    if (ctx.method === 'OPTIONS') {
      ctx.set('Allow', allow);
      ctx.status = 204;
      return;
    }
    throw problem('method_not_allowed', {
      detail: `${ctx.method} is not offered here; ${allow} are.`,
      headers: { Allow: allow },
    });
  });
}

const allowHeader = (methods: readonly Method[]): string =>
  [...methods.map((method) => method.toUpperCase()), ...(methods.includes('get') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
