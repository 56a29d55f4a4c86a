// `formwork migrate`: brings the tables to what the metadata ask for.
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { type Migrated, migrate } from '../versions/migrate.ts';
import { withDatabase } from './with-database.ts';

export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('Apply every step of the plan as one version')
    .option('--additive', 'only what disturbs nobody, as start does')
    .option('--author <name>', 'who is recorded as the author', userInfo().username)
    .option('--reason <text>', 'why, for the record')
    .action((options: { additive?: boolean; author: string; reason?: string }) =>
      withDatabase(async ({ knex, registry }) => {
        const { author, reason } = options;
        const additiveOnly = options.additive === true;
        return migratedText(await migrate(knex, registry, { additiveOnly, author, ...(reason === undefined ? {} : { reason }) }));
      }),
    );
}

export function migratedText({ version, applied, pending }: Migrated): string {
  const done = applied.map((step) => `  ${step.description}`);
  const head = applied.length === 0 ? `Nothing to do at version ${version}.` : `Version ${version}, ${applied.length} steps:`;
  const rest = pending.length === 0 ? [] : [`${pending.length} steps wait for migrate without --additive.`];
  return [head, ...done, ...rest].join('\n');
}
