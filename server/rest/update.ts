// PATCH /{entity}/{id}: a merge-patch (RFC 7396), refused when If-Match names another version.
import { readJson } from '../http/json-body.ts';
import { parseReadQuery } from '../query/parse.ts';
import { seenBy } from '../repository/access.ts';
import { dataText, wantsMinimal } from './answer.ts';
import { objectIn } from './create.ts';
import { ifMatch } from './entity-tags.ts';
import type { RestContext, RestServices } from './services.ts';
import { entityOf, idOf } from './target.ts';
import { acceptedAnswer, jsonType, write, writtenHeaders, writtenText } from './write.ts';

export const mergePatch = 'application/merge-patch+json';

export async function update(ctx: RestContext, services: RestServices): Promise<void> {
  const entity = entityOf(ctx);
  const selection = parseReadQuery(seenBy(ctx.state.context), entity, new URLSearchParams(ctx.querystring));
  const ifVersion = ifMatch(ctx);
  const body = await readJson(ctx, { types: [mergePatch] });
  const patch = objectIn(body.value);
  const minimal = wantsMinimal(ctx);
  await write(ctx, services, {
    entity,
    operation: 'update',
    text: body.text,
    run: async (inner) => {
      const options = ifVersion === undefined ? {} : { ifVersion };
      const written = await services.repository.update(inner, entity.name, idOf(ctx), patch, options);
      const accepted = acceptedAnswer(written);
      if (accepted !== undefined) return accepted;
      const headers = writtenHeaders(inner, entity, written);
      if (minimal) return { status: 204, headers, body: null };
      const text = await writtenText(services.repository, inner, entity, written, selection);
      return { status: 200, headers: { ...headers, ...jsonType }, body: dataText(text, written.warnings) };
    },
  });
}
