// `formwork diff`: what differs between two states of the metadata: folders, versions, what is in force.
import type { Command } from 'commander';
import { type RightsDifference, rightsDifferences } from '../auth/rights-difference.ts';
import { compareMetadata } from '../metadata/compare.ts';
import { differenceText } from '../metadata/compare-text.ts';
import { textTable } from './text-table.ts';
import { withMetadata } from './with-metadata.ts';

/** As diff(1) has it: 0 the same, 1 different, 2 trouble. */
export function diffCommand(program: Command): void {
  program
    .command('diff')
    .description('Show what differs between two states of the metadata; exit code 0: nothing, 1: something, 2: trouble')
    .argument('<a>', 'a folder of files, the number of a version, or live')
    .argument('<b>', 'likewise')
    .option('--json', 'as JSON')
    .option('--rights', 'only the rights that the roles give in effect')
    .action((a: string, b: string, options: { json?: boolean; rights?: boolean }) =>
      withMetadata(2, async ({ named }) => {
        const [from, to] = [await named(a), await named(b)];
        const rights = rightsDifferences(from, to);
        const differences = options.rights === true ? rights : compareMetadata(from, to);
        const text =
          differences.length === 0 ? 'No differences.' : textOf(options.rights === true ? [] : compareMetadata(from, to), rights);
        return {
          text: options.json === true ? JSON.stringify(differences, null, 2) : text,
          exitCode: differences.length === 0 ? 0 : 1,
        };
      }),
    );
}

function textOf(differences: ReturnType<typeof compareMetadata>, rights: readonly RightsDifference[]): string {
  const table = textTable([
    ['role', 'entity', 'right', 'before', 'after'],
    ...rights.map(({ role, entity, right, before, after }) => [role, entity, right, before, after]),
  ]);
  const parts = [differenceText(differences).trimEnd(), ...(rights.length === 0 ? [] : [`Rights in effect:\n\n${table}`])];
  return parts.filter((part) => part !== '').join('\n\n');
}
