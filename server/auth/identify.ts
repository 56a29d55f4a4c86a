// Two steps of sign-in: who is asking (any request may be anonymous), and refusing anonymous ones with their reason.
import { randomUUID } from 'node:crypto';
import type { Context as KoaContext, Middleware } from 'koa';
import type { RequestIdState } from '../http/request-id.ts';
import { nothingOff, type OffFeatures } from '../metadata/features.ts';
import type { Registry } from '../metadata/registry.ts';
import { Problem, problem } from '../problem.ts';
import type { Context, RequestState } from '../repository/context.ts';
import { type AccessTokens, challenge, refused, type Session } from './access-tokens.ts';
import { actorOf } from './actor-of.ts';
import { isApiKey } from './api-keys.ts';
import type { Caller, Callers } from './callers.ts';
import type { KeyCallers } from './key-callers.ts';
import { mustEnrol } from './second-factor-duty.ts';
import type { AuthServices } from './services.ts';
import type { User } from './users.ts';

/** In `ctx.state.signIn`: who asks, by a session or an API key, or why nobody is known. */
export type SignIn =
  | { readonly user: Caller; readonly session: Session; readonly off: OffFeatures }
  | { readonly user: User; readonly keyId: string; readonly off: OffFeatures }
  | { readonly refusal: Problem };

export interface SignInState extends RequestIdState, RequestState {
  signIn: SignIn;
}

export interface Identifiers {
  readonly tokens: AccessTokens;
  readonly callers: Callers;
  readonly keys: KeyCallers;
  readonly offFor: AuthServices['offFor'];
}

/** Reads the bearer token or the API key. A bad one is only noted, for `authenticate` or a handler to throw. */
export function identify(known: Identifiers): Middleware<SignInState> {
  return async (ctx, next) => {
    ctx.state.signIn = await signInOf(ctx, known);
    return next();
  };
}

async function signInOf(ctx: KoaContext, known: Identifiers): Promise<SignIn> {
  const given = credentialIn(ctx);
  if (typeof given !== 'string') return { refusal: given };
  try {
    if (isApiKey(given)) {
      const caller = await known.keys.current(given, ctx.ip);
      return { ...caller, off: await offFor(known, caller.user) };
    }
    const session = await known.tokens.verify(given);
    const user = await known.callers.current(session);
    return { user, session, off: await offFor(known, user) };
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return { refusal: error };
    throw error;
  }
}

/** Once a request: it keeps the features that it began with. */
const offFor = async (known: Identifiers, user: User): Promise<OffFeatures> => (await known.offFor?.(user)) ?? nothingOff;

const longestToken = 4096;

/** X-API-Key counts where nothing is said in Authorization, the one header that proxies and logs know to be secret. */
function credentialIn(ctx: KoaContext): string | Problem {
  const header = ctx.get('Authorization');
  const apiKey = ctx.get('X-API-Key').trim();
  if (header === '' && apiKey !== '')
    return isApiKey(apiKey) && apiKey.length <= longestToken ? apiKey : refused('unauthenticated', 'The API key is not valid.');
  // Another scheme is no token at all (RFC 6750, 3.1): the answer says what is asked for, not what is wrong.
  if (!/^Bearer(?: |$)/i.test(header)) return problem('unauthenticated', { headers: { 'WWW-Authenticate': challenge() } });
  const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(header)?.[1];
  return token === undefined || token.length > longestToken ? refused('unauthenticated') : token;
}

/**
 * Everything behind it has `ctx.state.context`: one registry, one actor, for the whole request.
 * @throws (in requests) problems `unauthenticated`, `token_expired`, with WWW-Authenticate; `second_factor_enrolment_required`
 */
export function authenticate(services: Pick<AuthServices, 'registry'>): Middleware<SignInState> {
  return (ctx, next) => {
    ctx.state.context = contextOf(ctx, ctx.state, services.registry.current());
    return next();
  };
}

/**
 * @param options.enrolling also for a session that lacks the second factor which a role asks for
 * @throws the problem that `identify` noted; `second_factor_enrolment_required`
 */
export function contextOf(
  ctx: KoaContext,
  state: Pick<SignInState, 'signIn' | 'requestId'>,
  registry: Registry,
  options: { readonly enrolling?: boolean } = {},
): Context {
  if ('refusal' in state.signIn) throw state.signIn.refusal;
  const { user, off } = state.signIn;
  const actor = actorOf(user, registry, off);
  if (options.enrolling !== true && 'session' in state.signIn && mustEnrol(actor, state.signIn.user))
    throw problem('second_factor_enrolment_required', {
      detail: 'Your role asks for a second factor: POST auth/totp sets one up.',
    });
  return {
    registry,
    actor,
    requestId: state.requestId,
    correlationId: randomUUID(),
    source: ctx.get('X-Formwork-Client') === 'ui' ? 'ui' : 'api',
    language: languageOf(ctx, registry.app.languages, user.language),
    depth: 0,
    ...(isStrict(ctx) ? { strict: true } : {}),
  };
}

/** RFC 7240, 4.4: `Prefer: handling=strict`. */
const isStrict = (ctx: KoaContext): boolean =>
  ctx
    .get('Prefer')
    .split(',')
    .some((preference) => /^\s*handling\s*=\s*"?strict"?\s*(?:;|$)/i.test(preference));

/** What the request asks for among the application's languages; where it has no wish (none, or `*`), the user's own, else the first. */
function languageOf(ctx: KoaContext, languages: readonly string[], own: string | null): string {
  const ordered =
    own !== null && languages.includes(own) ? [own, ...languages.filter((language) => language !== own)] : languages;
  const asked = ctx.acceptsLanguages(...ordered);
  return (typeof asked === 'string' ? asked : ordered[0]) ?? 'en';
}
