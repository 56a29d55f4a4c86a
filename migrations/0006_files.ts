// Files: what was uploaded, for which field, and the record that holds it. The bytes stand in the file store, by their digest.
import type { MigrationContext } from './migration.ts';

const names = ({ app }: MigrationContext) => ({
  table: `"${app.schema}"."${app.prefix}files"`,
  index: (name: string): string => `"${app.prefix}files_${name}_idx"`,
});

export async function up(context: MigrationContext): Promise<void> {
  const { table, index } = names(context);
  const statements = [
    // `entity` and `field` are ids of the metadata. An upload without a record belongs to whoever made it. `detached_at`:
    // its record holds another file or none since then, or is gone.
    `CREATE TABLE ${table} (
      id uuid PRIMARY KEY,
      entity text NOT NULL,
      field text NOT NULL,
      digest text NOT NULL,
      name text NOT NULL,
      type text NOT NULL,
      size integer NOT NULL,
      width integer,
      height integer,
      created_by uuid,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      record_id uuid,
      detached_at timestamptz(3)
    )`,
    `CREATE INDEX ${index('digest')} ON ${table} (digest)`,
    `CREATE INDEX ${index('record')} ON ${table} (record_id)`,
    `CREATE INDEX ${index('pending')} ON ${table} (created_at) WHERE record_id IS NULL`,
    `CREATE INDEX ${index('detached')} ON ${table} (detached_at) WHERE detached_at IS NOT NULL`,
  ];
  for (const statement of statements) await context.run(statement);
}

export async function down(context: MigrationContext): Promise<void> {
  await context.run(`DROP TABLE ${names(context).table}`);
}
