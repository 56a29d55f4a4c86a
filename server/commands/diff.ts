// `formwork diff`: what differs between two states of the metadata: folders, versions, what is in force.
import type { Command } from 'commander';
import { compareMetadata } from '../metadata/compare.ts';
import { differenceText } from '../metadata/compare-text.ts';
import { withMetadata } from './with-metadata.ts';

/** As diff(1) has it: 0 the same, 1 different, 2 trouble. */
export function diffCommand(program: Command): void {
  program
    .command('diff')
    .description('Show what differs between two states of the metadata; exit code 0: nothing, 1: something, 2: trouble')
    .argument('<a>', 'a folder of files, the number of a version, or live')
    .argument('<b>', 'likewise')
    .option('--json', 'as JSON')
    .action((a: string, b: string, options: { json?: boolean }) =>
      withMetadata(2, async ({ named }) => {
        const differences = compareMetadata(await named(a), await named(b));
        const text = differences.length === 0 ? 'No differences.' : differenceText(differences).trimEnd();
        return {
          text: options.json === true ? JSON.stringify(differences, null, 2) : text,
          exitCode: differences.length === 0 ? 0 : 1,
        };
      }),
    );
}
