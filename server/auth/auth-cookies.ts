// The cookies of sign-in, each below {base}/auth, out of the reach of scripts.
import type { Context } from 'koa';
import type { AppMetadata } from '../metadata/types.ts';
import { type RefreshCookie, refreshCookie } from './refresh-cookie.ts';
import { voucherSeconds } from './vouchers.ts';

export interface AuthCookies {
  readonly refresh: RefreshCookie;
  /** The challenge of the second step after a sign-on elsewhere. */
  readonly secondStep: RefreshCookie;
  /** Ties a sign-on under way to the browser that began it. Lax: its return comes from the provider's site. */
  readonly signOn: RefreshCookie;
}

export function authCookies(app: AppMetadata, secure: boolean): AuthCookies {
  return {
    refresh: refreshCookie(app, secure),
    secondStep: shortCookie(app, secure, { name: 'second_step', sameSite: 'Strict', seconds: voucherSeconds.second_factor }),
    signOn: shortCookie(app, secure, { name: 'sign_on', sameSite: 'Lax', seconds: voucherSeconds.sign_on }),
  };
}

interface Short {
  readonly name: string;
  readonly sameSite: 'Strict' | 'Lax';
  readonly seconds: number;
}

function shortCookie(app: AppMetadata, secure: boolean, { name, sameSite, seconds }: Short): RefreshCookie {
  const full = app.prefix + name;
  const header = (ctx: Context, value: string, life: string): string =>
    `${full}=${value}; Path=${app.basePath}/auth; ${life}; HttpOnly; SameSite=${sameSite}${secure || ctx.secure ? '; Secure' : ''}`;
  return {
    read: (ctx) => ctx.cookies.get(full),
    write: (ctx, token) => ctx.append('Set-Cookie', header(ctx, token, `Max-Age=${seconds}`)),
    clear: (ctx) => ctx.append('Set-Cookie', header(ctx, '', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT')),
  };
}
