// API keys as they are kept: the hash of a random secret, with an owner, roles and an end.
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Knex } from 'knex';
import { engineTable, run } from '../repository/statement.ts';
import type { AuthServices } from './services.ts';

/** What a key looks like, so that people and secret scanners recognise one: `fwk_<id>_<secret>`. */
const shape = /^fwk_([0-9a-f]{32})_([\w-]{43})$/;
const idPattern = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

export interface ApiKey extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
  readonly user_id: string;
  readonly roles: readonly string[];
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string;
  /** To the minute. */
  readonly last_used_at: string | null;
  readonly last_used_from: string | null;
  readonly revoked_at: string | null;
}

export interface NewApiKey {
  readonly name: string;
  readonly userId: string;
  readonly roles: readonly string[];
  readonly createdBy: string;
  readonly expiresAt: Date;
}

export interface ApiKeys {
  /** @returns the key in clear, which is stored nowhere */
  create(key: NewApiKey, transaction: Knex.Transaction): Promise<{ readonly id: string; readonly plain: string }>;
  /** Of one user, or of all; the newest first, at most a thousand. */
  list(userId: string | undefined): Promise<readonly ApiKey[]>;
  find(id: string): Promise<ApiKey | undefined>;
  revoke(id: string, by: string, transaction: Knex.Transaction): Promise<void>;
  /** The live key of a text; undefined for anything else. Notes its use, at most once a minute. */
  open(text: string, address: string): Promise<ApiKey | undefined>;
}

export const isApiKey = (text: string): boolean => text.startsWith('fwk_');

export function apiKeys({ knex, registry }: Pick<AuthServices, 'knex' | 'registry'>): ApiKeys {
  const table = engineTable(registry.current().app, 'api_keys');
  const columns = [
    ...['id', 'name', 'user_id', 'roles', 'created_by', 'created_at', 'expires_at'],
    ...['last_used_at', 'last_used_from', 'revoked_at'],
  ].join(', ');
  const one = async (where: string, values: readonly unknown[]): Promise<(ApiKey & Secret) | undefined> =>
    (await run<ApiKey & Secret>(knex, { text: `SELECT ${columns}, secret_hash FROM ${table} WHERE ${where}`, values }))[0];

  return {
    async create({ name, userId, roles, createdBy, expiresAt }, transaction) {
      const id = randomUUID();
      const secret = randomBytes(32).toString('base64url');
      await run(transaction, {
        text: `INSERT INTO ${table} (id, user_id, name, secret_hash, roles, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        values: [id, userId, name, digest(secret), roles, createdBy, expiresAt.toISOString()],
      });
      return { id, plain: `fwk_${id.replaceAll('-', '')}_${secret}` };
    },
    list: (userId) =>
      run<ApiKey>(knex, {
        text: `SELECT ${columns} FROM ${table} WHERE $1::uuid IS NULL OR user_id = $1::uuid ORDER BY created_at DESC, id LIMIT 1000`,
        values: [userId ?? null],
      }),
    find: async (id) => {
      const found = await one('id = $1', [id]);
      if (found === undefined) return undefined;
      const { secret_hash: _never, ...key } = found;
      return key;
    },
    revoke: async (id, by, transaction) => {
      const text = `UPDATE ${table} SET revoked_at = now(), revoked_by = $2 WHERE id = $1 AND revoked_at IS NULL`;
      await run(transaction, { text, values: [id, by] });
    },
    open: async (text, address) => {
      const [, digits = '', secret = ''] = shape.exec(text) ?? [];
      if (secret === '') return undefined;
      const id = digits.replace(idPattern, '$1-$2-$3-$4-$5');
      const found = await one('id = $1 AND revoked_at IS NULL AND expires_at > now()', [id]);
      if (found === undefined || !timingSafeEqual(Buffer.from(found.secret_hash), Buffer.from(digest(secret)))) return undefined;
      await run(knex, {
        text: `UPDATE ${table} SET last_used_at = now(), last_used_from = $2 WHERE id = $1 AND coalesce(last_used_at < now() - interval '1 minute', true)`,
        values: [id, address],
      });
      return found;
    },
  };
}

interface Secret {
  readonly secret_hash: string;
}

const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex');
