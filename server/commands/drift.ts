// `formwork drift`: where the files, what is in force and the tables are not the same, each difference by its place.
import type { Command } from 'commander';
import { type DriftReport, driftReport, isDrifted } from '../metadata/drift-report.ts';
import { kinds } from '../metadata/kinds.ts';
import { status } from '../versions/migrate.ts';
import { withMetadata } from './with-metadata.ts';

/** As diff(1) has it: 0 the same, 1 different, 2 trouble. */
export function driftCommand(program: Command): void {
  program
    .command('drift')
    .description('Tell files, metadata in force and tables apart; exit code 0: all the same, 1: something differs, 2: trouble')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }) =>
      withMetadata(2, async ({ files, live, versions }) => {
        const { knex } = await versions();
        const report = driftReport(files.documents, (await live()).documents);
        const { drift: tables } = await status(knex, files);
        const differs = isDrifted(report) || tables.length > 0;
        return {
          text: options.json === true ? JSON.stringify({ ...report, tables }, null, 2) : driftText(report, tables),
          exitCode: differs ? 1 : 0,
        };
      }),
    );
}

type Told = Pick<DriftReport['added'][number], 'kind' | 'id' | 'name'>;
const titleOf = ({ kind, id, name }: Told): string => `${kinds.find(({ key }) => key === kind)?.one} ${name ?? id}`;

function driftText({ overridden, added, retired, files }: DriftReport, tables: readonly string[]): string {
  const parts: readonly (readonly [heading: string, lines: readonly string[]])[] = [
    ['Customisations of what the files have:', overridden.map((one) => `${titleOf(one)}: ${one.pointers.join(', ')}`)],
    ['Made at run time, in no file:', added.map(titleOf)],
    ['Retired at run time:', retired.map(titleOf)],
    ['Files that are not as those in force:', files.map((one) => `${one.file}: ${one.change}`)],
    ['Tables that are not as the version in force left them:', tables],
  ];
  const told = parts.filter(([, lines]) => lines.length > 0);
  if (told.length === 0) return 'Files, metadata in force and tables are the same.';
  return told.map(([heading, lines]) => [heading, ...lines.map((line) => `  ${line}`)].join('\n')).join('\n\n');
}
