// E-mail and password → a session. An unknown address and a wrong password answer alike, and take as long.

import type { Issue } from '../problem.ts';
import { problem } from '../problem.ts';
import { type AccessTokens, challenge, type Session } from './access-tokens.ts';
import type { LoginAttempts } from './login-attempts.ts';
import { verifyPassword } from './passwords.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { AuthServices } from './services.ts';
import { noteLogin, userByEmail } from './users.ts';

export interface LoginParts {
  readonly services: AuthServices;
  readonly attempts: LoginAttempts;
  readonly refresh: RefreshTokens;
  readonly access: AccessTokens;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/**
 * @param body `{email, password}` as it came
 * @param address the caller's, for the limits
 * @throws problems `validation_failed` (not two texts), `invalid_credentials`, `rate_limited`
 */
export async function login(parts: LoginParts, body: unknown, address: string): Promise<Tokens> {
  const { email, password } = credentials(body);
  const account = email.trim().toLowerCase().slice(0, 320);
  await parts.attempts.begin(account, address);
  const { knex, registry } = parts.services;
  const found = email.includes('\0') ? undefined : await userByEmail(knex, registry.current(), email);
  const matches = await verifyPassword(found?.password ?? null, password);
  // A disabled account answers like a wrong password: whoever guesses learns nothing from it.
  if (!matches || found === undefined || !found.user.active) {
    // RFC 9110, 15.5.2: every 401 carries a challenge.
    throw problem('invalid_credentials', { headers: { 'WWW-Authenticate': challenge() } });
  }
  await parts.attempts.succeeded(account, address);
  await noteLogin(knex, registry.current(), found.user.id);
  return tokensOf(parts.access, await parts.refresh.begin(found.user.id));
}

export async function tokensOf(
  access: AccessTokens,
  begun: { readonly token: string; readonly session: Session },
): Promise<Tokens> {
  return { accessToken: await access.issue(begun.session), refreshToken: begun.token };
}

function credentials(body: unknown): { readonly email: string; readonly password: string } {
  const given: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  const { email, password } = given;
  if (typeof email === 'string' && typeof password === 'string') return { email, password };
  const issues: Issue[] = Object.entries({ email, password })
    .filter(([, value]) => typeof value !== 'string')
    .map(([name]) => ({ pointer: `/${name}`, code: 'required', detail: 'A text is required.' }));
  throw problem('validation_failed', { errors: issues });
}
