// The schema, its extensions and the engine's own tables: journal, outbox, idempotency, sign-in, counters.
import { type MigrationContext, namesIn } from './migration.ts';

const extensions = ['pg_trgm', 'unaccent', 'fuzzystrmatch'] as const;

export async function up(context: MigrationContext): Promise<void> {
  const { schema, table, index } = namesIn(context);
  const statements = [
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    ...extensions.map((name) => `CREATE EXTENSION IF NOT EXISTS ${name} SCHEMA ${schema}`),

    // Which of these files have run.
    `CREATE TABLE ${table('migrations')} (name text PRIMARY KEY, applied_at timestamptz(3) NOT NULL DEFAULT now())`,

    // Versions of the entity tables; the model is what was there when the version was complete.
    `CREATE TABLE ${table('meta_versions')} (
      number integer PRIMARY KEY,
      registry_version text NOT NULL,
      model jsonb NOT NULL,
      status text NOT NULL CHECK (status IN ('applying', 'applied', 'undoing', 'undone')),
      author text,
      reason text,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      applied_at timestamptz(3),
      undone_at timestamptz(3)
    )`,
    `CREATE TABLE ${table('meta_steps')} (
      version integer NOT NULL REFERENCES ${table('meta_versions')} (number),
      position integer NOT NULL,
      id text NOT NULL,
      kind text NOT NULL,
      entity text NOT NULL,
      table_name text NOT NULL,
      up jsonb NOT NULL,
      down jsonb NOT NULL,
      lock text NOT NULL,
      cost text NOT NULL,
      additive boolean NOT NULL,
      description text NOT NULL,
      started_at timestamptz(3),
      applied_at timestamptz(3),
      undone_at timestamptz(3),
      PRIMARY KEY (version, position)
    )`,

    // Answers of executed requests; status is null while the request runs.
    `CREATE TABLE ${table('idempotency_keys')} (
      scope text NOT NULL,
      key text NOT NULL,
      fingerprint text NOT NULL,
      status integer,
      body text,
      headers jsonb,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      expires_at timestamptz(3) NOT NULL,
      PRIMARY KEY (scope, key)
    )`,
    `CREATE INDEX ${index('idempotency_keys_expires_at_idx')} ON ${table('idempotency_keys')} (expires_at)`,

    // One event a changed record, written in its transaction. Readers stay below pg_snapshot_xmin by transaction_id.
    `CREATE TABLE ${table('outbox')} (
      id bigint GENERATED ALWAYS AS IDENTITY,
      transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
      entity text NOT NULL,
      record_id uuid NOT NULL,
      operation text NOT NULL,
      actor_id uuid,
      source text NOT NULL,
      correlation_id text,
      depth integer NOT NULL DEFAULT 0,
      payload jsonb NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      available_at timestamptz(3) NOT NULL DEFAULT now(),
      attempts integer NOT NULL DEFAULT 0,
      processed_at timestamptz(3),
      error text,
      PRIMARY KEY (id, created_at)
    ) PARTITION BY RANGE (created_at)`,
    `CREATE TABLE ${table('outbox_default')} PARTITION OF ${table('outbox')} DEFAULT`,
    `CREATE INDEX ${index('outbox_waiting_idx')} ON ${table('outbox')} (available_at, id) WHERE processed_at IS NULL`,
    `CREATE INDEX ${index('outbox_record_idx')} ON ${table('outbox')} (entity, record_id, id)`,

    // What a workflow did with an event, step by step.
    `CREATE TABLE ${table('workflow_runs')} (
      id uuid PRIMARY KEY,
      workflow_id text NOT NULL,
      event_id bigint,
      entity text NOT NULL,
      record_id uuid NOT NULL,
      status text NOT NULL,
      matched jsonb NOT NULL DEFAULT '[]',
      steps jsonb NOT NULL DEFAULT '[]',
      error text,
      started_at timestamptz(3) NOT NULL DEFAULT now(),
      finished_at timestamptz(3)
    )`,
    // A worker that dies after the effect and before the mark must not run the same workflow on the same event twice.
    `CREATE UNIQUE INDEX ${index('workflow_runs_event_key')} ON ${table('workflow_runs')} (event_id, workflow_id)`,
    `CREATE INDEX ${index('workflow_runs_record_idx')} ON ${table('workflow_runs')} (entity, record_id, started_at DESC)`,

    `CREATE TABLE ${table('signing_keys')} (
      kid text PRIMARY KEY,
      private_jwk jsonb NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      retired_at timestamptz(3)
    )`,

    // A token used twice betrays a theft: then its whole family is revoked. Only hashes are stored.
    `CREATE TABLE ${table('refresh_tokens')} (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL,
      family_id uuid NOT NULL,
      token_hash text NOT NULL UNIQUE,
      expires_at timestamptz(3) NOT NULL,
      used_at timestamptz(3),
      revoked_at timestamptz(3),
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      user_agent text
    )`,
    `CREATE INDEX ${index('refresh_tokens_family_id_idx')} ON ${table('refresh_tokens')} (family_id)`,
    `CREATE INDEX ${index('refresh_tokens_user_id_idx')} ON ${table('refresh_tokens')} (user_id)`,
    `CREATE INDEX ${index('refresh_tokens_expires_at_idx')} ON ${table('refresh_tokens')} (expires_at)`,

    // Failed sign-ins by the digest of an account or an address; the columns are those of rate-limiter-flexible,
    // `expire` in milliseconds since 1970.
    `CREATE TABLE ${table('login_attempts')} (
      key varchar(255) PRIMARY KEY,
      points integer NOT NULL DEFAULT 0,
      expire bigint
    )`,
    `CREATE INDEX ${index('login_attempts_expire_idx')} ON ${table('login_attempts')} (expire)`,

    // The last number given out, by ids of entity and field: a rename goes on counting.
    `CREATE TABLE ${table('counters')} (
      entity text NOT NULL,
      field text NOT NULL,
      value bigint NOT NULL,
      PRIMARY KEY (entity, field)
    )`,
  ];
  for (const statement of statements) await context.run(statement);
}

/** Refuses (SQLSTATE 2BP01) while entity tables stand: DROP SCHEMA does not cascade. */
export async function down(context: MigrationContext): Promise<void> {
  const { schema, table } = namesIn(context);
  const tables = [
    'counters',
    'login_attempts',
    'refresh_tokens',
    'signing_keys',
    'workflow_runs',
    'outbox',
    'idempotency_keys',
    'meta_steps',
    'meta_versions',
    'migrations',
  ];
  for (const name of tables) await context.run(`DROP TABLE ${table(name)}`);
  for (const name of extensions) await context.run(dropOwnExtension(context.app.schema, name));
  await context.run(`DROP SCHEMA ${schema}`);
}

/** An extension that stands in another schema belongs to somebody else. */
const dropOwnExtension = (schema: string, name: string): string => `DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname = '${name}' AND n.nspname = '${schema}') THEN DROP EXTENSION ${name}; END IF;
  END $$`;
