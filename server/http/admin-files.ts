// The built admin UI: hashed assets cached for good, and the page itself for every address that a person opens.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context, Middleware } from 'koa';
import serveStatic from 'koa-static';
import { pagePolicy } from './security-headers.ts';

export interface AdminFilesOptions {
  /** Folder with index.html and assets/. */
  readonly folder: string;
  /** Paths (and all below) that are never pages: the API, health. */
  readonly except: readonly string[];
}

const yearSeconds = 31_536_000;

/** Serves files of the folder; an HTML navigation to any other address gets index.html, for the router in the browser. */
export function adminFiles(options: AdminFilesOptions): Middleware {
  const files = serveStatic(options.folder, {
    index: false,
    setHeaders: (response, path) => {
      const hashed = path.startsWith(join(options.folder, 'assets'));
      response.setHeader('Cache-Control', hashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache');
    },
  });
  return async (ctx, next) => {
    if (!['GET', 'HEAD'].includes(ctx.method) || options.except.some((prefix) => isBelow(ctx.path, prefix))) return next();
    if (isPage(ctx)) return sendPage(ctx, options.folder, next);
    return files(ctx, next);
  };
}

const isBelow = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`);

/** A navigation: the caller names text/html itself, and the last part of the path is no file name. */
const isPage = (ctx: Context): boolean =>
  ctx.path === '/index.html' || (/\btext\/html\b/.test(ctx.get('Accept')) && !/\.\w{1,8}$/.test(ctx.path)) || ctx.path === '/';

async function sendPage(ctx: Context, folder: string, next: () => Promise<unknown>): Promise<unknown> {
  const page = await readFile(join(folder, 'index.html'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (page === undefined) return next();
  // Read by scripts through the `nonce` property only; browsers hide the attribute from CSS selectors.
  const nonce = randomBytes(16).toString('base64url');
  ctx.set('Content-Security-Policy', pagePolicy(nonce));
  ctx.set('Cache-Control', 'no-cache');
  ctx.type = 'html';
  ctx.body = page.replace('<head>', `<head><meta property="csp-nonce" nonce="${nonce}">`);
  return undefined;
}
