// Every REST route: one set for all entities, the entity being a parameter that each request looks up in its own registry.
import Router from '@koa/router';
import type { DocumentedPart } from '../http/documented-paths.ts';
import { resource } from '../http/resource.ts';
import { whileOn } from '../repository/access.ts';
import type { RequestState } from '../repository/context.ts';
import { aggregate } from './aggregate.ts';
import { batch } from './batch.ts';
import { removeMany, updateMany } from './change-many.ts';
import { create } from './create.ts';
import { readDryRun } from './dry-run.ts';
import { duplicates } from './duplicates.ts';
import { list, query } from './list.ts';
import { merge, unmerge } from './merge.ts';
import { openApi } from './openapi/route.ts';
import { read } from './read.ts';
import { remove, restore } from './remove.ts';
import { search } from './search.ts';
import type { RestContext, RestServices } from './services.ts';
import { offered } from './target.ts';
import { update } from './update.ts';

type RestHandler = (ctx: RestContext, services: RestServices) => Promise<void>;

export interface RestOptions extends RestServices {
  /** Of the application, e.g. `/library/v1` */
  readonly basePath: string;
  /** Routes of other parts, for the OpenAPI document. */
  readonly documented?: readonly DocumentedPart[];
}

/** Needs `ctx.state.context`. Stands behind the routes of other parts: `/{entity}` takes every name that is left. */
export function restRoutes(options: RestOptions): Router<RequestState> {
  const router = new Router<RequestState>({ prefix: options.basePath });
  const on = (handler: RestHandler) => (ctx: RestContext) => handler(ctx, options);
  const writing = (handler: RestHandler) => (ctx: RestContext) => {
    readDryRun(ctx);
    return handler(ctx, options);
  };

  resource(router, '/openapi.json', { get: openApi(options.documented ?? []) });
  resource(router, '/search', { get: on(search) }, undefined, whileOn('search'));
  resource(router, '/batch', { post: writing(batch) }, undefined, whileOn('mass_change'));
  const one = offered({ get: ['read'], post: ['create'] });
  const many = offered({ get: ['read'], post: ['create'], patch: ['update'], delete: ['delete'] });
  resource(
    router,
    '/:entity',
    { get: on(list), post: writing(create), patch: writing(updateMany), delete: writing(removeMany) },
    (ctx) => (whileOn('mass_change')(ctx) ? many(ctx) : one(ctx)),
  );
  resource(router, '/:entity/query', { post: on(query) }, offered({ post: ['read'] }));
  resource(router, '/:entity/aggregate', { get: on(aggregate) }, offered({ get: ['read'] }));
  resource(router, '/:entity/duplicates', { post: on(duplicates) }, offered({ post: ['create'] }), whileOn('duplicates'));
  resource(
    router,
    '/:entity/:id',
    { get: on(read), patch: writing(update), delete: writing(remove) },
    offered({ get: ['read'], patch: ['update'], delete: ['delete', 'purge'] }),
  );
  resource(router, '/:entity/:id/duplicates', { post: on(duplicates) }, offered({ post: ['update'] }), whileOn('duplicates'));
  resource(router, '/:entity/:id/restore', { post: writing(restore) }, offered({ post: ['restore'] }));
  resource(router, '/:entity/:id/merge', { post: writing(merge) }, offered({ post: ['merge'] }));
  resource(router, '/:entity/:id/unmerge', { post: writing(unmerge) }, offered({ post: ['merge'] }));
  return router;
}
