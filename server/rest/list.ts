// GET /{entity} and POST /{entity}/query: one page of records.
import { readJson } from '../http/json-body.ts';
import { problem } from '../problem.ts';
import type { ListQuery } from '../query/ast.ts';
import { parseListBody, parseListQuery } from '../query/parse.ts';
import { seenBy } from '../repository/access.ts';
import type { ListPage } from '../repository/repository.ts';
import { pageText, sendJson } from './answer.ts';
import { objectIn } from './create.ts';
import type { RestContext, RestServices } from './services.ts';
import { entityOf } from './target.ts';

const bodyLimit = 256 * 1024;

export async function list(ctx: RestContext, services: RestServices): Promise<void> {
  const page = await run(
    ctx,
    services,
    parseListQuery(seenBy(ctx.state.context), entityOf(ctx), new URLSearchParams(ctx.querystring)),
  );
  link(ctx, page);
}

/** The same words as a JSON body, for filters too long for an address. */
export async function query(ctx: RestContext, services: RestServices): Promise<void> {
  if (ctx.querystring !== '') throw problem('unknown_parameter', { detail: 'The query stands in the body here.' });
  const { value } = await readJson(ctx, { limit: bodyLimit });
  await run(ctx, services, parseListBody(seenBy(ctx.state.context), entityOf(ctx), objectIn(value)));
}

async function run(ctx: RestContext, services: RestServices, asked: ListQuery): Promise<ListPage> {
  const found = await services.repository.list(ctx.state.context, asked);
  if (found.page.total !== undefined) ctx.set('X-Total-Count', String(found.page.total));
  sendJson(ctx, pageText(found));
  return found;
}

/** Link (RFC 8288) to the neighbouring pages: the same address with another cursor. */
function link(ctx: RestContext, { page }: ListPage): void {
  const to = (rel: 'next' | 'prev', word: 'after' | 'before', cursor: string): string => {
    const parameters = new URLSearchParams(ctx.querystring);
    for (const other of ['after', 'before', 'page']) parameters.delete(other);
    parameters.set(word, cursor);
    return `<${ctx.path}?${parameters}>; rel="${rel}"`;
  };
  const links = [
    ...(page.next === null ? [] : [to('next', 'after', page.next)]),
    ...(page.prev === null ? [] : [to('prev', 'before', page.prev)]),
  ];
  if (links.length > 0) ctx.set('Link', links.join(', '));
}
