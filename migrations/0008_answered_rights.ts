// Kept answers of an Idempotency-Key say for which rights they were given.
import { type MigrationContext, namesIn } from './migration.ts';

export async function up(context: MigrationContext): Promise<void> {
  const { table } = namesIn(context);
  await context.run(`ALTER TABLE ${table('idempotency_keys')} ADD COLUMN rights text NOT NULL DEFAULT ''`);
}

export async function down(context: MigrationContext): Promise<void> {
  const { table } = namesIn(context);
  await context.run(`ALTER TABLE ${table('idempotency_keys')} DROP COLUMN rights`);
}
