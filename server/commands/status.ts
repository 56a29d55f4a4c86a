// `formwork status`: where the tables stand against the metadata.
import type { Command } from 'commander';
import { type Status, status } from '../versions/migrate.ts';
import { textTable } from './text-table.ts';
import { withDatabase } from './with-database.ts';

export function statusCommand(program: Command): void {
  program
    .command('status')
    .description('Show the versions of the tables and what is pending')
    .action(() => withDatabase(async ({ knex, registry }) => statusText(await status(knex, registry), registry.version)));
}

/** `registryVersion` is that of the metadata as they are now. */
export function statusText(state: Status, registryVersion: string): string {
  if (!state.installed) return `Nothing is installed. ${state.pending} steps are pending; migrate or start applies them.`;
  const versions = state.versions.map((version) => [
    String(version.number),
    version.status,
    version.appliedAt ?? '',
    version.registryVersion,
    version.author ?? '',
    version.reason ?? '',
  ]);
  const lines = [
    textTable([['version', 'status', 'applied at', 'metadata', 'author', 'reason'], ...versions]),
    '',
    `Metadata now: ${registryVersion}. Pending: ${state.pending} steps, ${state.additive} of which start applies by itself.`,
  ];
  if (state.interrupted !== undefined) {
    lines.push(`Version ${state.interrupted.number} was interrupted (${state.interrupted.status}); migrate finishes it.`);
  }
  if (state.drift.length > 0)
    lines.push('', 'The tables are not as that version left them:', ...state.drift.map((line) => `  ${line}`));
  return lines.join('\n');
}
