// Files on their way in and out: their bytes in parts, what an import could not take, and what it changed, so that it can be undone.
import { type MigrationContext, namesIn } from './migration.ts';

export async function up(context: MigrationContext): Promise<void> {
  const { table, index } = namesIn(context);
  const statements = [
    // `held_by`: the import or export that it belongs to; without one it goes after a day. `header`, `delimiter` and `row_count`
    // are what a first reading has found.
    `CREATE TABLE ${table('transfer_files')} (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      format text NOT NULL,
      size bigint NOT NULL,
      digest text,
      header jsonb NOT NULL,
      delimiter text,
      row_count integer NOT NULL,
      held_by uuid,
      created_by uuid,
      created_at timestamptz(3) NOT NULL DEFAULT now()
    )`,
    `CREATE INDEX ${index('transfer_files_held_by_idx')} ON ${table('transfer_files')} (held_by)`,
    `CREATE INDEX ${index('transfer_files_created_at_idx')} ON ${table('transfer_files')} (created_at)`,
    `CREATE TABLE ${table('transfer_parts')} (
      file_id uuid NOT NULL REFERENCES ${table('transfer_files')} (id) ON DELETE CASCADE,
      number integer NOT NULL,
      bytes bytea NOT NULL,
      PRIMARY KEY (file_id, number)
    )`,

    // One row of the file: its cells as they were, and why it (or a value of it) was left out.
    `CREATE TABLE ${table('import_rejects')} (
      import_id uuid NOT NULL,
      row_number integer NOT NULL,
      cells jsonb NOT NULL,
      findings jsonb NOT NULL,
      row_rejected boolean NOT NULL,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      PRIMARY KEY (import_id, row_number)
    )`,

    // `changes`: field id → value before and after. `outcome`: what an undo has made of the record.
    `CREATE TABLE ${table('import_changes')} (
      import_id uuid NOT NULL,
      record_id uuid NOT NULL,
      row_number integer NOT NULL,
      created boolean NOT NULL,
      version integer NOT NULL,
      changes jsonb NOT NULL,
      outcome text,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      PRIMARY KEY (import_id, record_id)
    )`,
    `CREATE INDEX ${index('import_changes_row_idx')} ON ${table('import_changes')} (import_id, row_number)`,

    // `columns`: a digest of the file's column names. Without an owner it is for everybody.
    `CREATE TABLE ${table('import_mappings')} (
      id uuid PRIMARY KEY,
      entity text NOT NULL,
      columns text NOT NULL,
      owner_id uuid,
      mapping json NOT NULL,
      created_by uuid,
      updated_at timestamptz(3) NOT NULL DEFAULT now(),
      UNIQUE NULLS NOT DISTINCT (entity, columns, owner_id)
    )`,
  ];
  for (const statement of statements) await context.run(statement);
}

export async function down(context: MigrationContext): Promise<void> {
  const { table } = namesIn(context);
  for (const name of ['import_mappings', 'import_changes', 'import_rejects', 'transfer_parts', 'transfer_files'])
    await context.run(`DROP TABLE ${table(name)}`);
}
