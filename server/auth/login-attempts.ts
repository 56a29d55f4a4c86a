// Bounds failed sign-ins per account and per network, whether the account exists or not; counted in the database, for all nodes.
import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { clientNetwork } from '../http/client-network.ts';
import { problem } from '../problem.ts';
import type { AuthServices } from './services.ts';

const windowSeconds = 15 * 60;

export interface LoginAttempts {
  /**
   * Counts an attempt before the password is looked at, so that parallel guesses count as well.
   * @throws problem `rate_limited` with Retry-After in seconds
   */
  begin(account: string, address: string): Promise<void>;
  /** Takes the count back: the password was right. */
  succeeded(account: string, address: string): Promise<void>;
}

/** @param limits failures within 15 minutes; 10 per account and 100 per network when absent */
export function loginAttempts(
  { knex, registry }: Pick<AuthServices, 'knex' | 'registry'>,
  limits: { readonly account?: number; readonly address?: number } = {},
): LoginAttempts {
  const { schema, prefix } = registry.current().app;
  const limiter = (keyPrefix: string, points: number): RateLimiterPostgres =>
    new RateLimiterPostgres({
      storeClient: knex,
      storeType: 'knex',
      schemaName: schema,
      tableName: `${prefix}login_attempts`,
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix,
      points,
      duration: windowSeconds,
    });
  const accounts = limiter('account', limits.account ?? 10);
  const addresses = limiter('address', limits.address ?? 100);
  return {
    async begin(account, address) {
      // The address first: who is stopped by it does not use up the tries of other people's accounts.
      await consume(addresses, digest(clientNetwork(address)));
      await consume(accounts, digest(account));
    },
    async succeeded(account, address) {
      await accounts.delete(digest(account));
      await addresses.reward(digest(clientNetwork(address)));
    },
  };
}

/** People type passwords into the wrong field: what was tried is not kept in clear. It also bounds the length. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

async function consume(limiter: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw problem('rate_limited', {
      detail: 'Too many failed sign-ins. Try again later.',
      headers: { 'Retry-After': String(Math.max(1, Math.ceil(error.msBeforeNext / 1000))) },
    });
  }
}
