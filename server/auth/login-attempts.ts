// Bounds attempts (failed sign-ins, wanted links) per account and per network, whether the account exists or not; counted in the database, for all nodes.
import { createHash } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { clientNetwork } from '../http/client-network.ts';
import { problem } from '../problem.ts';
import type { AuthServices } from './services.ts';

const windowSeconds = 15 * 60;

export interface LoginAttempts {
  /**
   * Counts an attempt before the secret is looked at, so that parallel guesses count as well.
   * @param account undefined where only the network can be told, as with links
   * @throws problem `rate_limited` with Retry-After in seconds
   */
  begin(account: string | undefined, address: string): Promise<void>;
  /** Takes the counts back: the secret was right. */
  succeeded(account: string | undefined, address: string): Promise<void>;
  /** Takes this one attempt back: it was right, but the account has another secret to ask for, whose guesses go on counting. */
  returned(account: string, address: string): Promise<void>;
}

export interface AttemptLimits {
  /** Attempts within 15 minutes; 10 per account and 100 per network when absent. */
  readonly account?: number;
  readonly address?: number;
  /** What is counted apart from failed sign-ins. */
  readonly kind?: string;
  /** The sentence of the refusal. */
  readonly detail?: string;
}

export function loginAttempts(
  { knex, registry }: Pick<AuthServices, 'knex' | 'registry'>,
  limits: AttemptLimits = {},
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
  const { kind = '', detail = 'Too many failed sign-ins. Try again later.' } = limits;
  const accounts = limiter(`${kind}account`, limits.account ?? 10);
  const addresses = limiter(`${kind}address`, limits.address ?? 100);
  const network = (address: string): string => digest(clientNetwork(address));
  return {
    async begin(account, address) {
      // The address first: who is stopped by it does not use up the tries of other people's accounts.
      await consume(addresses, network(address), detail);
      if (account !== undefined) await consume(accounts, digest(account), detail);
    },
    async succeeded(account, address) {
      if (account !== undefined) await accounts.delete(digest(account));
      await addresses.reward(network(address));
    },
    async returned(account, address) {
      await accounts.reward(digest(account));
      await addresses.reward(network(address));
    },
  };
}

/** People type passwords into the wrong field: what was tried is not kept in clear. It also bounds the length. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

async function consume(limiter: RateLimiterPostgres, key: string, detail: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw problem('rate_limited', {
      detail,
      headers: { 'Retry-After': String(Math.max(1, Math.ceil(error.msBeforeNext / 1000))) },
    });
  }
}
