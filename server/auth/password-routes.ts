// POST /auth/password, /auth/password/forgot and /auth/password/reset.
import type Router from '@koa/router';
import { isStorable } from '../conditions/values.ts';
import { resource } from '../http/resource.ts';
import { problem } from '../problem.ts';
import { askerOf } from './asker.ts';
import { readGiven, wrong } from './given.ts';
import type { SignInState } from './identify.ts';
import { acceptLink } from './link.ts';
import { accountOf } from './login.ts';
import { mailOrRefuse } from './mail-post.ts';
import { passwordOf } from './password-mark.ts';
import { verifyPassword } from './passwords.ts';
import type { RouteParts } from './route-parts.ts';
import { setPassword } from './set-password.ts';

const text = { kind: 'text', required: true } as const;

export function passwordRoutes(router: Router<SignInState>, parts: RouteParts): void {
  const { services, sessions, callers, attempts } = parts;

  resource(router, '/password', {
    post: async (ctx) => {
      const { user, session, registry, context } = askerOf(ctx, services);
      const given = await readGiven(ctx, { current: text, new: text });
      await attempts.begin(user.email, ctx.ip);
      const stored = await passwordOf(services.knex, registry, user.id);
      if (stored == null)
        throw problem('conflict', { detail: 'This account has no password; whoever manages users can send an invitation.' });
      if (!(await verifyPassword(stored, given.current))) throw wrong('current', 'wrong', 'The password is wrong.');
      await attempts.succeeded(user.email, ctx.ip);
      await setPassword(parts, {
        registry,
        source: context.source,
        password: given.new,
        member: 'new',
        user: async () => user,
        after: async (transaction) => {
          await sessions.endAll(user.id, { except: session.sessionId, database: transaction });
          await sessions.keepWithNewPassword(session, transaction);
        },
      });
      callers.forgetUser(user.id);
      ctx.status = 204;
    },
  });

  resource(router, '/password/forgot', {
    post: async (ctx) => {
      const mail = mailOrRefuse(parts);
      const { email } = await readGiven(ctx, { email: text });
      const account = accountOf(email);
      await parts.mailAttempts.begin(account, ctx.ip);
      // Whether there is such an account is looked up by a worker, later: this answer, and its time, cannot tell.
      if (isStorable(account)) await mail.post({ kind: 'reset', email: account });
      // Null, or koa would write the status as text; which sets another status.
      ctx.body = null;
      ctx.status = 202;
    },
  });

  resource(router, '/password/reset', {
    post: (ctx) => acceptLink(ctx, parts, 'reset'),
  });
}
