// Which version under way a process has built ahead, so that it can be served the moment the tables are there.
import { type MigrationContext, namesIn } from './migration.ts';

const nodes = (context: MigrationContext): string => namesIn(context).table('meta_nodes');

export const up = (context: MigrationContext): Promise<void> =>
  context.run(`ALTER TABLE ${nodes(context)} ADD COLUMN foreseen integer NOT NULL DEFAULT 0`);

export const down = (context: MigrationContext): Promise<void> =>
  context.run(`ALTER TABLE ${nodes(context)} DROP COLUMN foreseen`);
