// Two steps of sign-in: who is asking (any request may be anonymous), and refusing anonymous ones with their reason.
import { randomUUID } from 'node:crypto';
import type { Context as KoaContext, Middleware } from 'koa';
import type { RequestIdState } from '../http/request-id.ts';
import type { Registry } from '../metadata/registry.ts';
import { Problem, problem } from '../problem.ts';
import type { Context, RequestState } from '../repository/context.ts';
import { type AccessTokens, challenge, refused, type Session } from './access-tokens.ts';
import { actorOf } from './actor-of.ts';
import type { Callers } from './callers.ts';
import type { AuthServices } from './services.ts';
import type { User } from './users.ts';

/** In `ctx.state.signIn`: who asks, or why nobody is known. */
export type SignIn = { readonly user: User; readonly session: Session } | { readonly refusal: Problem };

export interface SignInState extends RequestIdState, RequestState {
  signIn: SignIn;
}

/** Reads the bearer token. A bad one is only noted, for `authenticate` or a handler to throw. */
export function identify(tokens: AccessTokens, callers: Callers): Middleware<SignInState> {
  return async (ctx, next) => {
    ctx.state.signIn = await signInOf(ctx.get('Authorization'), tokens, callers);
    return next();
  };
}

async function signInOf(header: string, tokens: AccessTokens, callers: Callers): Promise<SignIn> {
  // Another scheme is no token at all (RFC 6750, 3.1): the answer says what is asked for, not what is wrong.
  if (!/^Bearer(?: |$)/i.test(header))
    return { refusal: problem('unauthenticated', { headers: { 'WWW-Authenticate': challenge() } }) };
  const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(header)?.[1];
  if (token === undefined || token.length > 4096) return { refusal: refused('unauthenticated') };
  try {
    const session = await tokens.verify(token);
    return { user: await callers.current(session), session };
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return { refusal: error };
    throw error;
  }
}

/**
 * Everything behind it has `ctx.state.context`: one registry, one actor, for the whole request.
 * @throws (in requests) problems `unauthenticated`, `token_expired`, with WWW-Authenticate
 */
export function authenticate(services: AuthServices): Middleware<SignInState> {
  return (ctx, next) => {
    ctx.state.context = contextOf(ctx, ctx.state, services.registry.current());
    return next();
  };
}

/** @throws the problem that `identify` noted */
export function contextOf(ctx: KoaContext, state: SignInState, registry: Registry): Context {
  if ('refusal' in state.signIn) throw state.signIn.refusal;
  const { user } = state.signIn;
  return {
    registry,
    actor: actorOf(user, registry),
    requestId: state.requestId,
    correlationId: randomUUID(),
    source: ctx.get('X-Formwork-Client') === 'ui' ? 'ui' : 'api',
    language: languageOf(ctx, registry.app.languages, user.language),
    depth: 0,
  };
}

/** What the request asks for among the application's languages; where it has no wish (none, or `*`), the user's own, else the first. */
function languageOf(ctx: KoaContext, languages: readonly string[], own: string | null): string {
  const ordered =
    own !== null && languages.includes(own) ? [own, ...languages.filter((language) => language !== own)] : languages;
  const asked = ctx.acceptsLanguages(...ordered);
  return (typeof asked === 'string' ? asked : ordered[0]) ?? 'en';
}
