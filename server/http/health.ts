// GET /health/live (the process answers) and /health/ready (it can do its work), for load balancers and people.
import type { Middleware } from 'koa';

export interface HealthCheck {
  readonly ok: boolean;
  /** What else the body shows: a version, a number of waiting migrations … Nothing secret: the path is public. */
  readonly [fact: string]: unknown;
}

export interface HealthOptions {
  /** By the name in the body: database, metadata, migrations, queue. A check that throws or is late counts as not ok. */
  readonly checks: Readonly<Record<string, () => Promise<HealthCheck> | HealthCheck>>;
  /** Milliseconds one check may take; 2000 when absent. */
  readonly timeoutMs?: number;
  /** True while the server drains: not ready, still alive. */
  readonly stopping?: () => boolean;
}

export function health(options: HealthOptions): Middleware {
  return async (ctx, next) => {
    if (!['/health/live', '/health/ready'].includes(ctx.path) || !['GET', 'HEAD'].includes(ctx.method)) return next();
    ctx.type = 'json';
    if (ctx.path === '/health/live') {
      ctx.body = JSON.stringify({ status: 'live' });
      return undefined;
    }
    const names = Object.keys(options.checks);
    const results = await Promise.all(names.map((name) => outcome(options.checks[name], options.timeoutMs ?? 2_000)));
    const stopping = options.stopping?.() === true;
    const ready = !stopping && results.every((result) => result.ok);
    ctx.status = ready ? 200 : 503;
    const checks = Object.fromEntries(names.map((name, index) => [name, results[index]]));
    ctx.body = JSON.stringify({ status: ready ? 'ready' : stopping ? 'stopping' : 'not ready', ...checks });
    return undefined;
  };
}

async function outcome(check: HealthOptions['checks'][string] | undefined, timeoutMs: number): Promise<HealthCheck> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HealthCheck>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, reason: 'no answer in time' }), timeoutMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(() => check?.() ?? { ok: false }), late]);
  } catch {
    return { ok: false, reason: 'failed' };
  } finally {
    clearTimeout(timer);
  }
}
