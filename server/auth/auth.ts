// Joins the parts of sign-in into what app.ts mounts.
import type Router from '@koa/router';
import type { Middleware } from 'koa';
import { clientNetwork } from '../http/client-network.ts';
import { type AccessTokens, accessTokens } from './access-tokens.ts';
import { callers } from './callers.ts';
import { authenticate, identify, type SignInState } from './identify.ts';
import { loginAttempts } from './login-attempts.ts';
import { refreshTokens } from './refresh-tokens.ts';
import { authRoutes } from './routes.ts';
import type { AuthServices } from './services.ts';
import { type SigningKeys, signingKeys } from './signing-keys.ts';

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

export function createAuth(services: AuthServices): Auth {
  const keys = signingKeys(services);
  const access = accessTokens(services, keys);
  const known = callers(services);
  const refresh = refreshTokens(services);
  return {
    identify: identify(access, known),
    authenticate: authenticate(services),
    routes: authRoutes({ services, attempts: loginAttempts(services), refresh, access, callers: known }),
    keys,
    tokens: access,
  };
}

/** For the rate limit: the signed-in user, else the network of the address. */
export const principalOf = (ctx: { readonly ip: string; readonly state: Partial<SignInState> }): string =>
  ctx.state.signIn !== undefined && 'user' in ctx.state.signIn
    ? `user ${ctx.state.signIn.user.id}`
    : `address ${clientNetwork(ctx.ip)}`;
