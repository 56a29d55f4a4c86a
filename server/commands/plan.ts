// `formwork plan`: what migrate would do, with the SQL both ways; changes nothing.
import type { Command } from 'commander';
import { plan } from '../versions/migrate.ts';
import { planText } from './plan-text.ts';
import { withDatabase } from './with-database.ts';

export function planCommand(program: Command): void {
  program
    .command('plan')
    .description('Show what separates the tables from the metadata; changes nothing')
    .option('--sql', 'with the SQL of every step, up and down')
    .action((options: { sql?: boolean }) =>
      withDatabase(async ({ knex, registry }) => planText(await plan(knex, registry), { sql: options.sql === true })),
    );
}
