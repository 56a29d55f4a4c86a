// Turns every error into application/problem+json (RFC 9457); what nobody foresaw is logged and told without its insides.
import type { Context, Middleware } from 'koa';
import { Problem, problem, problemBody } from '../problem.ts';
import type { Log } from '../telemetry/log.ts';
import type { RequestIdState } from './request-id.ts';

export interface ProblemOptions {
  readonly log: Log;
  /** What an error of a lower part (the database driver) means to the caller; undefined: nothing it knows. */
  readonly translate?: (error: unknown) => Problem | undefined;
}

/** Stands outside of everything that may throw. Logs server faults (5xx) with the request id; never their text to the caller. */
export function problemResponses(options: ProblemOptions): Middleware<RequestIdState> {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const found = toProblem(error, options);
      if (found.status >= 500) {
        const { requestId } = ctx.state;
        options.log.error(
          { err: found.code === 'internal' ? error : (found.cause ?? found), requestId, method: ctx.method, path: ctx.path },
          found.message,
        );
      }
      sendProblem(ctx, found, ctx.state.requestId);
    }
  };
}

/** Writes the problem as the answer; headers set for the answer that failed (ETag, caching) are dropped. */
export function sendProblem(ctx: Context, found: Problem, requestId: string): void {
  for (const name of ['ETag', 'Last-Modified', 'Location', 'Link', 'Content-Encoding', 'Content-Length']) ctx.remove(name);
  ctx.set('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(found.headers)) ctx.set(name, value);
  ctx.status = found.status;
  ctx.body = JSON.stringify(problemBody(found, { instance: ctx.path, requestId }));
  ctx.type = 'application/problem+json';
}

function toProblem(error: unknown, options: ProblemOptions): Problem {
  if (error instanceof Problem) return error;
  const translated = options.translate?.(error);
  if (translated !== undefined) return translated;
  const status = clientErrorStatus(error);
  if (status === 404) return problem('not_found', { cause: error });
  if (status === 413) return problem('too_large', { cause: error });
  if (status !== undefined) return problem('bad_request', { cause: error });
  return problem('internal', { cause: error });
}

/** Koa and its middleware mark errors that the caller made with a 4xx `status` and `expose`. */
function clientErrorStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  return expose === true && typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
