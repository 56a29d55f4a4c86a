// GET {base}/{entity}/{id}/access?user=&action=: why the user may do that with the record, or may not.
import type Router from '@koa/router';
import type { Knex } from 'knex';
import { resource } from '../http/resource.ts';
import { type Closed, closedBy, nothingOff } from '../metadata/features.ts';
import type { Right } from '../metadata/types.ts';
import { problem } from '../problem.ts';
import { entityFor } from '../repository/access.ts';
import type { Actor } from '../repository/actor.ts';
import type { Context, RequestState } from '../repository/context.ts';
import { missing } from '../repository/read.ts';
import type { Repository } from '../repository/repository.ts';
import { actorsOf } from './actors.ts';
import { type Explanation, explain, explainable } from './explain.ts';
import type { AuthServices } from './services.ts';

export interface ExplainServices {
  readonly knex: Knex;
  readonly repository: Repository;
  readonly offFor?: AuthServices['offFor'];
}

/** Needs `ctx.state.context`. Stands before the routes that take any `/{entity}/{id}`. */
export function explainRoutes(router: Router<RequestState>, services: ExplainServices): void {
  resource(router, '/:entity/:id/access', {
    get: async (ctx) => {
      const { context } = ctx.state;
      const given = new URLSearchParams(ctx.querystring);
      const unknown = [...given.keys()].find((name) => name !== 'user' && name !== 'action');
      if (unknown !== undefined) throw problem('unknown_parameter', { detail: `There is no parameter "${unknown}".` });
      const action = actionOf(given.get('action') ?? 'read');
      const entity = entityFor(context, ctx.params['entity'] ?? '');
      const id = ctx.params['id'] ?? '';
      // Who may not see the record learns nothing of it, not even why.
      await services.repository.read(context, entity.name, id, {
        selection: { fields: ['id'], include: [] },
        deleted: context.actor.access(entity.name, 'restore') === 'none' ? 'live' : 'with',
      });
      const actor = await asked(services, context, given.get('user') ?? context.actor.id);
      const explanation = await explain(services.knex, context, actor, entity, id, action);
      if (explanation === undefined) throw missing(entity);
      const closed = closedBy(context.registry, (await services.offFor?.(actor)) ?? nothingOff);
      ctx.type = 'json';
      ctx.body = JSON.stringify({ data: underFlags(explanation, closed) });
    },
  });
}

/** Rights are told as they are; a feature that is off stands before them all. */
function underFlags(explanation: Explanation, closed: Closed): Explanation {
  const { entity, action, because } = explanation;
  if (!closed.entities.has(entity) && !closed.rights.has(action)) return explanation;
  const says = closed.entities.has(entity) ? `The feature of ${entity} is off.` : `The feature of "${action}" is off.`;
  return { ...explanation, allowed: false, because: [{ kind: 'feature', says, grants: false }, ...because] };
}

function actionOf(text: string): Right {
  const action = explainable.find((right) => right === text);
  if (action !== undefined) return action;
  const detail = `"${text}" is none of ${explainable.join(', ')}.`;
  throw problem('invalid_query', { errors: [{ pointer: '?action', code: 'unknown_value', detail }] });
}

/** Everybody may ask for themselves; for others it takes the right `access.explain`. */
async function asked({ knex }: ExplainServices, context: Context, user: string): Promise<Actor> {
  if (user === context.actor.id) return context.actor.unswitched ?? context.actor;
  if (context.actor.system('access.explain') !== true)
    throw problem('forbidden', { detail: 'You may ask about your own rights only.' });
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(user);
  const actor = uuid ? await actorsOf(knex).byId(context.registry, user) : undefined;
  if (actor !== undefined) return actor;
  const detail = 'There is no active user with this id.';
  throw problem('invalid_query', { errors: [{ pointer: '?user', code: 'reference_missing', detail }] });
}
