// DELETE /{entity}/{id}: into the bin, or for good with ?purge=true; POST /{entity}/{id}/restore: back again.
import { everything } from '../query/selection.ts';
import type { StoredResponse } from '../repository/idempotency.ts';
import { dataText, wantsMinimal } from './answer.ts';
import { ifMatch } from './entity-tags.ts';
import { flag, parametersOf } from './parameters.ts';
import type { RestContext, RestServices } from './services.ts';
import { entityOf, idOf } from './target.ts';
import { acceptedAnswer, jsonType, write, writtenHeaders, writtenText } from './write.ts';

export async function remove(ctx: RestContext, services: RestServices): Promise<void> {
  const entity = entityOf(ctx);
  const purge = flag('purge', parametersOf(ctx, ['purge']).purge);
  const ifVersion = ifMatch(ctx);
  await write(ctx, services, {
    entity,
    operation: purge ? 'purge' : 'delete',
    text: '',
    run: async (inner) => {
      const done: StoredResponse = { status: 204, headers: {}, body: null };
      if (purge) {
        await services.repository.purge(inner, entity.name, idOf(ctx));
        return done;
      }
      const options = ifVersion === undefined ? {} : { ifVersion };
      return acceptedAnswer(await services.repository.remove(inner, entity.name, idOf(ctx), options)) ?? done;
    },
  });
}

export async function restore(ctx: RestContext, services: RestServices): Promise<void> {
  const entity = entityOf(ctx);
  parametersOf(ctx, []);
  const minimal = wantsMinimal(ctx);
  await write(ctx, services, {
    entity,
    operation: 'restore',
    text: '',
    run: async (inner) => {
      const written = await services.repository.restore(inner, entity.name, idOf(ctx));
      const accepted = acceptedAnswer(written);
      if (accepted !== undefined) return accepted;
      const headers = writtenHeaders(inner, entity, written);
      if (minimal) return { status: 204, headers, body: null };
      const text = await writtenText(services.repository, inner, entity, written, everything);
      return { status: 200, headers: { ...headers, ...jsonType }, body: dataText(text, written.warnings) };
    },
  });
}
