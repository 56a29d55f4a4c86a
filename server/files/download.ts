// GET /{entity}/{id}/files/{field}: the bytes, for whoever may read that field of that record, whole or in part.
import type { Knex } from 'knex';
import parseRange from 'range-parser';
import { isFileType } from '../fields/file-limits.ts';
import { drawableTypes } from '../fields/media-types.ts';
import type { RouteContext } from '../http/resource.ts';
import { currentMember } from '../metadata/aliases.ts';
import { problem } from '../problem.ts';
import { seenEntity } from '../repository/access.ts';
import type { RequestState } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { engineTable, run } from '../repository/statement.ts';
import type { ByteRange, FileStore } from './store.ts';

type Ctx = RouteContext<RequestState>;

interface Held {
  readonly id: string | null;
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

interface DownloadServices {
  readonly repository: Repository;
  readonly knex: Knex;
  readonly store: FileStore;
}

export async function download(ctx: Ctx, services: DownloadServices): Promise<void> {
  const { held, digest } = await heldFile(ctx, services);
  headers(ctx, held, digest);
  ctx.status = 200;
  if (has(ctx, digest)) {
    ctx.status = 304;
    return;
  }
  const range = rangeOf(ctx, held.size, digest);
  ctx.length = held.size;
  if (range !== undefined) {
    ctx.status = 206;
    ctx.set('Content-Range', `bytes ${range.start}-${range.end}/${held.size}`);
    ctx.length = range.end - range.start + 1;
  }
  const length = ctx.length;
  if (ctx.method === 'HEAD') return;
  ctx.body = await services.store.open(digest, range);
  ctx.length = length;
}

/** Not by Koa's word: it sends everything to who says `Cache-Control: no-cache`, which only asks caches on the way not to answer. */
const has = (ctx: Ctx, digest: string): boolean =>
  ctx
    .get('If-None-Match')
    .split(',')
    .some((tag) => [`"${digest}"`, `W/"${digest}"`, '*'].includes(tag.trim()));

/** What the record holds, as the caller may read it: rows, fields and masks are the repository's to judge. */
async function heldFile(ctx: Ctx, { repository, knex }: DownloadServices): Promise<{ held: Held; digest: string }> {
  const { context } = ctx.state;
  const entity = seenEntity(context, ctx.params['entity'] ?? '');
  const name = currentMember(entity, ctx.params['field'] ?? '');
  const field = entity.fields.get(name);
  const missing = problem('not_found', { detail: 'There is no such file.' });
  if (field === undefined || !isFileType(field.meta.type)) throw missing;
  const record = ctx.params['id'] ?? '';
  const text = await repository.read(context, entity.name, record, { selection: { fields: [name], include: [] } });
  const held = (JSON.parse(text) as Readonly<Record<string, Held | null>>)[name];
  if (held?.id == null) throw missing;
  const [row] = await run<{ digest: string }>(knex, {
    text: `SELECT digest FROM ${engineTable(context.registry.app, 'files')} WHERE id = $1 AND record_id = $2`,
    values: [held.id, record],
  });
  if (row === undefined) throw missing;
  return { held, digest: row.digest };
}

/** Only what cannot run anything is ever drawn in a page, and only when asked for; a document is sent without its own type. */
function headers(ctx: Ctx, { name, type }: Held, digest: string): void {
  const drawn = drawableTypes.has(type);
  const inline = drawn && new URLSearchParams(ctx.querystring).get('disposition') === 'inline';
  ctx.attachment(name, { type: inline ? 'inline' : 'attachment' });
  ctx.set('Content-Type', drawn || !/(html|xml|svg|javascript)/.test(type) ? type : 'application/octet-stream');
  ctx.set('Content-Security-Policy', "default-src 'none'; sandbox");
  ctx.set('ETag', `"${digest}"`);
  ctx.set('Accept-Ranges', 'bytes');
  // Asked for again each time: rights may have been taken away since.
  ctx.set('Cache-Control', 'private, no-cache');
  ctx.vary('Authorization');
}

/**
 * One part, or all of it (RFC 9110, 14.2: several parts, and what is no range of bytes, may be ignored).
 * @throws problem `range_not_satisfiable`
 */
function rangeOf(ctx: Ctx, size: number, digest: string): ByteRange | undefined {
  const header = ctx.get('Range');
  const condition = ctx.get('If-Range');
  if (header === '' || (condition !== '' && condition !== `"${digest}"`)) return undefined;
  const ranges = parseRange(size, header, { combine: true });
  if (ranges === -1) {
    throw problem('range_not_satisfiable', {
      detail: `The file has ${size} bytes.`,
      headers: { 'Content-Range': `bytes */${size}` },
    });
  }
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  const [range] = ranges;
  return range === undefined ? undefined : { start: range.start, end: range.end };
}
