// GET {base}/meta, {base}/meta/forms/{entity}: what the admin UI draws itself from; {base}/meta/served: whether that has changed.
import type Router from '@koa/router';
import { resource } from '../http/resource.ts';
import { entityNamed } from '../metadata/aliases.ts';
import type { RegistryHolder } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { RequestState } from '../repository/context.ts';
import { describeRegistry } from './describe.ts';
import { formOf } from './form.ts';
import { type ServedServices, served } from './served.ts';

/** The one parameter of a form; everything else is refused, as in all of the API. */
function languageIn(parameters: URLSearchParams, fallback: string): string {
  const unknown = [...parameters.keys()].filter((name) => name !== 'language');
  if (unknown.length > 0) {
    throw problem('unknown_parameter', {
      errors: unknown.map((name) => ({
        pointer: `?${name}`,
        code: 'unknown_parameter',
        detail: 'Only "language" is known here.',
      })),
    });
  }
  return parameters.get('language') ?? fallback;
}

export interface FormServices extends ServedServices {
  readonly registry: RegistryHolder;
}

/** Mounts them on a router without a prefix of its own. Needs `ctx.state.context`; stands before the entity routes. */
export function formRoutes(router: Router<RequestState>, services: FormServices): void {
  const { basePath } = services.registry.current().app;

  resource(router, `${basePath}/meta`, {
    get: (ctx) => {
      const { registry, actor } = ctx.state.context;
      ctx.type = 'json';
      ctx.body = JSON.stringify({ data: describeRegistry(registry, actor) });
    },
  });

  resource(router, `${basePath}/meta/served`, {
    get: (ctx) => served(ctx, services),
  });

  resource(router, `${basePath}/meta/forms/:entity`, {
    get: (ctx) => {
      const { registry, actor, language } = ctx.state.context;
      const seen = actor.sees(registry);
      const entity = entityNamed(seen, ctx.params['entity'] ?? '');
      if (entity === undefined) throw problem('not_found');
      const wanted = languageIn(new URLSearchParams(ctx.querystring), language);
      ctx.type = 'json';
      ctx.body = JSON.stringify({ data: formOf(seen, entity, actor, wanted) });
    },
  });
}
