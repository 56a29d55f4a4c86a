// GET /{entity}/{id}: one record, with what it includes; 304 when the caller has this version.
import { isComputed } from '../metadata/computed.ts';
import { parseReadQuery } from '../query/parse.ts';
import { seenBy } from '../repository/access.ts';
import { dataText, sendJson } from './answer.ts';
import { contentTag, entityTag, hasTag } from './entity-tags.ts';
import type { RestContext, RestServices } from './services.ts';
import { entityOf, idOf } from './target.ts';

export async function read(ctx: RestContext, services: RestServices): Promise<void> {
  const { context } = ctx.state;
  const entity = entityOf(ctx);
  const selection = parseReadQuery(seenBy(context), entity, new URLSearchParams(ctx.querystring));
  const record = await services.repository.read(context, entity.name, idOf(ctx), { selection });
  sendJson(ctx, dataText(record));
  const version = versionIn(record);
  if (version === undefined) return;
  // The version says nothing of the records included, nor of values worked out from others.
  const tag = selection.include.length === 0 && !isComputed(entity) ? entityTag(version) : contentTag(version, record);
  ctx.set('ETag', tag);
  if (hasTag(ctx, tag)) ctx.status = 304;
}

/** Of the record itself, not of one that it includes; undefined when `fields=` left it out. */
function versionIn(record: string): number | undefined {
  const { version } = JSON.parse(record) as { version?: unknown };
  return typeof version === 'number' ? version : undefined;
}
