// The routes of the metadata API below {base}/meta: plan, apply, versions, rollback, previews, export.
import type Router from '@koa/router';
import { readJson } from '../http/json-body.ts';
import { type RouteContext, resource } from '../http/resource.ts';
import { problem } from '../problem.ts';
import type { RequestState } from '../repository/context.ts';
import type { Changer } from './change.ts';
import { changeRequest, type StudioContext } from './change-request.ts';
import { unconvertibleIn } from './conversions.ts';
import { exportDocuments } from './export.ts';
import { compareVersions, listVersions, tellVersion } from './history.ts';
import { bodyOf, invalidQuery, numberIn, queryOf } from './parameters.ts';
import { planOf } from './plan.ts';
import { planRollback } from './rollback.ts';
import type { StudioServices } from './services.ts';

export interface StudioRouteServices extends StudioServices {
  readonly changer: Changer;
}

const longestPage = 200;
const newest = 2 ** 31 - 1;

/** Mounts them on a router without a prefix of its own. Needs `ctx.state.context`; stands before the entity routes. */
export function studioRoutes(router: Router<RequestState>, services: StudioRouteServices): void {
  const { basePath } = services.registry.current().app;
  const at = (path: string): string => `${basePath}/meta${path}`;
  const { changer } = services;

  resource(router, at('/plan'), {
    post: async (ctx) => {
      const { value } = await readJson(ctx);
      const body = bodyOf(value, {
        changes: { kind: 'list', required: true },
        base_version: { kind: 'version' },
        reason: { kind: 'text' },
      });
      const base = body['base_version'] as number | undefined;
      const { actor } = ctx.state.context;
      const plan = await planOf(services, { actor, changes: body['changes'], ...(base == null ? {} : { baseVersion: base }) });
      send(ctx, { data: plan });
    },
  });

  resource(router, at('/apply'), {
    post: (ctx) =>
      changeRequest(ctx, services, {
        members: { changes: { kind: 'list', required: true } },
        run: (body, act) => changer.apply(body['changes'], act),
      }),
  });

  resource(router, at('/rollback'), {
    post: async (ctx) => {
      const { plan } = queryOf(ctx.querystring, ['plan']);
      if (plan !== undefined && plan !== 'true' && plan !== 'false')
        throw invalidQuery('plan', 'boolean', '"plan" is true or false.');
      if (plan === 'true') return rollbackPlan(ctx, services);
      return changeRequest(ctx, services, {
        members: { to: { kind: 'version', required: true } },
        run: (body, act) => changer.rollback(body['to'] as number, act),
      });
    },
  });
  resource(router, at('/rollback/plan'), { post: (ctx) => rollbackPlan(ctx, services) });

  resource(router, at('/versions'), {
    get: async (ctx) => {
      const given = queryOf(ctx.querystring, ['limit', 'after']);
      const limit = numberIn('limit', given.limit, 1, longestPage) ?? 50;
      const before = numberIn('after', given.after, 0, newest);
      send(ctx, await listVersions(services, ctx.state.context, { limit, ...(before === undefined ? {} : { before }) }));
    },
  });
  resource(router, at('/versions/compare'), {
    get: async (ctx) => {
      const given = queryOf(ctx.querystring, ['from', 'to']);
      const from = numberIn('from', given.from, 0, newest);
      if (from === undefined) throw invalidQuery('from', 'required', 'Say from which version: ?from=3.');
      send(ctx, { data: await compareVersions(services, ctx.state.context, from, numberIn('to', given.to, 0, newest)) });
    },
  });
  resource(router, at('/versions/:number'), {
    get: async (ctx) => {
      const text = ctx.params['number'] ?? '';
      if (!/^\d{1,9}$/.test(text)) throw problem('not_found', { detail: 'A version has a number.' });
      queryOf(ctx.querystring, []);
      send(ctx, { data: await tellVersion(services, ctx.state.context, Number(text)) });
    },
  });

  resource(router, at('/conversions'), {
    get: async (ctx) => send(ctx, await unconvertibleIn(services, ctx.state.context, ctx.querystring)),
  });
  resource(router, at('/export'), {
    get: async (ctx) => send(ctx, { data: await exportDocuments(services, ctx.state.context, ctx.querystring) }),
  });
}

async function rollbackPlan(ctx: RouteContext<RequestState>, services: StudioServices): Promise<void> {
  const { value } = await readJson(ctx);
  const body = bodyOf(value, {
    to: { kind: 'version', required: true },
    base_version: { kind: 'version' },
    reason: { kind: 'text' },
  });
  const base = body['base_version'] as number | null | undefined;
  send(ctx, { data: await planRollback(services, ctx.state.context, body['to'] as number, base ?? undefined) });
}

function send(ctx: StudioContext, body: unknown): void {
  ctx.type = 'json';
  ctx.body = JSON.stringify(body);
}
