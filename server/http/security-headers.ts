// Headers that tell browsers to be strict with everything this server sends.
import type { Middleware } from 'koa';

/** For answers that are data: a browser may do nothing at all with them. */
export const apiPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** For pages: own files only; style tags only with the nonce (the UI library puts its theme into one). */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * @param options.https people reach the server over https (FORMWORK_PUBLIC_URL says so): browsers may then never use http
 */
export function securityHeaders(options: { readonly https: boolean }): Middleware {
  return (ctx, next) => {
    ctx.set('Content-Security-Policy', apiPolicy);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Referrer-Policy', 'same-origin');
    ctx.set('X-Frame-Options', 'DENY');
    ctx.set('Cross-Origin-Opener-Policy', 'same-origin');
    ctx.set('Cross-Origin-Resource-Policy', 'same-origin');
    ctx.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=()');
    ctx.set('Cache-Control', 'no-store');
    if (options.https) ctx.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    return next();
  };
}
