// How the formulas and roll-ups that are stored have been worked out: what differs from the metadata is worked out again.
import { type MigrationContext, namesIn } from './migration.ts';

const computed = (context: MigrationContext): string => namesIn(context).table('meta_computed');

export const up = (context: MigrationContext): Promise<void> =>
  context.run(`CREATE TABLE ${computed(context)} (
    field text PRIMARY KEY,
    definition text NOT NULL,
    worked_out_at timestamptz(3) NOT NULL DEFAULT now()
  )`);

export const down = (context: MigrationContext): Promise<void> => context.run(`DROP TABLE ${computed(context)}`);
