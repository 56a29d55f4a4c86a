// The sessions of a user: told, ended one by one or all at once, marked when they pass a second factor.
import type { Knex } from 'knex';
import { engineTable, run } from '../repository/statement.ts';
import type { Session } from './access-tokens.ts';
import { passwordMark } from './password-mark.ts';
import type { AuthServices } from './services.ts';

export interface ToldSession extends Record<string, unknown> {
  readonly id: string;
  readonly began_at: string;
  /** To within the life of an access token: when its refresh token was last exchanged. */
  readonly last_used_at: string;
  readonly user_agent: string | null;
  readonly address: string | null;
  readonly second_factor: boolean;
}

/** What a session stands on right now. */
export interface SessionState {
  readonly ended: boolean;
  readonly secondFactor: boolean;
}

export interface Sessions {
  /** The live sessions, the one used last first. */
  list(userId: string): Promise<readonly ToldSession[]>;
  /** `ended` too where the password is no longer the one that the session began with, whoever has changed it. */
  state(session: Session): Promise<SessionState>;
  /** Ends one; false when the user has no such session. */
  end(session: Session): Promise<boolean>;
  endAll(userId: string, options?: { readonly except?: string; readonly database?: Knex.Transaction }): Promise<void>;
  /** It goes on with the password as it is in this transaction. */
  keepWithNewPassword(session: Session, transaction: Knex.Transaction): Promise<void>;
  passedSecondFactor(session: Session, transaction: Knex.Transaction): Promise<void>;
}

export function sessions({ knex, registry }: Pick<AuthServices, 'knex' | 'registry'>): Sessions {
  const table = engineTable(registry.current().app, 'refresh_tokens');
  const mark = (): string => passwordMark(registry.current(), 't.user_id');
  const family = 'family_id = $1 AND user_id = $2';
  // Of the tokens of a session one is unused: its next exchange needs it, and it tells what holds for all of them.
  // (One that comes into being while its session is ended lives on alone: `userOfSession` looks for a revoked one among all.)
  const newest = 'used_at IS NULL';

  return {
    list: (userId) =>
      run<ToldSession>(knex, {
        text: `SELECT family_id AS id, began_at, created_at AS last_used_at, user_agent, address, second_factor FROM ${table} t
          WHERE user_id = $1 AND ${newest} AND revoked_at IS NULL AND expires_at > now() AND coalesce(password_mark = ${mark()}, true)
          ORDER BY created_at DESC, family_id`,
        values: [userId],
      }),
    state: async ({ sessionId, userId }) => {
      const [row] = await run<{ ended: boolean | null; passed: boolean | null }>(knex, {
        text: `SELECT bool_or(revoked_at IS NOT NULL OR password_mark <> ${mark()}) AS ended, bool_or(second_factor) AS passed FROM ${table} t WHERE ${family} AND ${newest}`,
        values: [sessionId, userId],
      });
      return { ended: row?.ended === true, secondFactor: row?.passed === true };
    },
    end: async ({ sessionId, userId }) => {
      const text = `UPDATE ${table} SET revoked_at = now() WHERE ${family} AND revoked_at IS NULL RETURNING 1 AS one`;
      return (await run(knex, { text, values: [sessionId, userId] })).length > 0;
    },
    endAll: async (userId, { except, database } = {}) => {
      const text = `UPDATE ${table} SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL AND family_id IS DISTINCT FROM $2::uuid`;
      await run(database ?? knex, { text, values: [userId, except ?? null] });
    },
    keepWithNewPassword: async ({ sessionId, userId }, transaction) => {
      const text = `UPDATE ${table} t SET password_mark = ${mark()} WHERE ${family}`;
      await run(transaction, { text, values: [sessionId, userId] });
    },
    passedSecondFactor: async ({ sessionId, userId }, transaction) => {
      await run(transaction, { text: `UPDATE ${table} SET second_factor = true WHERE ${family}`, values: [sessionId, userId] });
    },
  };
}
