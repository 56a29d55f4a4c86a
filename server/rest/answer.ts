// Answers put together as text around the JSON that PostgreSQL rendered: records are never parsed and written again.
import type { Context } from 'koa';
import type { DuplicateFinding, ListPage } from '../repository/repository.ts';

/** `{"data": <record>}`, with what a write is warned of. */
export const dataText = (record: string, warnings: readonly DuplicateFinding[] = []): string =>
  `{"data":${record}${warningsText(warnings)}}`;

/** `{"data": [<record>, …]}` */
export const manyText = (records: readonly string[], warnings: readonly DuplicateFinding[] = []): string =>
  `{"data":[${records.join(',')}]${warningsText(warnings)}}`;

const warningsText = (warnings: readonly DuplicateFinding[]): string =>
  warnings.length === 0
    ? ''
    : `,"warnings":${JSON.stringify(warnings.map((warning) => ({ code: 'possible_duplicate', ...warning })))}`;

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
