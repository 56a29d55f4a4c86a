// Answers put together as text around the JSON that PostgreSQL rendered: records are never parsed and written again.
import type { Context } from 'koa';
import type { ListPage } from '../repository/repository.ts';

/** `{"data": <record>}` */
export const dataText = (record: string): string => `{"data":${record}}`;

/** `{"data": [<record>, …]}` */
export const manyText = (records: readonly string[]): string => `{"data":[${records.join(',')}]}`;

/** `{"data": [<record>, …], "page": {…}}` */
export const pageText = (page: ListPage): string => `{"data":[${page.rows.join(',')}],"page":${JSON.stringify(page.page)}}`;

/** A body that depends on who asks: kept by nobody but the caller, and asked for again each time. */
export function sendJson(ctx: Context, text: string): void {
  ctx.set('Cache-Control', 'private, no-cache');
  ctx.vary('Authorization');
  ctx.type = 'json';
  ctx.body = text;
}

/** Whether the caller wants no body after a write (RFC 7240, `Prefer: return=minimal`). */
export const wantsMinimal = (ctx: Context): boolean =>
  ctx
    .get('Prefer')
    .split(/[,;]/)
    .some((preference) => preference.trim().toLowerCase() === 'return=minimal');
