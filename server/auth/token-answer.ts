// How tokens reach whoever signed in: a program gets both in the body, the admin UI gets the refresh token in a cookie only.
import type { Context } from 'koa';
import { accessTokenSeconds } from './access-tokens.ts';
import type { Origin, Tokens } from './open-session.ts';
import type { RefreshCookie } from './refresh-cookie.ts';

/** Scripts of a page never see the refresh token: it would outlive what they may steal. */
export function answerTokens(ctx: Context, cookie: RefreshCookie, tokens: Tokens): void {
  const browser = ctx.get('X-Formwork-Client') === 'ui';
  cookie.write(ctx, tokens.refreshToken);
  answerData(ctx, {
    access_token: tokens.accessToken,
    ...(browser ? {} : { refresh_token: tokens.refreshToken }),
    token_type: 'Bearer',
    expires_in: accessTokenSeconds,
    ...(tokens.mustEnrol ? { second_factor_enrolment: true } : {}),
  });
}

export function answerData(ctx: Pick<Context, 'type' | 'body' | 'status'>, data: unknown, status = 200): void {
  ctx.status = status;
  ctx.type = 'json';
  ctx.body = JSON.stringify({ data });
}

export const originOf = (ctx: Pick<Context, 'ip' | 'get'>): Origin => ({ address: ctx.ip, userAgent: ctx.get('User-Agent') });
