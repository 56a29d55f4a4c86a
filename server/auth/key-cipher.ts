// Encrypts a secret for the database (JWE, A256GCM), so that a stolen dump signs no tokens and makes no codes.
import { createHash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

export interface KeyCipher {
  /** Undefined when there is no secret to encrypt with. */
  encrypt(text: string): Promise<string | undefined>;
  /** Undefined for text of another secret. */
  decrypt(text: string): Promise<string | undefined>;
}

/**
 * @param secret any text of enough entropy (FORMWORK_SECRET_KEY)
 * @param purpose what is encrypted; each purpose has a key of its own
 */
export function keyCipher(secret: string | undefined, purpose = 'signing keys'): KeyCipher {
  if (secret === undefined) return { encrypt: async () => undefined, decrypt: async () => undefined };
  const key = createHash('sha256').update(`${purpose} ${secret}`).digest();
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
