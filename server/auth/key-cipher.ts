// Encrypts a private key for the database (JWE, A256GCM), so that a stolen dump signs no tokens.
import { createHash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

export interface KeyCipher {
  /** Undefined when there is no secret to encrypt with. */
  encrypt(text: string): Promise<string | undefined>;
  /** Undefined for text of another secret. */
  decrypt(text: string): Promise<string | undefined>;
}

/** @param secret any text of enough entropy (FORMWORK_SECRET_KEY) */
export function keyCipher(secret: string | undefined): KeyCipher {
  if (secret === undefined) return { encrypt: async () => undefined, decrypt: async () => undefined };
  const key = createHash('sha256').update(`signing keys ${secret}`).digest();
  return {
    encrypt: (text) =>
      new CompactEncrypt(new TextEncoder().encode(text)).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(key),
    decrypt: async (text) => {
      try {
        const { plaintext } = await compactDecrypt(text, key, {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        return new TextDecoder().decode(plaintext);
      } catch {
        return undefined;
      }
    },
  };
}
