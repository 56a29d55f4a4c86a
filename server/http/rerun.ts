// Runs a request once more from its start when its failure says that what it was run with has been replaced meanwhile.
import type { Context, Middleware, Next } from 'koa';

export interface RerunOptions<State> {
  /** Everything that may run twice, as one middleware (koa-compose). It must not answer before it can no longer fail. */
  readonly work: Middleware<State>;
  /** Whether another run of the request may succeed where this one failed. */
  readonly worthAnother: (error: unknown, ctx: { readonly state: Partial<State> }) => Promise<boolean>;
  /** Forgets what the failed run left in the state. */
  readonly forget: (state: Partial<State>) => void;
}

/** The second failure is the request's. Bodies are readable again, since `readBytes` keeps them. */
export function rerun<State>(options: RerunOptions<State>): Middleware<State> {
  return async (ctx, next) => {
    const headers = ctx.res.getHeaders();
    try {
      return await options.work(ctx, next as Next);
    } catch (error) {
      if (ctx.headerSent || !(await options.worthAnother(error, ctx))) throw error;
      options.forget(ctx.state);
      reset(ctx as unknown as Context, headers);
      return options.work(ctx, next as Next);
    }
  };
}

/** The answer as it was before the failed run. */
function reset(ctx: Context, headers: ReturnType<Context['res']['getHeaders']>): void {
  if (ctx.body !== undefined) ctx.body = undefined;
  for (const name of ctx.res.getHeaderNames()) if (!(name in headers)) ctx.res.removeHeader(name);
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) ctx.res.setHeader(name, value);
  ctx.res.statusCode = 404;
  // Koa makes 200 of a body only where nobody has set a status; setting 404 through it would count as that.
  Object.assign(ctx.response, { _explicitStatus: false });
}
