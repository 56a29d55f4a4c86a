// Sign-in beyond a password: sessions that can be told apart, API keys, second factors, one-time vouchers, identities elsewhere.
import { type MigrationContext, namesIn } from './migration.ts';

export async function up(context: MigrationContext): Promise<void> {
  const { table, index } = namesIn(context);
  const statements = [
    // A session is a family of refresh tokens; what is known of it is handed on from token to token. `password_mark` is a
    // digest of the password's hash: with another password the session is over. Null: begun before there were marks.
    `ALTER TABLE ${table('refresh_tokens')}
      ADD COLUMN began_at timestamptz(3) NOT NULL DEFAULT now(),
      ADD COLUMN address text,
      ADD COLUMN second_factor boolean NOT NULL DEFAULT false,
      ADD COLUMN password_mark text`,
    `UPDATE ${table('refresh_tokens')} t SET began_at = f.began_at
      FROM (SELECT family_id, min(created_at) AS began_at FROM ${table('refresh_tokens')} GROUP BY family_id) f
      WHERE f.family_id = t.family_id`,

    // Only the SHA-256 of the secret is stored: 256 random bits need no slow hash.
    `CREATE TABLE ${table('api_keys')} (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL,
      name text NOT NULL,
      secret_hash text NOT NULL,
      roles text[] NOT NULL,
      created_by uuid NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      expires_at timestamptz(3) NOT NULL,
      last_used_at timestamptz(3),
      last_used_from text,
      revoked_at timestamptz(3),
      revoked_by uuid
    )`,
    `CREATE INDEX ${index('api_keys_user_id_idx')} ON ${table('api_keys')} (user_id)`,

    // `last_step` is the time step of the newest code that was taken (RFC 6238, 5.2: a code works once).
    `CREATE TABLE ${table('second_factors')} (
      user_id uuid PRIMARY KEY,
      secret text NOT NULL,
      encrypted boolean NOT NULL,
      last_step bigint,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      confirmed_at timestamptz(3)
    )`,
    `CREATE TABLE ${table('recovery_codes')} (
      user_id uuid NOT NULL REFERENCES ${table('second_factors')} (user_id) ON DELETE CASCADE,
      code_hash text NOT NULL,
      used_at timestamptz(3),
      PRIMARY KEY (user_id, code_hash)
    )`,

    // Links and steps that work once and for a while: invitations, new passwords, second steps of a sign-in, sign-ons under way.
    `CREATE TABLE ${table('sign_in_vouchers')} (
      token_hash text PRIMARY KEY,
      kind text NOT NULL,
      user_id uuid,
      details jsonb NOT NULL DEFAULT '{}',
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      expires_at timestamptz(3) NOT NULL
    )`,
    `CREATE INDEX ${index('sign_in_vouchers_user_id_idx')} ON ${table('sign_in_vouchers')} (user_id, kind)`,
    `CREATE INDEX ${index('sign_in_vouchers_expires_at_idx')} ON ${table('sign_in_vouchers')} (expires_at)`,

    // Who a user is at an OpenID provider: the subject never changes there, an e-mail address may.
    `CREATE TABLE ${table('sign_in_identities')} (
      issuer text NOT NULL,
      subject text NOT NULL,
      user_id uuid NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      last_used_at timestamptz(3),
      PRIMARY KEY (issuer, subject)
    )`,
    `CREATE INDEX ${index('sign_in_identities_user_id_idx')} ON ${table('sign_in_identities')} (user_id)`,
  ];
  for (const statement of statements) await context.run(statement);
}

export async function down(context: MigrationContext): Promise<void> {
  const { table } = namesIn(context);
  const tables = ['sign_in_identities', 'sign_in_vouchers', 'recovery_codes', 'second_factors', 'api_keys'];
  for (const name of tables) await context.run(`DROP TABLE ${table(name)}`);
  await context.run(
    `ALTER TABLE ${table('refresh_tokens')}
      DROP COLUMN began_at, DROP COLUMN address, DROP COLUMN second_factor, DROP COLUMN password_mark`,
  );
}
