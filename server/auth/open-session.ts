// Begins a session for somebody who has proven who they are; where they have a second factor, only after that one.
import type { Registry } from '../metadata/registry.ts';
import { type Problem, problem } from '../problem.ts';
import { type AccessTokens, challenge, type Session } from './access-tokens.ts';
import { actorOf } from './actor-of.ts';
import type { LoginAttempts } from './login-attempts.ts';
import { markOf, passwordOf } from './password-mark.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import { mustEnrol } from './second-factor-duty.ts';
import type { SecondFactors } from './second-factors.ts';
import type { AuthServices } from './services.ts';
import { noteLogin, type User, userById } from './users.ts';
import { type Vouchers, voucherSeconds } from './vouchers.ts';

export interface LoginParts {
  readonly services: Pick<AuthServices, 'knex' | 'registry'>;
  readonly attempts: LoginAttempts;
  readonly refresh: RefreshTokens;
  readonly access: AccessTokens;
  readonly secondFactors: SecondFactors;
  readonly vouchers: Vouchers;
}

/** Where a request comes from, as its owner will see it among the sessions. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** A role asks for a second factor that this session lacks: it may only set one up. */
  readonly mustEnrol: boolean;
}

export async function openSession(parts: LoginParts, user: User, origin: Origin, secondFactor: boolean): Promise<Tokens> {
  const { knex, registry } = parts.services;
  await noteLogin(knex, registry.current(), user.id);
  return tokensOf(parts, await parts.refresh.begin(user.id, { ...origin, secondFactor }), { ...user, secondFactor });
}

/** The tokens of a session that has begun or goes on. */
export async function tokensOf(
  { access, services }: Pick<LoginParts, 'access' | 'services'>,
  begun: { readonly token: string; readonly session: Session },
  caller: User & { readonly secondFactor: boolean },
): Promise<Tokens> {
  const actor = actorOf(caller, services.registry.current());
  return {
    accessToken: await access.issue(begun.session),
    refreshToken: begun.token,
    mustEnrol: mustEnrol(actor, caller),
  };
}

/** A voucher to the second step, worth nothing once the password is another one. */
export async function secondStep({ vouchers, services }: LoginParts, user: User): Promise<string> {
  const mark = markOf((await passwordOf(services.knex, services.registry.current(), user.id)) ?? null);
  return vouchers.issue('second_factor', { userId: user.id, details: { mark } });
}

/** The answer to a right password that is not enough. */
export const secondFactorRequired = (voucher: string): Problem =>
  problem('second_factor_required', {
    detail: 'Send the code of your authenticator app, or a recovery code, with this challenge to auth/login/second-factor.',
    headers: { 'WWW-Authenticate': challenge() },
    extra: { challenge: voucher, expires_in: voucherSeconds.second_factor },
  });

/**
 * The second step.
 * @throws problems `unauthenticated` for a challenge that is over, `invalid_code`, `rate_limited`
 */
export async function finishSecondStep(parts: LoginParts, voucher: string, code: string, origin: Origin): Promise<Tokens> {
  const { attempts, secondFactors, services, vouchers } = parts;
  const user = await userOfVoucher(parts, services.registry.current(), voucher);
  if (user === undefined) {
    await attempts.begin(undefined, origin.address);
    throw problem('unauthenticated', { detail: 'Begin to sign in again.', headers: { 'WWW-Authenticate': challenge() } });
  }
  await attempts.begin(user.email, origin.address);
  if (!(await secondFactors.check(user.id, code))) throw wrongCode();
  if ((await vouchers.use('second_factor', voucher)) === undefined) throw wrongCode();
  await attempts.succeeded(user.email, origin.address);
  return openSession(parts, user, origin, true);
}

export const wrongCode = (): Problem => problem('invalid_code', { headers: { 'WWW-Authenticate': challenge() } });

async function userOfVoucher({ services, vouchers }: LoginParts, registry: Registry, voucher: string): Promise<User | undefined> {
  const found = await vouchers.find('second_factor', voucher);
  if (found?.userId == null) return undefined;
  const [user, password] = await Promise.all([
    userById(services.knex, registry, found.userId),
    passwordOf(services.knex, registry, found.userId),
  ]);
  return user?.active === true && found.details['mark'] === markOf(password ?? null) ? user : undefined;
}
