// GET /auth/providers, /auth/oidc/start and /auth/oidc/callback: a browser goes to the provider and comes back signed in.
import type Router from '@koa/router';
import { resource } from '../http/resource.ts';
import { Problem, problem } from '../problem.ts';
import type { Ctx } from './asker.ts';
import type { SignInState } from './identify.ts';
import { userOfIdentity } from './identities.ts';
import { localPath } from './local-path.ts';
import { openSession, secondStep } from './open-session.ts';
import type { RouteParts } from './route-parts.ts';
import type { ForeignUser, SignOn } from './sign-on.ts';
import { answerData, originOf } from './token-answer.ts';

/** How it went, told to the admin UI behind `#`, which browsers send to no server. */
type Outcome = 'done' | 'second-factor' | 'unknown' | 'cancelled' | 'failed';

export function signOnRoutes(router: Router<SignInState>, parts: RouteParts): void {
  const { basePath } = parts.services.registry.current().app;

  resource(router, '/providers', {
    get: (ctx) => {
      const { signOn, mail } = parts;
      const provider = signOn && { id: 'oidc', name: signOn.settings.name, start: `${basePath}/auth/oidc/start` };
      answerData(ctx, { password_reset: mail !== undefined, providers: provider === undefined ? [] : [provider] });
    },
  });

  resource(router, '/oidc/start', {
    get: async (ctx) => {
      const signOn = signOnOf(parts);
      const returnTo = returnIn(ctx);
      try {
        const { url, voucher } = await signOn.begin(returnTo);
        parts.cookies.signOn.write(ctx, voucher);
        redirect(ctx, url);
      } catch (error) {
        tell(parts, error);
        redirectHome(ctx, returnTo, 'failed');
      }
    },
  });

  resource(router, '/oidc/callback', {
    get: async (ctx) => {
      const signOn = signOnOf(parts);
      const begun = await signOn.finish(ctx.querystring, parts.cookies.signOn.read(ctx) ?? '');
      parts.cookies.signOn.clear(ctx);
      if (begun === undefined) {
        await parts.attempts.begin(undefined, ctx.ip);
        return redirectHome(ctx, '/', 'failed');
      }
      redirectHome(ctx, begun.returnTo, await outcomeOf(ctx, parts, signOn, begun.proof));
    },
  });
}

/** @throws problem `rate_limited`; what else goes wrong is an outcome, since a person looks at it */
async function outcomeOf(ctx: Ctx, parts: RouteParts, { settings }: SignOn, proof: () => Promise<ForeignUser>): Promise<Outcome> {
  // RFC 6749, 4.1.2.1: the person, or the provider for them, has said no.
  if (ctx.query['error'] === 'access_denied') return 'cancelled';
  try {
    const foreign = await proof();
    const user = await userOfIdentity({ ...parts.services, repository: parts.repository }, foreign, settings.role);
    if (user === undefined) return 'unknown';
    const guarded = (await parts.secondFactors.state(user.id)) !== undefined;
    if (guarded && !foreign.secondFactor) {
      parts.cookies.secondStep.write(ctx, await secondStep(parts, user));
      return 'second-factor';
    }
    const { refreshToken } = await openSession(parts, user, originOf(ctx), foreign.secondFactor);
    parts.cookies.refresh.write(ctx, refreshToken);
    return 'done';
  } catch (error) {
    if (error instanceof Problem && error.status >= 500) throw error;
    tell(parts, error);
    return 'failed';
  }
}

/** Who runs the server must hear of it: the person only learns that it failed. */
function tell({ log }: RouteParts, error: unknown): void {
  log?.error({ err: error }, 'A sign-on at the OpenID provider failed (FORMWORK_OIDC_ISSUER)');
}

function signOnOf({ signOn }: RouteParts): SignOn {
  if (signOn === undefined) throw problem('not_found', { detail: 'No OpenID provider is set (FORMWORK_OIDC_ISSUER).' });
  return signOn;
}

/** @throws problem `invalid_query` for an address of another site */
function returnIn(ctx: Ctx): string {
  const given = ctx.query['return'];
  if (given === undefined) return '/';
  const path = typeof given === 'string' ? localPath(given) : undefined;
  if (path !== undefined) return path;
  const detail = 'A path of this site, such as /records.';
  throw problem('invalid_query', { errors: [{ pointer: '?return', code: 'invalid_query', detail }] });
}

const redirectHome = (ctx: Ctx, path: string, outcome: Outcome): void => redirect(ctx, `${path}#sign-on=${outcome}`);

/** Without the body that koa would write, which repeats the address. */
function redirect(ctx: Ctx, url: string): void {
  ctx.set('Location', url);
  ctx.body = null;
  ctx.status = 302;
}
