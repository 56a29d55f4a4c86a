// Recovery codes: what opens an account whose second factor is lost. Ten, random, stored as hashes, each used once.
import { createHash, randomInt } from 'node:crypto';
import type { Knex } from 'knex';
import type { AppMetadata } from '../metadata/types.ts';
import { engineTable, run } from '../repository/statement.ts';

const howMany = 10;
/** 16 characters of 5 bits: too many to guess offline even with a fast hash. */
const characters = 16;
/** Crockford's base 32: nothing in it is mistaken for something else when it is read from paper. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Replaces a user's codes. @returns the new ones in clear, `xxxx-xxxx-xxxx-xxxx`, which are stored nowhere */
export async function renewRecoveryCodes(
  app: AppMetadata,
  transaction: Knex.Transaction,
  userId: string,
): Promise<readonly string[]> {
  const table = engineTable(app, 'recovery_codes');
  const codes = Array.from({ length: howMany }, newCode);
  await run(transaction, { text: `DELETE FROM ${table} WHERE user_id = $1`, values: [userId] });
  await run(transaction, {
    text: `INSERT INTO ${table} (user_id, code_hash) SELECT $1, unnest($2::text[])`,
    values: [userId, codes.map((code) => digest(userId, plain(code)))],
  });
  return codes;
}

/** Whether it is an unused code of the user, who has then used it. */
export async function takeRecoveryCode(app: AppMetadata, database: Knex, userId: string, typed: string): Promise<boolean> {
  const code = plain(typed);
  if (code.length !== characters) return false;
  const rows = await run(database, {
    text: `UPDATE ${engineTable(app, 'recovery_codes')} SET used_at = now() WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL RETURNING 1 AS one`,
    values: [userId, digest(userId, code)],
  });
  return rows.length > 0;
}

function newCode(): string {
  const text = Array.from({ length: characters }, () => alphabet[randomInt(alphabet.length)]).join('');
  return (text.match(/.{4}/g) ?? []).join('-');
}

/** As people type it: in any case, with or without dashes, with the letters that look like digits. */
const plain = (typed: string): string => typed.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');

const digest = (userId: string, code: string): string => createHash('sha256').update(`${userId} ${code}`).digest('hex');
