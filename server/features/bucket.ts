// Where somebody stands in a roll-out by percentage: a hash of flag and person, so that every node says the same for ever.
import { createHash } from 'node:crypto';

const hexDigits = 13;

/**
 * The way of the flag services: a cryptographic hash of what is the flag's own for ever and of the targeting key, its head
 * read as a fraction (LaunchDarkly, "Percentage rollouts": SHA-1 of key, salt and context; here SHA-256). Whoever was in at a lower percentage is
 * in at a higher one, and being early with one flag says nothing of another.
 * @returns evenly spread over 0 (in at any percentage above it) to just under 100
 */
export function bucketOf(salt: string, targetingKey: string): number {
  const digest = createHash('sha256').update(`${salt}\0${targetingKey}`).digest('hex');
  return (Number.parseInt(digest.slice(0, hexDigits), 16) / 16 ** hexDigits) * 100;
}
