// The second factor of an account below /auth/totp: its state, enrolment, new recovery codes, its end; and its reset by others.
import type Router from '@koa/router';
import { resource } from '../http/resource.ts';
import { problem } from '../problem.ts';
import { type Asker, askerOf, type Ctx, managedUser } from './asker.ts';
import { readGiven, wrong } from './given.ts';
import type { SignInState } from './identify.ts';
import { passwordOf } from './password-mark.ts';
import { verifyPassword } from './passwords.ts';
import type { RouteParts } from './route-parts.ts';
import { answerData } from './token-answer.ts';
import { traced } from './trace.ts';

const wasSetUp = { name: 'second_factor', before: null, after: 'on' } as const;
const wasTakenAway = { name: 'second_factor', before: 'on', after: null } as const;

export function totpRoutes(router: Router<SignInState>, parts: RouteParts): void {
  const { services, repository, secondFactors, sessions, callers, attempts } = parts;
  const { knex } = services;

  resource(router, '/totp', {
    get: async (ctx) => {
      const { user } = askerOf(ctx, services, { enrolling: true });
      const state = await secondFactors.state(user.id);
      answerData(ctx, {
        enabled: state !== undefined,
        confirmed_at: state?.confirmedAt ?? null,
        recovery_codes_left: state?.recoveryCodesLeft ?? 0,
      });
    },
    post: async (ctx) => {
      const { user, registry, context } = askerOf(ctx, services, { enrolling: true });
      const { label } = registry.app;
      const issuer = label[context.language] ?? label['en'] ?? registry.app.name;
      answerData(ctx, await secondFactors.enrol(user.id, { issuer, account: user.email }), 201);
    },
  });

  resource(router, '/totp/confirm', {
    post: async (ctx) => {
      const { user, session, context } = askerOf(ctx, services, { enrolling: true });
      const { code } = await readGiven(ctx, { code: { kind: 'text', required: true } });
      await attempts.begin(user.email, ctx.ip);
      const codes = await traced(repository, context, { userId: user.id, ...wasSetUp }, async (transaction) => {
        if (!(await secondFactors.confirm(user.id, code, transaction)))
          throw wrong('code', 'wrong', 'The code is wrong, or there is nothing to confirm.');
        // Whoever had got in with the password alone is out.
        await sessions.endAll(user.id, { except: session.sessionId, database: transaction });
        await sessions.passedSecondFactor(session, transaction);
        return secondFactors.renewCodes(user.id, transaction);
      });
      await attempts.succeeded(user.email, ctx.ip);
      callers.forgetUser(user.id);
      answerData(ctx, { recovery_codes: codes });
    },
  });

  resource(router, '/totp/recovery-codes', {
    post: async (ctx) => {
      const asker = askerOf(ctx, services);
      const { code } = await readGiven(ctx, { code: { kind: 'text', required: true } });
      await requireCode(ctx, asker, code);
      const trace = { userId: asker.user.id, name: 'recovery_codes', before: null, after: 'renewed' } as const;
      const codes = await traced(repository, asker.context, trace, (transaction) =>
        secondFactors.renewCodes(asker.user.id, transaction),
      );
      answerData(ctx, { recovery_codes: codes });
    },
  });

  resource(router, '/totp/disable', {
    post: async (ctx) => {
      const asker = askerOf(ctx, services);
      const { password, code } = await readGiven(ctx, { password: { kind: 'text' }, code: { kind: 'text', required: true } });
      await requireCode(ctx, asker, code, password ?? '');
      const trace = { userId: asker.user.id, ...wasTakenAway };
      await traced(repository, asker.context, trace, (transaction) => secondFactors.remove(asker.user.id, transaction));
      ctx.status = 204;
    },
  });

  resource(router, '/users/:id/totp', {
    delete: async (ctx) => {
      const asker = askerOf(ctx, services);
      const user = await managedUser(ctx, services, asker);
      await traced(repository, asker.context, { userId: user.id, ...wasTakenAway }, async (transaction) => {
        if (!(await secondFactors.remove(user.id, transaction)))
          throw problem('not_found', { detail: 'This user has no second factor.' });
        // It may have been taken away because somebody else had got hold of it.
        await sessions.endAll(user.id, { database: transaction });
      });
      callers.forgetUser(user.id);
      ctx.status = 204;
    },
  });

  /** @param password asked for where the account has one, and the caller of this wants it */
  async function requireCode(ctx: Ctx, { user, registry }: Asker, code: string, password?: string): Promise<void> {
    await attempts.begin(user.email, ctx.ip);
    if (password !== undefined) {
      const stored = (await passwordOf(knex, registry, user.id)) ?? null;
      if (stored !== null && !(await verifyPassword(stored, password)))
        throw wrong('password', 'wrong', 'The password is wrong.');
    }
    if (!(await secondFactors.check(user.id, code))) throw wrong('code', 'wrong', 'The code is wrong.');
    await attempts.succeeded(user.email, ctx.ip);
  }
}
