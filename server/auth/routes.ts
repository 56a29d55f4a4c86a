// POST /auth/login, /auth/refresh, /auth/logout and GET /auth/me.
import Router from '@koa/router';
import { hasBody, readJson } from '../http/json-body.ts';
import { type RouteContext, resource } from '../http/resource.ts';
import { problem } from '../problem.ts';
import { type AccessTokens, accessTokenSeconds, challenge } from './access-tokens.ts';
import type { Callers } from './callers.ts';
import { contextOf, type SignInState } from './identify.ts';
import { type LoginParts, login, type Tokens, tokensOf } from './login.ts';
import { refreshCookie } from './refresh-cookie.ts';

export interface RouteParts extends LoginParts {
  readonly callers: Callers;
  readonly access: AccessTokens;
}

/** Bytes; credentials are short. */
const bodyLimit = 16 * 1024;
type Ctx = RouteContext<SignInState>;

export function authRoutes(parts: RouteParts): Router<SignInState> {
  const { services, refresh, access, callers } = parts;
  const { app } = services.registry.current();
  const cookie = refreshCookie(app, services.publicUrl?.startsWith('https:') === true);
  const router = new Router<SignInState>({ prefix: `${app.basePath}/auth` });

  resource(router, '/login', {
    post: async (ctx) => {
      const { value } = await readJson(ctx, { limit: bodyLimit });
      answer(ctx, await login(parts, value, ctx.ip));
    },
  });

  resource(router, '/refresh', {
    post: async (ctx) => {
      const next = await refresh.rotate((await givenToken(ctx)) ?? '');
      if (next === undefined || 'ended' in next) {
        if (next !== undefined) callers.forget(next.ended);
        cookie.clear(ctx);
        throw problem('unauthenticated', { detail: 'The session has ended.', headers: { 'WWW-Authenticate': challenge() } });
      }
      // A disabled or deleted user gets no new token; the refusal comes from here.
      await callers.current(next.session);
      answer(ctx, await tokensOf(access, next));
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
      cookie.clear(ctx);
      ctx.status = 204;
    },
  });

  resource(router, '/me', {
    get: (ctx) => {
      const { actor, language } = contextOf(ctx, ctx.state, services.registry.current());
      const { id, name, email, roles } = actor;
      ctx.type = 'json';
      ctx.body = JSON.stringify({ data: { id, display_name: name, email, roles, language } });
    },
  });

  /** From the body of a program, or the cookie of a browser. */
  async function givenToken(ctx: Ctx): Promise<string | undefined> {
    if (!hasBody(ctx)) return cookie.read(ctx);
    const { value } = await readJson(ctx, { limit: bodyLimit });
    const token = typeof value === 'object' && value !== null && 'refresh_token' in value ? value.refresh_token : undefined;
    return typeof token === 'string' ? token : cookie.read(ctx);
  }

  /** To the admin UI the refresh token goes in the cookie only: scripts of the page never see it. */
  function answer(ctx: Ctx, tokens: Tokens): void {
    const browser = ctx.get('X-Formwork-Client') === 'ui';
    cookie.write(ctx, tokens.refreshToken);
    ctx.type = 'json';
    ctx.body = JSON.stringify({
      data: {
        access_token: tokens.accessToken,
        ...(browser ? {} : { refresh_token: tokens.refreshToken }),
        token_type: 'Bearer',
        expires_in: accessTokenSeconds,
      },
    });
  }

  return router;
}
