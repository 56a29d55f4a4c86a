// GET /app.json: what the admin UI must know before anybody signs in.
import type { Middleware } from 'koa';

export interface AppDocument {
  readonly basePath: string;
  readonly name: string;
  readonly label: Readonly<Record<string, string>>;
  readonly languages: readonly string[];
  /** Of the product, from package.json. */
  readonly version: string;
}

/** @param current asked at each request, since the metadata may be replaced while the server runs */
export function appDocument(current: () => AppDocument): Middleware {
  return (ctx, next) => {
    if (ctx.path !== '/app.json' || !['GET', 'HEAD'].includes(ctx.method)) return next();
    ctx.set('Cache-Control', 'no-cache');
    ctx.type = 'json';
    ctx.body = JSON.stringify(current());
    return undefined;
  };
}
