// Checks a password in the same time whether there is an account or not.
import { randomBytes } from 'node:crypto';
import { hashSecret, verifySecret } from '../fields/secret.ts';

let dummy: Promise<string> | undefined;

/**
 * @param stored hash of the account, or null for an unknown account or one without a password: then a hash of
 *   nothing is checked, so that the answer takes as long, and the result is false
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  dummy ??= hashSecret(randomBytes(32).toString('hex'));
  const nothing = await dummy;
  // A damaged hash in the database opens no account.
  const matches = await verifySecret(stored ?? nothing, password).catch(() => false);
  return matches && stored !== null;
}
