// Joins the parts of sign-in into what app/ mounts.
import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { clientNetwork } from '../http/client-network.ts';
import type { Jobs } from '../jobs/queue.ts';
import type { Repository } from '../repository/repository.ts';
import { type AccessTokens, accessTokens } from './access-tokens.ts';
import { apiKeys } from './api-keys.ts';
import { authCookies } from './auth-cookies.ts';
import { callers } from './callers.ts';
import { authenticate, identify, type SignInState } from './identify.ts';
import { isForUsers } from './identities.ts';
import { keyCallers } from './key-callers.ts';
import { loginAttempts } from './login-attempts.ts';
import { mailPost } from './mail-post.ts';
import { refreshTokens } from './refresh-tokens.ts';
import type { RouteParts } from './route-parts.ts';
import { authRoutes } from './routes.ts';
import { secondFactors } from './second-factors.ts';
import type { AuthServices } from './services.ts';
import { sessions } from './sessions.ts';
import { type SignOnSettings, signOn } from './sign-on.ts';
import { type SigningKeys, signingKeys } from './signing-keys.ts';
import { vouchers } from './vouchers.ts';

export interface Auth {
  /** Before the rate limit: who is asking. Refuses nobody. */
  readonly identify: Middleware<SignInState>;
  /** Before everything that needs a signed-in user. */
  readonly authenticate: Middleware<SignInState>;
  /** `{basePath}/auth/…`; stands before `authenticate`. */
  readonly routes: Router<SignInState>;
  readonly keys: SigningKeys;
  readonly tokens: AccessTokens;
}

export interface SignInServices extends AuthServices {
  readonly repository: Repository;
  /** The address for links and ways back: FORMWORK_PUBLIC_URL, else as the settings say where the server listens. */
  readonly address: string;
  /** The queue of mails; undefined where no mail server is set. */
  readonly mailJobs?: Jobs | undefined;
  readonly signOn?: SignOnSettings | undefined;
}

/** @throws Error that names the setting which does not fit the metadata */
export function createAuth(services: SignInServices): Auth {
  const { app } = services.registry.current();
  const keys = signingKeys(services);
  const access = accessTokens(services, keys);
  const known = callers(services);
  const knownKeys = keyCallers(services);
  const issued = vouchers(services);
  const parts: RouteParts = {
    services,
    repository: services.repository,
    attempts: loginAttempts(services),
    mailAttempts: loginAttempts(services, {
      ...{ kind: 'mail_', account: 3, address: 20 },
      detail: 'Too many mails were asked for. Try again later.',
    }),
    refresh: refreshTokens(services),
    access,
    callers: known,
    sessions: sessions(services),
    keys: apiKeys(services),
    keyCallers: knownKeys,
    vouchers: issued,
    secondFactors: secondFactors(services),
    cookies: authCookies(app, services.publicUrl?.startsWith('https:') === true),
    mail: services.mailJobs && mailPost(services.mailJobs),
    signOn: services.signOn && signOn(checked(services), `${services.address}${app.basePath}/auth/oidc/callback`, issued),
    publicUrl: services.address,
    log: services.log,
  };
  return {
    identify: identify({ tokens: access, callers: known, keys: knownKeys, offFor: services.offFor }),
    authenticate: authenticate(services),
    routes: authRoutes(parts),
    keys,
    tokens: access,
  };
}

function checked({ signOn: settings, registry }: SignInServices): SignOnSettings {
  if (settings === undefined) throw new Error('FORMWORK_OIDC_ISSUER is not set');
  const { role } = settings;
  if (role !== undefined && !isForUsers(registry.current(), role))
    throw new Error(`FORMWORK_OIDC_ROLE is "${role}"; allowed: a role of the application that users may have`);
  return settings;
}

/** For the rate limit: the API key, the signed-in user, else the network of the address. */
export function principalOf(ctx: { readonly ip: string; readonly state: Partial<SignInState> }): string {
  const { signIn } = ctx.state;
  if (signIn === undefined || 'refusal' in signIn) return `address ${clientNetwork(ctx.ip)}`;
  return 'keyId' in signIn ? `key ${signIn.keyId}` : `user ${signIn.user.id}`;
}
