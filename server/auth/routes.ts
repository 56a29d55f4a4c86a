// The routes below {base}/auth: signing in and out here, everything else in the file of its subject.
import Router from '@koa/router';
import { hasBody, readJson } from '../http/json-body.ts';
import { resource } from '../http/resource.ts';
import { problem } from '../problem.ts';
import { challenge } from './access-tokens.ts';
import type { Ctx } from './asker.ts';
import { bodyLimit, readGiven } from './given.ts';
import { contextOf, type SignInState } from './identify.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { login } from './login.ts';
import { finishSecondStep, tokensOf } from './open-session.ts';
import { passwordRoutes } from './password-routes.ts';
import type { RouteParts } from './route-parts.ts';
import { sessionRoutes } from './session-routes.ts';
import { signOnRoutes } from './sign-on-routes.ts';
import { answerData, answerTokens, originOf } from './token-answer.ts';
import { totpRoutes } from './totp-routes.ts';

/** None of them asks for an Idempotency-Key: its kept answers would hold passwords, keys and tokens. */
export function authRoutes(parts: RouteParts): Router<SignInState> {
  const { services, refresh, callers, cookies } = parts;
  const router = new Router<SignInState>({ prefix: `${services.registry.current().app.basePath}/auth` });

  resource(router, '/login', {
    post: async (ctx) => {
      const { value } = await readJson(ctx, { limit: bodyLimit });
      answerTokens(ctx, cookies.refresh, await login(parts, value, originOf(ctx)));
    },
  });

  resource(router, '/login/second-factor', {
    post: async (ctx) => {
      const given = await readGiven(ctx, { challenge: { kind: 'text' }, code: { kind: 'text', required: true } });
      // After a sign-on elsewhere the browser holds the challenge in a cookie: no token stands in an address.
      const voucher = given.challenge ?? cookies.secondStep.read(ctx) ?? '';
      const tokens = await finishSecondStep(parts, voucher, given.code, originOf(ctx));
      cookies.secondStep.clear(ctx);
      answerTokens(ctx, cookies.refresh, tokens);
    },
  });

  resource(router, '/refresh', {
    post: async (ctx) => {
      const next = await refresh.rotate((await givenToken(ctx)) ?? '');
      if (next === undefined || 'ended' in next) {
        if (next !== undefined) callers.forget(next.ended);
        cookies.refresh.clear(ctx);
        throw problem('unauthenticated', { detail: 'The session has ended.', headers: { 'WWW-Authenticate': challenge() } });
      }
      // A disabled or deleted user gets no new token; the refusal comes from here.
      const caller = await callers.current(next.session);
      answerTokens(ctx, cookies.refresh, await tokensOf(parts, next, caller));
    },
  });

  resource(router, '/logout', {
    post: async (ctx) => {
      const token = await givenToken(ctx);
      const ended = token === undefined ? undefined : await refresh.revoke(token);
      if (ended !== undefined) callers.forget(ended);
      if ('session' in ctx.state.signIn) {
        await refresh.end(ctx.state.signIn.session);
        callers.forget(ctx.state.signIn.session);
      }
      cookies.refresh.clear(ctx);
      ctx.status = 204;
    },
  });

  resource(router, '/me', {
    get: (ctx) => {
      const { actor, language } = contextOf(ctx, ctx.state, services.registry.current(), { enrolling: true });
      const { id, name, email, roles } = actor;
      answerData(ctx, { id, display_name: name, email, roles, language });
    },
  });

  /** From the body of a program, or the cookie of a browser. */
  async function givenToken(ctx: Ctx): Promise<string | undefined> {
    if (!hasBody(ctx)) return cookies.refresh.read(ctx);
    const { value } = await readJson(ctx, { limit: bodyLimit });
    const token = typeof value === 'object' && value !== null && 'refresh_token' in value ? value.refresh_token : undefined;
    return typeof token === 'string' ? token : cookies.refresh.read(ctx);
  }

  for (const add of [sessionRoutes, keyRoutes, totpRoutes, passwordRoutes, invitationRoutes, signOnRoutes]) add(router, parts);
  return router;
}
