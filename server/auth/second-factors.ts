// Time-based one-time codes (RFC 6238) as the second factor of an account, with recovery codes beside them.
import type { Knex } from 'knex';
import { Secret, TOTP } from 'otpauth';
import { problem } from '../problem.ts';
import { engineTable, run } from '../repository/statement.ts';
import { keyCipher } from './key-cipher.ts';
import { renewRecoveryCodes, takeRecoveryCode } from './recovery-codes.ts';
import type { AuthServices } from './services.ts';

/** What every authenticator app understands: SHA-1, six digits, thirty seconds; 160 bits (RFC 4226, 4, R6). */
const codeShape = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const secretBytes = 20;
/** Codes of the step before and after count as well: clocks differ, and people type slowly (RFC 6238, 5.2). */
const window = 1;

export interface SecondFactorState {
  readonly confirmedAt: string;
  readonly recoveryCodesLeft: number;
}

export interface SecondFactors {
  /** Undefined without one; an enrolment that was not confirmed is none. */
  state(userId: string): Promise<SecondFactorState | undefined>;
  /** Begins an enrolment, in the place of an earlier one that was not confirmed. @throws problem `conflict` where there is one */
  enrol(userId: string, names: { readonly issuer: string; readonly account: string }): Promise<Enrolment>;
  /** Whether the code proves the begun enrolment, which counts from then on. */
  confirm(userId: string, code: string, transaction: Knex.Transaction): Promise<boolean>;
  /** Whether a code, or a recovery code, is right; it has then been used. */
  check(userId: string, code: string): Promise<boolean>;
  /** Ten new recovery codes in the place of all earlier ones. */
  renewCodes(userId: string, transaction: Knex.Transaction): Promise<readonly string[]>;
  /** Whether there was one. */
  remove(userId: string, transaction: Knex.Transaction): Promise<boolean>;
}

export interface Enrolment {
  /** Base 32, to be typed. */
  readonly secret: string;
  /** `otpauth://totp/…`, to be shown as a QR code. */
  readonly uri: string;
}

interface Row extends Record<string, unknown> {
  readonly secret: string;
  readonly encrypted: boolean;
}

export function secondFactors(services: AuthServices, now: () => number = Date.now): SecondFactors {
  const { knex, registry, log } = services;
  const { app } = registry.current();
  const table = engineTable(app, 'second_factors');
  const cipher = keyCipher(services.secretKey, 'second factors');

  /** The time step of a right code. */
  async function stepOf(row: Row, code: string): Promise<number | undefined> {
    const secret = row.encrypted ? await cipher.decrypt(row.secret) : row.secret;
    if (secret === undefined) {
      log?.error(
        {},
        `FORMWORK_SECRET_KEY ${services.secretKey === undefined ? 'is not set' : 'is another one'}: second factors cannot be decrypted.`,
      );
      return undefined;
    }
    const at = now();
    const delta = new TOTP({ ...codeShape, secret: Secret.fromBase32(secret) }).validate({ token: code, window, timestamp: at });
    return delta === null ? undefined : Math.floor(at / 1000 / codeShape.period) + delta;
  }

  /** Takes a code once: of the same or an earlier step none is taken again, also on other nodes. */
  async function takeCode(database: Knex, userId: string, typed: string, which: 'confirmed' | 'begun'): Promise<boolean> {
    const code = typed.replace(/\s/g, '');
    if (!/^\d{6}$/.test(code)) return false;
    const stage = `confirmed_at IS ${which === 'begun' ? '' : 'NOT '}NULL`;
    const [row] = await run<Row>(database, {
      text: `SELECT secret, encrypted FROM ${table} WHERE user_id = $1 AND ${stage}`,
      values: [userId],
    });
    const step = row === undefined ? undefined : await stepOf(row, code);
    if (step === undefined) return false;
    const taken = await run(database, {
      text: `UPDATE ${table} SET last_step = $2, confirmed_at = coalesce(confirmed_at, now())
        WHERE user_id = $1 AND ${stage} AND coalesce(last_step < $2, true) RETURNING 1 AS one`,
      values: [userId, step],
    });
    return taken.length > 0;
  }

  return {
    state: async (userId) => {
      const [row] = await run<{ confirmed_at: string; left: string }>(knex, {
        text: `SELECT confirmed_at, (SELECT count(*) FROM ${engineTable(app, 'recovery_codes')} c WHERE c.user_id = f.user_id AND used_at IS NULL) AS left
          FROM ${table} f WHERE user_id = $1 AND confirmed_at IS NOT NULL`,
        values: [userId],
      });
      return row && { confirmedAt: row.confirmed_at, recoveryCodesLeft: Number(row.left) };
    },
    enrol: async (userId, { issuer, account }) => {
      const secret = new Secret({ size: secretBytes });
      const encrypted = await cipher.encrypt(secret.base32);
      const rows = await run(knex, {
        text: `INSERT INTO ${table} AS f (user_id, secret, encrypted) VALUES ($1, $2, $3)
          ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, encrypted = excluded.encrypted, last_step = NULL, created_at = now()
          WHERE f.confirmed_at IS NULL RETURNING 1 AS one`,
        values: [userId, encrypted ?? secret.base32, encrypted !== undefined],
      });
      if (rows.length === 0) throw problem('conflict', { detail: 'There is a second factor already; disable it first.' });
      return { secret: secret.base32, uri: new TOTP({ ...codeShape, issuer, label: account, secret }).toString() };
    },
    confirm: (userId, code, transaction) => takeCode(transaction, userId, code, 'begun'),
    check: async (userId, code) =>
      (await takeCode(knex, userId, code, 'confirmed')) || (await takeRecoveryCode(app, knex, userId, code)),
    renewCodes: (userId, transaction) => renewRecoveryCodes(app, transaction, userId),
    remove: async (userId, transaction) => {
      const text = `DELETE FROM ${table} WHERE user_id = $1 RETURNING confirmed_at IS NOT NULL AS was`;
      return (await run<{ was: boolean }>(transaction, { text, values: [userId] }))[0]?.was === true;
    },
  };
}
