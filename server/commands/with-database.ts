// What a command that works on the database needs: the registry and the open database, closed again at the end.
import type { Knex } from 'knex';
import { loadApplication } from '../app/load-application.ts';
import { openDatabase } from '../database/open.ts';
import type { Registry } from '../metadata/registry.ts';
import { closePlugins } from '../plugins/load-plugins.ts';
import { Problem } from '../problem.ts';
import { createLog } from '../telemetry/log.ts';
import { configOrExit } from './config-or-exit.ts';

export interface Workplace {
  readonly registry: Registry;
  readonly knex: Knex;
}

/**
 * Runs `work` and prints what it returns. What goes wrong is printed in a sentence and sets the exit code 1.
 * Log lines below a warning are left out, so that only the answer stands on the terminal.
 */
export async function withDatabase(work: (workplace: Workplace) => Promise<string>): Promise<void> {
  const config = configOrExit();
  const log = createLog({ level: config.logLevel === 'info' ? 'warn' : config.logLevel });
  try {
    const { plugins, registry } = await loadApplication(config.metadataDir, log);
    try {
      const database = await openDatabase(config, log);
      try {
        process.stdout.write(`${await work({ registry, knex: database.knex })}\n`);
      } finally {
        await database.stop();
      }
    } finally {
      await closePlugins(plugins);
    }
  } catch (error) {
    console.error(describe(error));
    process.exitCode = 1;
  }
}

/** A sentence for people, with every finding on a line. */
export function describe(error: unknown): string {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  const issues = error.errors.map((issue) => `  ${issue.pointer}  ${issue.detail}${examples(issue)}`);
  return [error.message, ...issues].join('\n');
}

const examples = (issue: object): string =>
  'examples' in issue && Array.isArray(issue.examples) && issue.examples.length > 0 ? ` E.g. ${issue.examples.join(', ')}` : '';
