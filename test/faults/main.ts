// The command `npm run faults`: the fault runs in full length, each on an embedded PostgreSQL of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { startEmbedded } from '../../server/database/embedded/start.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { killChange } from './kill-change.ts';
import { kinds } from './kinds.ts';
import { liveChange } from './live-change.ts';
import { brokenInvariants, reportText } from './live-report.ts';
import { script } from './live-script.ts';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is needed.');
  return Number(text);
}

/** On DATABASE_URL, which must be empty, else on a server of its own that is gone afterwards. */
async function onDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const given = process.env['DATABASE_URL'];
  if (given) return work(given);
  const dataDir = mkdtempSync(join(tmpdir(), 'fw-faults-'));
  const server = await startEmbedded({ dataDir, log: createLog({ level: 'error' }) });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const program = new Command('faults');

program
  .command('live-change')
  .description('Changes of every kind while clients read and write through two server processes')
  .option('--rows <count>', 'rows of the table', wholeNumber, 1_000_000)
  .option('--rate <count>', 'requests a second', wholeNumber, 50)
  .option('--seconds <count>', 'the load goes on for at least so long', wholeNumber, 60)
  .option('--pause <ms>', 'between two changes', wholeNumber, 1000)
  .option('--warm-up <ms>', 'of load before the first change', wholeNumber, 20_000)
  .action(async ({ pause, warmUp, ...load }: Record<'rows' | 'rate' | 'seconds' | 'pause' | 'warmUp', number>) => {
    const result = await onDatabase((databaseUrl) =>
      liveChange({ databaseUrl, ...load, pauseMs: pause, warmUpMs: warmUp, steps: script, say }),
    );
    say(`\n${reportText(result)}`);
    const broken = brokenInvariants(result);
    for (const sentence of broken) say(`BROKEN: ${sentence}`);
    process.exitCode = broken.length === 0 ? 0 : 1;
  });

program
  .command('kill-change')
  .description('kill -9 in the middle of every kind of change: applied as a whole or not at all after the next start')
  .option('--rows <count>', 'rows of the table', wholeNumber, 20_000)
  .option('--kind <word>', 'only kinds whose name has the word')
  .option('--every <count>', 'every how many lines of the journal the server is killed at', wholeNumber, 1)
  .action(async ({ rows, kind: word = '', every }: { rows: number; kind?: string; every: number }) => {
    const killed = await onDatabase((serverUrl) =>
      killChange({
        serverUrl,
        rows,
        kinds: kinds.filter(({ kind }) => kind.includes(word)),
        moments: (lines) => Array.from({ length: lines }, (_, at) => at + 1).filter((line) => line % every === 0),
        say,
      }),
    );
    const broken = killed.filter(({ wrong }) => wrong.length > 0);
    const outcomes = ['applied', 'not applied'].map((one) => `${killed.filter(({ outcome }) => outcome === one).length} ${one}`);
    say(`\n${killed.length} kills: ${outcomes.join(', ')}, ${broken.length} broken`);
    process.exitCode = broken.length === 0 ? 0 : 1;
  });

await program.parseAsync();
