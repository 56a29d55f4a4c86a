// E-mail and password → a session, or its second step. An unknown address and a wrong password answer alike, and take as long.

import type { Issue } from '../problem.ts';
import { problem } from '../problem.ts';
import { challenge } from './access-tokens.ts';
import {
  type LoginParts,
  type Origin,
  openSession,
  secondFactorRequired,
  secondStep,
  type Tokens,
  wrongCode,
} from './open-session.ts';
import { verifyPassword } from './passwords.ts';
import { userByEmail } from './users.ts';

/**
 * @param body `{email, password, otp?}` as it came
 * @param origin the caller's, for the limits and the list of sessions
 * @throws problems `validation_failed` (not texts), `invalid_credentials`, `second_factor_required` with a challenge,
 *   `invalid_code`, `rate_limited`
 */
export async function login(parts: LoginParts, body: unknown, origin: Origin): Promise<Tokens> {
  const { email, password, otp } = credentials(body);
  const account = accountOf(email);
  await parts.attempts.begin(account, origin.address);
  const { knex, registry } = parts.services;
  const found = email.includes('\0') ? undefined : await userByEmail(knex, registry.current(), email);
  const matches = await verifyPassword(found?.password ?? null, password);
  // A disabled account answers like a wrong password: whoever guesses learns nothing from it.
  if (!matches || found === undefined || !found.user.active) {
    // RFC 9110, 15.5.2: every 401 carries a challenge.
    throw problem('invalid_credentials', { headers: { 'WWW-Authenticate': challenge() } });
  }
  const guarded = (await parts.secondFactors.state(found.user.id)) !== undefined;
  if (guarded && otp === undefined) {
    await parts.attempts.returned(account, origin.address);
    throw secondFactorRequired(await secondStep(parts, found.user));
  }
  if (guarded && !(await parts.secondFactors.check(found.user.id, otp ?? ''))) throw wrongCode();
  await parts.attempts.succeeded(account, origin.address);
  return openSession(parts, found.user, origin, guarded);
}

/** What attempts on an account are counted under. */
export const accountOf = (email: string): string => email.trim().toLowerCase().slice(0, 320);

function credentials(body: unknown): { readonly email: string; readonly password: string; readonly otp: string | undefined } {
  const given: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  const { email, password, otp = undefined } = given;
  if (typeof email === 'string' && typeof password === 'string' && (otp == null || typeof otp === 'string'))
    return { email, password, otp: otp ?? undefined };
  const issues: Issue[] = Object.entries({ email, password, ...(otp == null ? {} : { otp }) })
    .filter(([, value]) => typeof value !== 'string')
    .map(([name]) => ({ pointer: `/${name}`, code: 'required', detail: 'A text is required.' }));
  throw problem('validation_failed', { errors: issues });
}
