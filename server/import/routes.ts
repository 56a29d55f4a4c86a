// The routes of imports and exports: below an entity, and below the records of what was started.
import type Router from '@koa/router';
import { resource } from '../http/resource.ts';
import type { RequestState } from '../repository/context.ts';
import { cancelExport, sendExportFile, startExport } from './export-actions.ts';
import { exportsEntity, prepareExports } from './export-job.ts';
import { sendExport } from './export-route.ts';
import { cancelImport, sendRejects, undoOfImport } from './import-actions.ts';
import { prepareImports } from './import-job.ts';
import { importsEntity } from './import-record.ts';
import { preview } from './preview-route.ts';
import type { Ctx, ImportRouteServices } from './route-services.ts';
import { startImport } from './start-import.ts';

/** Needs `ctx.state.context`. Stands before the routes that take any `/{entity}/{id}`. */
export function importRoutes(router: Router<RequestState>, services: ImportRouteServices): void {
  let prepared: Promise<unknown> | undefined;
  const queued = (handler: (ctx: Ctx, services: ImportRouteServices) => Promise<void>) => async (ctx: Ctx) => {
    prepared ??= Promise.all([prepareImports(services.jobs), prepareExports(services.jobs)]).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    await prepared;
    await handler(ctx, services);
  };
  resource(router, '/:entity/import', { post: queued(startImport) });
  resource(router, '/:entity/import/preview', { post: (ctx) => preview(ctx, services) });
  resource(router, '/:entity/export', {
    get: (ctx) => sendExport(ctx, services),
    post: queued(startExport),
  });
  resource(router, `/${importsEntity}/:id/cancel`, { post: (ctx) => cancelImport(ctx, services) });
  resource(router, `/${importsEntity}/:id/undo`, { post: queued(undoOfImport) });
  resource(router, `/${importsEntity}/:id/rejects`, { get: (ctx) => sendRejects(ctx, services) });
  resource(router, `/${exportsEntity}/:id/cancel`, { post: (ctx) => cancelExport(ctx, services) });
  resource(router, `/${exportsEntity}/:id/file`, { get: (ctx) => sendExportFile(ctx, services) });
}
