// Who asks for a route of sign-in: by a session, not by an API key, and with the right where it is about others.

import type { RouteContext } from '../http/resource.ts';
import type { Registry } from '../metadata/registry.ts';
import { problem } from '../problem.ts';
import type { Actor } from '../repository/actor.ts';
import type { Context } from '../repository/context.ts';
import type { Session } from './access-tokens.ts';
import type { Caller } from './callers.ts';
import { mayGrant } from './granting.ts';
import { contextOf, type SignInState } from './identify.ts';
import type { AuthServices } from './services.ts';
import { type User, userById } from './users.ts';

export type Ctx = RouteContext<SignInState>;

export interface Asker {
  readonly user: Caller;
  readonly session: Session;
  readonly context: Context;
  readonly registry: Registry;
}

/**
 * @param options.enrolling also who must set up a second factor first
 * @throws problems `unauthenticated`, `forbidden` for an API key, `second_factor_enrolment_required`
 */
export function askerOf(
  ctx: Ctx,
  services: Pick<AuthServices, 'registry'>,
  options: { readonly enrolling?: boolean } = {},
): Asker {
  const registry = services.registry.current();
  const context = contextOf(ctx, ctx.state, registry, options);
  const { signIn } = ctx.state;
  if (!('session' in signIn)) throw problem('forbidden', { detail: 'An API key cannot do this; sign in.' });
  return { user: signIn.user, session: signIn.session, context, registry };
}

const manageUsers = 'users.manage';

export const managesUsers = (actor: Pick<Actor, 'system'>): boolean => actor.system(manageUsers) === true;

/** @throws problem `forbidden` */
export function requireManager({ context }: Asker): void {
  if (!managesUsers(context.actor)) throw problem('forbidden', { detail: `This needs the right ${manageUsers}.` });
}

/**
 * The user of the path that a manager acts on. Whoever could not give somebody their roles has no power over their
 * sign-in either: it would be a way to those roles.
 * @throws problems `forbidden`, `not_found`
 */
export async function managedUser(ctx: Ctx, { knex }: Pick<AuthServices, 'knex'>, asker: Asker): Promise<User> {
  requireManager(asker);
  const id = uuidIn(ctx, 'id');
  const user = id === undefined ? undefined : await userById(knex, asker.registry, id);
  if (user === undefined) throw problem('not_found', { detail: 'There is no user with this id.' });
  const beyond = mayGrant(asker.registry, asker.context.actor, user.roles);
  if (beyond.length > 0)
    throw problem('forbidden', { detail: `This user has roles that you may not grant: ${beyond.join(', ')}.` });
  return user;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const isUuid = (text: string): boolean => uuid.test(text);

/** An id in the path, in lower case; undefined for text that is none. */
export function uuidIn(ctx: Ctx, name: string): string | undefined {
  const text = ctx.params[name] ?? '';
  return isUuid(text) ? text.toLowerCase() : undefined;
}
