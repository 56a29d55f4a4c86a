// `formwork purge-retired`: drops for good what earlier migrations set aside.
import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { purgeRetired } from '../versions/purge-retired.ts';
import { withDatabase } from './with-database.ts';

export function purgeRetiredCommand(program: Command): void {
  program
    .command('purge-retired')
    .description('Drop columns and tables that were set aside; rollback cannot go behind this')
    .requiredOption('--older-than <days>', 'only what was set aside at least so many days ago', wholeDays)
    .action((options: { olderThan: number }) =>
      withDatabase(async ({ knex, registry }) => {
        const author = userInfo().username;
        const steps = await purgeRetired(knex, registry, { olderThanDays: options.olderThan, author });
        return steps.length === 0 ? 'Nothing is old enough.' : steps.map((step) => step.description).join('\n');
      }),
    );
}

function wholeDays(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('Days are a whole number.');
  return Number(text);
}
