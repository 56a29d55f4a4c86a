// `formwork verify rollups`: whether the stored formulas and roll-ups are what they should be, and their repair.
import { type Command, Option } from 'commander';
import { type ComputedDrift, driftOf, repairDrift } from '../versions/computed-drift.ts';
import { publishedRegistry } from '../versions/published.ts';
import { servicesOf } from '../versions/services.ts';
import { textTable } from './text-table.ts';
import { withDatabase } from './with-database.ts';

export function verifyCommand(program: Command): void {
  program
    .command('verify')
    .description('Check what is stored against what it is worked out from; exit code 1 when it differs and is not repaired')
    .argument('<what>', 'rollups: formulas and roll-ups')
    .addOption(new Option('--repair', 'work out anew what differs, by batch, while others go on'))
    .action((what: string, options: { readonly repair?: boolean }, command: Command) => {
      if (what !== 'rollups') command.error(`There is nothing called "${what}" to verify; it is: rollups.`);
      return withDatabase(async ({ knex, registry: files }) => {
        const services = servicesOf(knex, files);
        const registry = (await publishedRegistry(services)) ?? files;
        const found = await driftOf(services, registry);
        if (options.repair === true && found.length > 0) {
          const repaired = await repairDrift(services, registry);
          return [
            driftText(found),
            '',
            ...repaired.map(
              ({ entity, field, changed }) => `Repaired ${entity}.${field} in ${changed} record${changed === 1 ? '' : 's'}.`,
            ),
          ].join('\n');
        }
        if (found.length > 0) process.exitCode = 1;
        return driftText(found);
      });
    });
}

export function driftText(found: readonly ComputedDrift[]): string {
  if (found.length === 0) return 'Every formula and roll-up is what it should be.';
  const rows = found.map(({ entity, field, total, examples }) => [`${entity}.${field}`, String(total), examples.join(', ')]);
  return textTable([['value', 'records that differ', 'for example'], ...rows]);
}
