// POST /auth/invitations, /auth/invitations/accept, and /auth/users/{id}/invitation to send one again.
import type Router from '@koa/router';
import { resource } from '../http/resource.ts';
import { Problem, problem } from '../problem.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import { type Asker, askerOf, type Ctx, managedUser, requireManager } from './asker.ts';
import { readGiven } from './given.ts';
import { mayGrant } from './granting.ts';
import type { SignInState } from './identify.ts';
import { acceptLink, issueLink } from './link.ts';
import { passwordOf } from './password-mark.ts';
import type { RouteParts } from './route-parts.ts';
import { answerData } from './token-answer.ts';
import { usersEntity } from './users.ts';
import { voucherSeconds } from './vouchers.ts';

const text = { kind: 'text', required: true } as const;
const membersEntity = 'team_members';

export function invitationRoutes(router: Router<SignInState>, parts: RouteParts): void {
  const { services, repository, mail } = parts;

  resource(router, '/invitations', {
    post: async (ctx) => {
      const asker = askerOf(ctx, services);
      requireManager(asker);
      const {
        teams = [],
        language,
        ...person
      } = await readGiven(ctx, {
        ...{ email: text, first_name: text, last_name: text, roles: { kind: 'texts', required: true } as const },
        ...{ teams: { kind: 'texts' } as const, language: { kind: 'text' } as const },
      });
      refuseBeyond(asker, person.roles);
      const { id } = await repository.transaction(asker.context, async (context) => {
        const made = await repository.create(context, usersEntity, {
          ...person,
          ...(language === undefined ? {} : { language }),
        });
        for (const [at, team] of teams.entries()) await join(context, made.id, team, at);
        await mail?.post({ kind: 'invitation', userId: made.id, invitedBy: asker.user.name }, context.transaction);
        return made;
      });
      await answer(ctx, id, person.email.trim().toLowerCase());
    },
  });

  resource(router, '/users/:id/invitation', {
    post: async (ctx) => {
      const asker = askerOf(ctx, services);
      const user = await managedUser(ctx, services, asker);
      if (!user.active) throw problem('conflict', { detail: 'This account is disabled.' });
      if ((await passwordOf(services.knex, asker.registry, user.id)) !== null)
        throw problem('conflict', { detail: 'This user has a password already.' });
      await mail?.post({ kind: 'invitation', userId: user.id, invitedBy: asker.user.name });
      await answer(ctx, user.id, user.email);
    },
  });

  resource(router, '/invitations/accept', {
    post: (ctx) => acceptLink(ctx, parts, 'invitation'),
  });

  async function join(context: TransactionContext, userId: string, team: string, at: number): Promise<void> {
    try {
      await repository.create(context, membersEntity, { user_id: userId, team_id: team });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'validation_failed') throw error;
      throw problem('validation_failed', { errors: error.errors.map((issue) => ({ ...issue, pointer: `/teams/${at}` })) });
    }
  }

  /** Without a mail server the link goes to who invites, to be handed over; with one, to nobody but the invited. */
  async function answer(ctx: Ctx, userId: string, email: string): Promise<void> {
    const expires = new Date(Date.now() + voucherSeconds.invitation * 1000).toISOString();
    const link = mail === undefined ? { link: await issueLink(parts, 'invitation', userId) } : {};
    answerData(ctx, { user_id: userId, email, expires_at: expires, sent: mail !== undefined, ...link }, 201);
  }
}

/** @throws problem `forbidden` with a pointer to each role that the inviter lacks */
function refuseBeyond({ registry, context }: Asker, roles: readonly string[]): void {
  const beyond = mayGrant(registry, context.actor, roles);
  const errors = roles.flatMap((role, at) =>
    beyond.includes(role) ? [{ pointer: `/roles/${at}`, code: 'not_grantable', detail: 'You may not grant this role.' }] : [],
  );
  if (errors.length > 0) throw problem('forbidden', { errors });
}
