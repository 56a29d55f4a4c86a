// What live change stores: the documents of every version, publications, the nodes that follow them, progress of steps.
import { type MigrationContext, namesIn } from './migration.ts';

export async function up(context: MigrationContext): Promise<void> {
  const { table } = namesIn(context);
  const statements = [
    // Lists of documents by the SHA-256 of their content. `json`, because the order of keys is the order of fields.
    `CREATE TABLE ${table('meta_documents')} (hash text PRIMARY KEY, content json NOT NULL)`,

    `ALTER TABLE ${table('meta_versions')}
      ADD COLUMN files_hash text REFERENCES ${table('meta_documents')} (hash),
      ADD COLUMN custom_hash text REFERENCES ${table('meta_documents')} (hash),
      ADD COLUMN kind text NOT NULL DEFAULT 'files' CHECK (kind IN ('files', 'change', 'rollback', 'purge')),
      ADD COLUMN changes jsonb,
      ADD COLUMN reverts integer REFERENCES ${table('meta_versions')} (number),
      ADD COLUMN goal integer,
      ADD COLUMN request_key text UNIQUE,
      ADD COLUMN prepared jsonb,
      ADD COLUMN stage text NOT NULL DEFAULT 'expand' CHECK (stage IN ('expand', 'prepared', 'swapped'))`,

    `ALTER TABLE ${table('meta_steps')}
      ADD COLUMN phase text NOT NULL DEFAULT 'expand' CHECK (phase IN ('expand', 'prepare', 'swap', 'settle')),
      ADD COLUMN batched boolean NOT NULL DEFAULT false,
      ADD COLUMN cursor uuid,
      ADD COLUMN rows_done bigint NOT NULL DEFAULT 0,
      ADD COLUMN rows_total bigint`,

    // What is served: the newest row. A change makes up to two, written in the transactions that rename.
    `CREATE TABLE ${table('meta_publications')} (
      serial bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      version integer NOT NULL REFERENCES ${table('meta_versions')} (number),
      files_hash text NOT NULL REFERENCES ${table('meta_documents')} (hash),
      custom_hash text NOT NULL REFERENCES ${table('meta_documents')} (hash),
      transition jsonb,
      registry_version text NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now()
    )`,

    // Processes that serve; one is alive while its connection holds the advisory lock and it has been seen lately.
    `CREATE TABLE ${table('meta_nodes')} (
      id uuid PRIMARY KEY,
      lock_key integer NOT NULL,
      kind text NOT NULL,
      serial bigint NOT NULL,
      started_at timestamptz(3) NOT NULL DEFAULT now(),
      seen_at timestamptz(3) NOT NULL DEFAULT now()
    )`,

    // Values that a rewrite replaced, for the way back.
    `CREATE TABLE ${table('meta_undo')} (
      key text NOT NULL,
      row_id uuid NOT NULL,
      value jsonb,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      PRIMARY KEY (key, row_id)
    )`,
  ];
  for (const statement of statements) await context.run(statement);
}

export async function down(context: MigrationContext): Promise<void> {
  const { table } = namesIn(context);
  const columns = (names: readonly string[]): string => names.map((name) => `DROP COLUMN ${name}`).join(', ');
  const statements = [
    ...['meta_undo', 'meta_nodes', 'meta_publications'].map((name) => `DROP TABLE ${table(name)}`),
    `ALTER TABLE ${table('meta_steps')} ${columns(['phase', 'batched', 'cursor', 'rows_done', 'rows_total'])}`,
    `ALTER TABLE ${table('meta_versions')} ${columns([
      ...['files_hash', 'custom_hash', 'kind', 'changes', 'reverts', 'goal', 'request_key', 'prepared', 'stage'],
    ])}`,
    `DROP TABLE ${table('meta_documents')}`,
  ];
  for (const statement of statements) await context.run(statement);
}
