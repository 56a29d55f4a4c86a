// GET /{entity}/aggregate: figures over the records that the caller may read, by groups.
import { parseAggregateQuery } from '../query/aggregate.ts';
import { seenBy } from '../repository/access.ts';
import { sendJson } from './answer.ts';
import type { RestContext, RestServices } from './services.ts';
import { entityOf } from './target.ts';

export async function aggregate(ctx: RestContext, services: RestServices): Promise<void> {
  const { context } = ctx.state;
  const asked = parseAggregateQuery(seenBy(context), entityOf(ctx), new URLSearchParams(ctx.querystring));
  const { groups, limit, hasNext, ...more } = await services.repository.aggregate(context, asked);
  sendJson(ctx, JSON.stringify({ data: groups, page: { limit, hasNext }, ...more }));
}
