// One-time vouchers: random, stored as hashes, good for a while. Behind links in mails and the steps of a sign-in.
import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { engineTable, run } from '../repository/statement.ts';
import type { AuthServices } from './services.ts';

/** Kind → seconds that it is good for. */
export const voucherSeconds = {
  invitation: 7 * 24 * 60 * 60,
  reset: 60 * 60,
  second_factor: 5 * 60,
  sign_on: 10 * 60,
} as const;

export type VoucherKind = keyof typeof voucherSeconds;

export interface Voucher {
  readonly userId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Vouchers {
  /** @returns the token, which is stored nowhere */
  issue(kind: VoucherKind, voucher: Voucher, database?: Knex.Transaction): Promise<string>;
  /** Undefined for a token that is unknown, used, over or of another kind. */
  find(kind: VoucherKind, token: string): Promise<Voucher | undefined>;
  /** The same, and from now on it is used: of two at the same time one gets it. */
  use(kind: VoucherKind, token: string, database?: Knex.Transaction): Promise<Voucher | undefined>;
  /** Makes a user's vouchers of these kinds worthless. */
  drop(userId: string, kinds: readonly VoucherKind[], database?: Knex.Transaction): Promise<void>;
}

interface Row extends Record<string, unknown> {
  readonly user_id: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export function vouchers({ knex, registry }: Pick<AuthServices, 'knex' | 'registry'>): Vouchers {
  const table = engineTable(registry.current().app, 'sign_in_vouchers');
  const given = (row: Row | undefined): Voucher | undefined => row && { userId: row.user_id, details: row.details };
  const theOne = 'token_hash = $1 AND kind = $2 AND expires_at > now()';

  return {
    async issue(kind, { userId, details }, database) {
      const token = randomBytes(32).toString('base64url');
      // Anybody may begin a sign-on: what is over goes with the next voucher, not only with the daily maintenance.
      await run(database ?? knex, {
        text: `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE expires_at < now() LIMIT 100 FOR UPDATE SKIP LOCKED))`,
        values: [],
      });
      await run(database ?? knex, {
        text: `INSERT INTO ${table} (token_hash, kind, user_id, details, expires_at) VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
        values: [digest(token), kind, userId, JSON.stringify(details), voucherSeconds[kind]],
      });
      return token;
    },
    find: async (kind, token) => {
      const text = `SELECT user_id, details FROM ${table} WHERE ${theOne}`;
      return given((await run<Row>(knex, { text, values: [digest(token), kind] }))[0]);
    },
    use: async (kind, token, database) => {
      const text = `DELETE FROM ${table} WHERE ${theOne} RETURNING user_id, details`;
      return given((await run<Row>(database ?? knex, { text, values: [digest(token), kind] }))[0]);
    },
    drop: async (userId, kinds, database) => {
      const text = `DELETE FROM ${table} WHERE user_id = $1 AND kind = ANY($2)`;
      await run(database ?? knex, { text, values: [userId, kinds] });
    },
  };
}

const digest = (token: string): string => createHash('sha256').update(token).digest('hex');
