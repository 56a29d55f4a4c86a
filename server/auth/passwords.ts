// Argon2id password hashes (RFC 9106), checked in the same time whether there is a password or not.
import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's least parameters for argon2id: 19 MiB, 2 passes, 1 lane. They are the library's defaults, written out to stay. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Longer input is refused unread: hashing megabytes is work that the sender does not pay for. */
export const maxPasswordLength = 200;

export const hashPassword = (password: string): Promise<string> => hash(password, cost);

let dummy: Promise<string> | undefined;

/**
 * @param stored hash of the account, or null for an unknown account or one without a password: then a hash of
 *   nothing is checked, so that the answer takes as long, and the result is false
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  dummy ??= hashPassword(randomBytes(32).toString('hex'));
  const matches = await verify(stored ?? (await dummy), password.slice(0, maxPasswordLength)).catch(() => false);
  return matches && stored !== null && password.length <= maxPasswordLength;
}
