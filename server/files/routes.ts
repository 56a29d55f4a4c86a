// POST {base}/files and GET {base}/{entity}/{id}/files/{field}.
import type Router from '@koa/router';
import type { Knex } from 'knex';
import { resource } from '../http/resource.ts';
import type { RequestState } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { download } from './download.ts';
import type { FileServices } from './file-services.ts';
import { upload } from './upload.ts';

export interface FileRouteServices {
  readonly repository: Repository;
  readonly knex: Knex;
  readonly files: FileServices;
}

/** Needs `ctx.state.context`. Stands before the routes that take any `/{entity}`. */
export function fileRoutes(router: Router<RequestState>, { repository, knex, files }: FileRouteServices): void {
  resource(router, '/files', { post: (ctx) => upload(ctx, repository, files) });
  resource(router, '/:entity/:id/files/:field', {
    get: (ctx) => download(ctx, { repository, knex, store: files.store }),
  });
}
