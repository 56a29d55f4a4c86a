// GET /search?q=: records of all searchable entities that the caller may read, the best first.
import { didYouMean } from '../conditions/did-you-mean.ts';
import { entityNamed } from '../metadata/aliases.ts';
import { readableEntities, seenBy } from '../repository/access.ts';
import { sendJson } from './answer.ts';
import { invalid, parametersOf, wholeNumber } from './parameters.ts';
import type { RestContext, RestServices } from './services.ts';

const longest = 200;
export const searchLimit = { min: 1, max: 50, absent: 20 } as const;

export async function search(ctx: RestContext, services: RestServices): Promise<void> {
  const { q = '', limit, entities } = parametersOf(ctx, ['q', 'limit', 'entities']);
  if (q.trim() === '') throw invalid('q', 'required', 'Say what to search for: q=….');
  if (q.length > longest) throw invalid('q', 'text', `"q" has at most ${longest} characters.`);
  const names = entities === undefined ? undefined : searchable(ctx, entities);
  const hits = await services.repository.search(ctx.state.context, q, {
    limit: wholeNumber('limit', limit, searchLimit),
    ...(names === undefined ? {} : { entities: names }),
  });
  sendJson(ctx, JSON.stringify({ data: hits }));
}

function searchable(ctx: RestContext, text: string): readonly string[] {
  const known = readableEntities(ctx.state.context)
    .filter((entity) => entity.meta.search !== undefined)
    .map((entity) => entity.name);
  const names = text.split(',').map((name) => {
    const given = name.trim();
    return entityNamed(seenBy(ctx.state.context), given)?.name ?? given;
  });
  for (const name of names) {
    if (!known.includes(name)) {
      throw invalid('entities', 'unknown_value', `"${name}" cannot be searched.${didYouMean(name, known)}`);
    }
  }
  return names;
}
