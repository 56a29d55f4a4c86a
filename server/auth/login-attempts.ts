// Bounds failed sign-ins per account and per address, whether the account exists or not.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { problem } from '../problem.ts';

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

/** @param limits failures within 15 minutes; 10 per account and 100 per address when absent */
export function loginAttempts(limits: { readonly account?: number; readonly address?: number } = {}): LoginAttempts {
  const accounts = new RateLimiterMemory({ keyPrefix: 'account', points: limits.account ?? 10, duration: windowSeconds });
  const addresses = new RateLimiterMemory({ keyPrefix: 'address', points: limits.address ?? 100, duration: windowSeconds });
  return {
    async begin(account, address) {
      await consume(addresses, address);
      await consume(accounts, account);
    },
    async succeeded(account, address) {
      await accounts.delete(account);
      await addresses.reward(address);
    },
  };
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
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
