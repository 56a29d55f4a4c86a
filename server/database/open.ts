// Opens the database the configuration asks for: the server at DATABASE_URL, or the embedded one.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Config } from '../config.ts';
import { errorCode } from '../error-code.ts';
import type { Log } from '../telemetry/log.ts';
import { type Embedded, startEmbedded } from './embedded/start.ts';
import { connect } from './pool.ts';
import { databaseProblem } from './problems.ts';

export interface Database {
  readonly knex: Knex;
  /** Where it is, for connections beside the pool. It may hold a password: not for logs. */
  readonly url: string;
  /** As the server names it, e.g. `18.4`. */
  readonly version: string;
  /** Closes the pool, and lets go of the embedded server. */
  stop(): Promise<void>;
}

export type DatabaseConfig = Pick<Config, 'databaseUrl' | 'dataDir' | 'poolSize' | 'statementTimeoutMs'>;

const oldestVersion = 150_000;

/**
 * Opens the database and makes sure that it answers and is new enough.
 * @param options.waitMs how long a server that cannot be reached yet is waited for; 30 s when not given
 * @throws Error that says what to do when there is no usable server
 */
export async function openDatabase(
  config: DatabaseConfig,
  log: Log,
  options: { readonly applicationName?: string; readonly waitMs?: number } = {},
): Promise<Database> {
  const embedded = config.databaseUrl === undefined ? await embeddedIn(config.dataDir, log) : undefined;
  const url = embedded?.url ?? config.databaseUrl ?? '';
  const { poolSize, statementTimeoutMs } = config;
  const { applicationName = 'formwork', waitMs = 30_000 } = options;
  const knex = connect({ url, poolSize, statementTimeoutMs, applicationName, log });
  const stop = async () => {
    await knex.destroy();
    await embedded?.stop();
  };
  try {
    const version = await versionOf(knex, Date.now() + waitMs, log);
    log.info({ version, embedded: embedded !== undefined }, 'The database is open');
    return { knex, url, version, stop };
  } catch (error) {
    await stop();
    throw embedded === undefined ? new Error(`DATABASE_URL: ${reasonOf(error)}`, { cause: error }) : error;
  }
}

/** What the system says about the folder is told together with the variable that names it. */
async function embeddedIn(dataDir: string, log: Log): Promise<Embedded> {
  try {
    return await startEmbedded({ dataDir, log });
  } catch (error) {
    if (errorCode(error) === undefined || !(error instanceof Error) || !('path' in error)) throw error;
    throw new Error(`FORMWORK_DATA_DIR: ${error.message}`, { cause: error });
  }
}

async function versionOf(knex: Knex, deadline: number, log: Log): Promise<string> {
  for (;;) {
    try {
      const { rows } = await knex.raw<{ rows: { number: string; name: string }[] }>(
        `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS name`,
      );
      const { number = '0', name = 'unknown' } = rows[0] ?? {};
      if (Number(number) >= oldestVersion) return name.split(' ')[0] ?? name;
      throw new Error(`The database is PostgreSQL ${name}; Formwork needs 15 or newer`);
    } catch (error) {
      if (databaseProblem(error)?.code !== 'unavailable') throw error;
      if (Date.now() >= deadline) throw new Error(`The database cannot be reached: ${reasonOf(error)}`, { cause: error });
      log.warn({ reason: reasonOf(error) }, 'The database cannot be reached yet');
      await sleep(500);
    }
  }
}

/** Node reports a host with several addresses as one error without a message of its own. */
function reasonOf(error: unknown): string {
  const { errors, message } = error as { readonly errors?: unknown; readonly message?: unknown };
  return Array.isArray(errors) ? errors.map(reasonOf).join('; ') : String(message ?? error);
}
