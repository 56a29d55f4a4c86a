// `formwork breaking`: what a newer state of the metadata breaks for clients of an older one.
import type { Command } from 'commander';
import { type Breaking, breakingChanges } from '../metadata/breaking.ts';
import { withMetadata } from './with-metadata.ts';

export function breakingCommand(program: Command): void {
  program
    .command('breaking')
    .description('Name what breaks for clients of the API between two states of the metadata; exit code 1 when anything does')
    .argument('<from>', 'a folder of files, the number of a version, or live')
    .argument('[to]', 'likewise', 'live')
    .option('--json', 'as JSON')
    .action((from: string, to: string, options: { json?: boolean }) =>
      withMetadata(2, async ({ named }) => {
        const found = breakingChanges(await named(from), await named(to));
        return {
          text: options.json === true ? JSON.stringify(found, null, 2) : breakingText(found),
          exitCode: found.some(({ level }) => level === 'breaking') ? 1 : 0,
        };
      }),
    );
}

/** What breaks at once comes before what only will. */
export function breakingText(found: readonly Breaking[]): string {
  if (found.length === 0) return 'Nothing breaks for clients.';
  const sorted = [...found].sort((a, b) => Number(a.level === 'deprecated') - Number(b.level === 'deprecated'));
  return sorted.map(({ level, pointer, sentence }) => `${level.padEnd(10)}  ${pointer}: ${sentence}`).join('\n');
}
