// `formwork rollback`: takes versions of the metadata back by the inverses that were recorded.
import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { type RolledBack, rollback } from '../versions/roll-back.ts';
import { withDatabase } from './with-database.ts';

export function rollbackCommand(program: Command): void {
  program
    .command('rollback')
    .description('Go back to an earlier version, with the data; what came since and holds values is set aside')
    .option('--to <version>', 'version to go back to, 0 for no tables; the one before when not given', versionNumber)
    .option('--author <name>', 'who is recorded as the author', userInfo().username)
    .option('--reason <text>', 'why, for the record')
    .action((options: { to?: number; author: string; reason?: string }) =>
      withDatabase(async ({ knex, registry }) => rolledBackText(await rollback(knex, registry, options))),
    );
}

export function versionNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A version is a whole number.');
  return Number(text);
}

export function rolledBackText({ version, to, undone }: RolledBack): string {
  if (undone.length === 0) return `Nothing to take back: version ${version} is in force.`;
  const now = version === to ? '' : ` It is in force as version ${version}.`;
  return `Back at version ${to}; taken back: ${undone.join(', ')}.${now} Where metadata files asked for what is gone, migrate would bring it again.`;
}
