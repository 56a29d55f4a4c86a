// Runs the system migrations. Own runner, not knex's: that one takes no prefix and leaves its lock row behind when killed.
import { migrations } from '../../migrations/index.ts';
import type { MigrationContext } from '../../migrations/migration.ts';
import { systemTable } from '../tables/names.ts';
import type { Naming } from '../tables/schema-types.ts';
import type { Queries } from './documents.ts';
import { inTransaction, type Session } from './session.ts';

/** Names of the migrations that have run; none when the application was never installed. */
export async function appliedMigrations(session: Queries, app: Naming): Promise<readonly string[]> {
  const table = systemTable(app, 'migrations');
  const [found] = await session.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  if (found?.there !== true) return [];
  const rows = await session.query<{ name: string }>(`SELECT name FROM ${table} ORDER BY name`);
  return rows.map((row) => row.name);
}

/** Whether every migration of this program has run: only then its own tables are there. */
export async function isInstalled(session: Queries, app: Naming): Promise<boolean> {
  const applied = await appliedMigrations(session, app);
  return migrations.every(({ name }) => applied.includes(name));
}

/** Applies what is missing, each migration in a transaction with its mark. Returns the names applied now. */
export async function applySystemMigrations(session: Session, app: Naming): Promise<readonly string[]> {
  const applied = new Set(await appliedMigrations(session, app));
  const missing = migrations.filter((migration) => !applied.has(migration.name));
  for (const migration of missing) {
    await inTransaction(session, async () => {
      await migration.up(contextOf(session, app));
      await session.query(`INSERT INTO ${systemTable(app, 'migrations')} (name) VALUES ($1)`, [migration.name]);
    });
  }
  return missing.map((migration) => migration.name);
}

/** Takes all of them back, newest first. Fails while entity tables are left; roll back to version 0 before. */
export async function undoSystemMigrations(session: Session, app: Naming): Promise<readonly string[]> {
  const applied = await appliedMigrations(session, app);
  const undone = migrations.filter((migration) => applied.includes(migration.name)).reverse();
  for (const migration of undone) {
    await inTransaction(session, async () => {
      await session.query(`DELETE FROM ${systemTable(app, 'migrations')} WHERE name = $1`, [migration.name]);
      await migration.down(contextOf(session, app));
    });
  }
  return undone.map((migration) => migration.name);
}

const contextOf = (session: Session, app: Naming): MigrationContext => ({
  app,
  run: async (sql) => {
    await session.query(sql);
  },
});
