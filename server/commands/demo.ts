// `formwork demo`: a company of any size made up, with progress and rate.
import { type Command, InvalidArgumentError } from 'commander';
import { defaultDemo, makeDemo } from '../app/demo.ts';
import { withParts } from './with-parts.ts';

interface Options {
  readonly accounts: number;
  readonly seed: string;
  readonly date?: string;
}

const largest = 1_000_000;

export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description('Make demo records: the same for the same seed and day; what is there already stays as it is')
    .option('--accounts <number>', 'how big the company is, in accounts', sizeOf, defaultDemo.size)
    .option('--seed <word>', 'what chance begins with; another word makes another company beside', seedOf, defaultDemo.seed)
    .option('--date <day>', 'the day that everything is seen from, YYYY-MM-DD', dayOf)
    .action(({ accounts, seed, date }: Options) =>
      withParts(async (parts) => {
        const began = performance.now();
        const seconds = (): number => (performance.now() - began) / 1000;
        const told = (count: number): void => {
          process.stderr.write(`\r${count} records, ${Math.round(count / seconds())} a second`);
        };
        const created = await makeDemo(parts, {
          size: accounts,
          seed,
          ...(date === undefined ? {} : { today: date }),
          onProgress: told,
        });
        process.stderr.write('\n');
        process.stdout.write(`${created} demo records made in ${seconds().toFixed(1)} s.\n`);
      }),
    );
}

function sizeOf(text: string): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) < 1 || Number(text) > largest)
    throw new InvalidArgumentError(`A whole number from 1 to ${largest}.`);
  return Number(text);
}

/** It stands in external ids and addresses. */
function seedOf(text: string): string {
  if (!/^[a-z0-9]{1,20}$/.test(text)) throw new InvalidArgumentError('1 to 20 small letters or digits.');
  return text;
}

function dayOf(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
  if (!isDay) throw new InvalidArgumentError('A day such as 2026-11-28.');
  return text;
}
