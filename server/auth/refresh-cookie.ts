// The browser's refresh token: a cookie that scripts cannot read and other sites cannot send.
import type { Context } from 'koa';
import type { AppMetadata } from '../metadata/types.ts';
import { refreshTokenSeconds } from './refresh-tokens.ts';

export interface RefreshCookie {
  /** The token, unless the request was made by another site. */
  read(ctx: Context): string | undefined;
  write(ctx: Context, token: string): void;
  clear(ctx: Context): void;
}

/** @param secure people reach the server over https; else it is asked of each request (its socket, or a trusted proxy) */
export function refreshCookie(app: AppMetadata, secure: boolean): RefreshCookie {
  const name = `${app.prefix}refresh`;
  const header = (ctx: Context, value: string, life: string): string =>
    `${name}=${value}; Path=${app.basePath}/auth; ${life}; HttpOnly; SameSite=Strict${secure || ctx.secure ? '; Secure' : ''}`;
  return {
    read: (ctx) => (['', 'same-origin', 'none'].includes(ctx.get('Sec-Fetch-Site')) ? ctx.cookies.get(name) : undefined),
    write: (ctx, token) => ctx.append('Set-Cookie', header(ctx, token, `Max-Age=${refreshTokenSeconds}`)),
    // Servers write no Max-Age of 0 (RFC 6265, 4.1.1): a cookie goes by a date that is over (3.1).
    clear: (ctx) => ctx.append('Set-Cookie', header(ctx, '', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT')),
  };
}
