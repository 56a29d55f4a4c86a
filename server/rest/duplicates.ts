// POST /{entity}/duplicates and /{entity}/{id}/duplicates: records like one that is being typed. Changes nothing, needs no key.
import { readJson } from '../http/json-body.ts';
import { sendJson } from './answer.ts';
import { objectIn } from './create.ts';
import { parametersOf } from './parameters.ts';
import type { RestContext, RestServices } from './services.ts';
import { entityOf } from './target.ts';

const bodyLimit = 256 * 1024;

export async function duplicates(ctx: RestContext, services: RestServices): Promise<void> {
  const entity = entityOf(ctx);
  parametersOf(ctx, []);
  const { value } = await readJson(ctx, { limit: bodyLimit });
  const id = ctx.params['id'];
  const options = id === undefined ? {} : { id };
  const found = await services.repository.duplicates(ctx.state.context, entity.name, objectIn(value), options);
  sendJson(ctx, JSON.stringify({ data: found }));
}
