// What a link in a mail opens: a page that sends its voucher with the password that the account is to have.
import { problem } from '../problem.ts';
import type { Ctx } from './asker.ts';
import { readGiven, wrong } from './given.ts';
import { markOf, passwordOf } from './password-mark.ts';
import type { RouteParts } from './route-parts.ts';
import { setPassword } from './set-password.ts';
import { answerData } from './token-answer.ts';
import { type User, userById } from './users.ts';

export type LinkKind = 'invitation' | 'reset';

/** Page of the admin UI. The voucher stands behind `#`: browsers send that to no server, so no log and no Referer has it. */
const pages: Readonly<Record<LinkKind, string>> = { invitation: '/invitation', reset: '/reset-password' };
export const linkOf = (publicUrl: string, kind: LinkKind, voucher: string): string => `${publicUrl}${pages[kind]}#${voucher}`;

/** A voucher for a user as they are now: with another password it is worth nothing. */
export async function issueLink(
  { services, vouchers, publicUrl }: Pick<RouteParts, 'services' | 'vouchers' | 'publicUrl'>,
  kind: LinkKind,
  userId: string,
): Promise<string> {
  const mark = markOf((await passwordOf(services.knex, services.registry.current(), userId)) ?? null);
  return linkOf(publicUrl, kind, await vouchers.issue(kind, { userId, details: { mark } }));
}

/**
 * Uses the voucher in the body `{token, password}`, sets the password and ends all sessions.
 * @throws problems `validation_failed` for a voucher that is unknown, used or over, and for the password; `rate_limited`
 */
export async function acceptLink(ctx: Ctx, parts: RouteParts, kind: LinkKind): Promise<void> {
  const { attempts, callers, services, sessions } = parts;
  const { token, password } = await readGiven(ctx, {
    token: { kind: 'text', required: true },
    password: { kind: 'text', required: true },
  });
  await attempts.begin(undefined, ctx.ip);
  const registry = services.registry.current();
  const user = await setPassword(parts, {
    registry,
    source: ctx.get('X-Formwork-Client') === 'ui' ? 'ui' : 'api',
    password,
    member: 'password',
    user: async (transaction) => {
      const voucher = await parts.vouchers.use(kind, token, transaction);
      const found = voucher?.userId == null ? undefined : await userById(transaction, registry, voucher.userId);
      if (voucher === undefined || found === undefined) throw deadLink();
      const mark = markOf((await passwordOf(transaction, registry, found.id)) ?? null);
      if (voucher.details['mark'] !== mark) throw deadLink();
      if (!found.active) throw problem('forbidden', { detail: 'This account is disabled.' });
      return found;
    },
    after: (transaction, { id }: User) => sessions.endAll(id, { database: transaction }),
  });
  callers.forgetUser(user.id);
  // Whoever had locked the account by guessing has nothing to guess any more.
  await attempts.succeeded(user.email, ctx.ip);
  answerData(ctx, { email: user.email });
}

const deadLink = () => wrong('token', 'over', 'The link is no longer valid: it was used, has expired, or a newer one was used.');
