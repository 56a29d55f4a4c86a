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

export function refreshCookie(app: AppMetadata, secure: boolean): RefreshCookie {
  const name = `${app.prefix}refresh`;
  const header = (value: string, seconds: number): string =>
    `${name}=${value}; Path=${app.basePath}/auth; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    read: (ctx) => (['', 'same-origin', 'none'].includes(ctx.get('Sec-Fetch-Site')) ? ctx.cookies.get(name) : undefined),
    write: (ctx, token) => ctx.append('Set-Cookie', header(token, refreshTokenSeconds)),
    clear: (ctx) => ctx.append('Set-Cookie', header('', 0)),
  };
}
