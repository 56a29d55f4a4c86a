// Merges of records: who went into whom, and every value and reference that was changed, so that it can be undone.
import { type MigrationContext, namesIn } from './migration.ts';

export async function up(context: MigrationContext): Promise<void> {
  const { table, index } = namesIn(context);
  const statements = [
    // Entities, fields and relations by their ids: they may be called otherwise by the time of an undo. `changes`: field id →
    // the winner's value before and after.
    `CREATE TABLE ${table('merges')} (
      id uuid PRIMARY KEY,
      entity text NOT NULL,
      winner_id uuid NOT NULL,
      changes jsonb NOT NULL,
      actor_id uuid,
      created_at timestamptz(3) NOT NULL DEFAULT now(),
      undone_at timestamptz(3),
      undone_by uuid
    )`,
    `CREATE INDEX ${index('merges_winner_id_idx')} ON ${table('merges')} (winner_id)`,

    `CREATE TABLE ${table('merge_losers')} (
      merge_id uuid NOT NULL REFERENCES ${table('merges')} (id) ON DELETE CASCADE,
      loser_id uuid NOT NULL,
      PRIMARY KEY (merge_id, loser_id)
    )`,
    `CREATE INDEX ${index('merge_losers_loser_id_idx')} ON ${table('merge_losers')} (loser_id)`,

    // A record that referred to a loser, and now to the winner; or was taken away because the winner had one like it.
    `CREATE TABLE ${table('merge_moves')} (
      merge_id uuid NOT NULL REFERENCES ${table('merges')} (id) ON DELETE CASCADE,
      entity text NOT NULL,
      relation text NOT NULL,
      record_id uuid NOT NULL,
      loser_id uuid NOT NULL,
      kind text NOT NULL CHECK (kind IN ('moved', 'collapsed', 'history')),
      PRIMARY KEY (merge_id, entity, relation, record_id)
    )`,
  ];
  for (const statement of statements) await context.run(statement);
}

export async function down(context: MigrationContext): Promise<void> {
  const { table } = namesIn(context);
  for (const name of ['merge_moves', 'merge_losers', 'merges']) await context.run(`DROP TABLE ${table(name)}`);
}
