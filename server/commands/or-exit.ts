// Runs what a command needs, or says in a sentence why it cannot and ends the process.
import type { Config } from '../config.ts';
import { describe } from './with-database.ts';

/** Exit code 1 when `work` throws. The stack is for those who asked for details by FORMWORK_LOG_LEVEL. */
export async function orExit<T>(config: Pick<Config, 'logLevel'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    console.error(['trace', 'debug'].includes(config.logLevel) ? error : describe(error));
    process.exit(1);
  }
}
