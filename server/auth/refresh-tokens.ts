// Refresh tokens: opaque, stored as hashes, each used once; a second use ends the whole session.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { engineTable, run } from '../repository/statement.ts';
import type { Session } from './access-tokens.ts';
import { passwordMark } from './password-mark.ts';
import type { AuthServices } from './services.ts';

/** A session ends when it was not used for this long. */
export const refreshTokenSeconds = 14 * 24 * 60 * 60;

/** What is kept of how a session began, for its owner to recognise it. */
export interface SessionOrigin {
  readonly userAgent?: string;
  readonly address?: string;
  readonly secondFactor?: boolean;
}

/** Longer names of browsers are cut. */
const longestUserAgent = 300;

export interface RefreshTokens {
  /** Begins a session. */
  begin(userId: string, origin?: SessionOrigin): Promise<{ readonly token: string; readonly session: Session }>;
  /**
   * Exchanges a token for the next of its session. `ended` for a token that was used before, which ends the session:
   * either a thief or the owner holds the newer one. Undefined for an unknown, an expired or a revoked token.
   */
  rotate(token: string): Promise<{ readonly token: string; readonly session: Session } | { readonly ended: Session } | undefined>;
  /** Ends the session that a token belongs to; undefined when there is none. */
  revoke(token: string): Promise<Session | undefined>;
  /** Ends a session by its id. */
  end(session: Session): Promise<void>;
}

interface Row extends Record<string, unknown> {
  readonly family_id: string;
  readonly user_id: string;
}

export function refreshTokens({ knex, registry }: AuthServices): RefreshTokens {
  const table = engineTable(registry.current().app, 'refresh_tokens');
  const expiry = `now() + make_interval(secs => ${refreshTokenSeconds})`;

  return {
    async begin(userId, { userAgent = '', address = '', secondFactor = false } = {}) {
      const token = newToken();
      const session = { userId, sessionId: randomUUID() };
      await run(knex, { text: `DELETE FROM ${table} WHERE expires_at < now()`, values: [] });
      await run(knex, {
        text: `INSERT INTO ${table} (id, token_hash, family_id, user_id, expires_at, user_agent, address, second_factor, password_mark)
          VALUES ($1, $2, $3, $4, ${expiry}, $5, $6, $7, ${passwordMark(registry.current(), '$4::uuid')})`,
        values: [
          ...[uuidv7(), digest(token), session.sessionId, userId],
          ...[storable(userAgent).slice(0, longestUserAgent), address, secondFactor],
        ],
      });
      return { token, session };
    },

    async rotate(token) {
      const next = newToken();
      // One statement: of two requests with the same token, the second waits for the first and then finds it used.
      const [row] = await run<Row>(knex, {
        text: `WITH used AS (
            UPDATE ${table} SET used_at = now() WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
            RETURNING family_id, user_id, ${handedOn})
          INSERT INTO ${table} (id, token_hash, family_id, user_id, expires_at, ${handedOn})
            SELECT $3::uuid, $2::text, family_id, user_id, ${expiry}, ${handedOn} FROM used
          RETURNING family_id, user_id`,
        values: [digest(token), digest(next), uuidv7()],
      });
      if (row !== undefined) return { token: next, session: sessionOf(row) };
      const ended = await revokeWhere('used_at IS NOT NULL', token);
      return ended === undefined ? undefined : { ended };
    },

    revoke: (token) => revokeWhere('true', token),

    async end(session) {
      await run(knex, {
        text: `UPDATE ${table} SET revoked_at = now() WHERE family_id = $1 AND user_id = $2 AND revoked_at IS NULL`,
        values: [session.sessionId, session.userId],
      });
    },
  };

  async function revokeWhere(condition: string, token: string): Promise<Session | undefined> {
    const [row] = await run<Row>(knex, {
      text: `UPDATE ${table} SET revoked_at = coalesce(revoked_at, now())
        WHERE family_id = (SELECT family_id FROM ${table} WHERE token_hash = $1 AND ${condition}) RETURNING family_id, user_id`,
      values: [digest(token)],
    });
    return row === undefined ? undefined : sessionOf(row);
  }
}

/** What every token of a session repeats. */
const handedOn = 'began_at, user_agent, address, second_factor, password_mark';

/** PostgreSQL's text holds no NUL, and half a surrogate pair is no text. */
const storable = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, '');

const newToken = (): string => randomBytes(32).toString('base64url');
const digest = (token: string): string => createHash('sha256').update(token).digest('hex');
const sessionOf = (row: Row): Session => ({ userId: row.user_id, sessionId: row.family_id });
