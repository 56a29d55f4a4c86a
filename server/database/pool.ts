// The pool of connections: knex over pg, every session with the same settings and value parsers.
import knex, { type Knex } from 'knex';
import type { Log } from '../telemetry/log.ts';
import { valueParsers } from './value-parsers.ts';

export interface ConnectionOptions {
  /** postgres://…; `?host=/folder` for a unix socket. Its own `options=` are kept, ours win where both set one. */
  readonly url: string;
  /** Most connections at once; 10 when not given. */
  readonly poolSize?: number;
  /** Milliseconds, 0 for never; 30 s when not given. */
  readonly statementTimeoutMs?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  /** Gets what knex remarks on, such as a lost connection; nobody does when not given. */
  readonly log?: Pick<Log, 'warn' | 'error'>;
}

const idleInTransactionMs = 60_000;
const connectTimeoutMs = 10_000;

/** Read by the server at the start of a session. The value parsers rely on the zone and the styles. */
const sessionSettings = {
  jit: 'off',
  TimeZone: 'UTC',
  DateStyle: 'ISO,YMD',
  IntervalStyle: 'iso_8601',
  client_min_messages: 'warning',
  idle_in_transaction_session_timeout: String(idleInTransactionMs),
} as const;

/**
 * Long: a burst after a quiet half minute found its connections closed, and a new one costs the request that needs it a
 * process of the server with empty caches, half a second and more when the machine is busy.
 */
const idleTimeoutMillis = 10 * 60_000;

/**
 * Makes a pool; connections are opened when first needed, so this never fails. A server that dies rejects the
 * statements under way and the next ones (see problems.ts), never the process. Close it with `knex.destroy()`.
 */
export function connect(options: ConnectionOptions): Knex {
  return knex({
    client: 'pg',
    connection: { ...sessionOf(options), types: valueParsers() } as Knex.PgConnectionConfig,
    pool: { min: 0, max: options.poolSize ?? 10, idleTimeoutMillis },
    acquireConnectionTimeout: connectTimeoutMs,
    log: remarks(options.log),
  });
}

/**
 * The settings of one session, as pg's `Client` takes them; for connections outside of the pool.
 * They travel in the start-up packet, so no connection is ever used without them.
 */
export function sessionOf(options: ConnectionOptions) {
  const [address = '', query = ''] = options.url.split('?');
  const parameters = new URLSearchParams(query);
  const own = {
    ...sessionSettings,
    statement_timeout: String(options.statementTimeoutMs ?? 30_000),
  };
  const switches = Object.entries(own).map(([name, value]) => `-c ${name}=${value}`);
  parameters.set('options', [parameters.get('options') ?? '', ...switches].join(' ').trim());
  return {
    connectionString: `${address}?${parameters}`,
    application_name: options.applicationName ?? 'formwork',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  };
}

/** knex would write to the console otherwise. Its remarks are errors, or texts that hold the stack of one. */
function remarks(log: ConnectionOptions['log']): Knex.Logger {
  return {
    warn: (remark) => log?.warn({ remark: withoutStack(String(remark)) }, 'A remark of the database pool'),
    deprecate: (method, alternative) => log?.warn({ method, alternative }, 'The database pool is used in a deprecated way'),
    error: (remark) => log?.error({ remark: withoutStack(String(remark)) }, 'An error in the database pool'),
    debug: () => undefined,
  };
}

const withoutStack = (text: string): string => text.replace(/\n\s+at [\s\S]*$/, '');
