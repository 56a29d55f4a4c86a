// GET /auth/sessions, DELETE /auth/sessions/{id}, POST /auth/logout-all, POST /auth/users/{id}/logout-all.
import type Router from '@koa/router';
import { resource } from '../http/resource.ts';
import { problem } from '../problem.ts';
import { askerOf, requireManager, uuidIn } from './asker.ts';
import type { SignInState } from './identify.ts';
import type { RouteParts } from './route-parts.ts';
import { answerData } from './token-answer.ts';
import { traced } from './trace.ts';
import { userById } from './users.ts';

export function sessionRoutes(
  router: Router<SignInState>,
  { services, repository, sessions, callers, cookies }: RouteParts,
): void {
  resource(router, '/sessions', {
    get: async (ctx) => {
      const { user, session } = askerOf(ctx, services, { enrolling: true });
      const all = await sessions.list(user.id);
      answerData(
        ctx,
        all.map((one) => ({ ...one, current: one.id === session.sessionId })),
      );
    },
  });

  resource(router, '/sessions/:id', {
    delete: async (ctx) => {
      const { user } = askerOf(ctx, services, { enrolling: true });
      const session = { userId: user.id, sessionId: uuidIn(ctx, 'id') ?? '' };
      if (session.sessionId === '' || !(await sessions.end(session)))
        throw problem('not_found', { detail: 'You have no such session.' });
      callers.forget(session);
      ctx.status = 204;
    },
  });

  resource(router, '/logout-all', {
    post: async (ctx) => {
      const { user } = askerOf(ctx, services, { enrolling: true });
      await sessions.endAll(user.id);
      callers.forgetUser(user.id);
      cookies.refresh.clear(ctx);
      ctx.status = 204;
    },
  });

  resource(router, '/users/:id/logout-all', {
    post: async (ctx) => {
      const asker = askerOf(ctx, services);
      requireManager(asker);
      const id = uuidIn(ctx, 'id');
      if (id === undefined || (await userById(services.knex, asker.registry, id)) === undefined)
        throw problem('not_found', { detail: 'There is no user with this id.' });
      const trace = { userId: id, name: 'sessions', before: null, after: 'ended' } as const;
      await traced(repository, asker.context, trace, (transaction) => sessions.endAll(id, { database: transaction }));
      callers.forgetUser(id);
      ctx.status = 204;
    },
  });
}
