// A database of its own for each test file, on the server that test-server.ts started; and templates made once a run.
import type { Knex } from 'knex';
import pg from 'pg';
import { connect } from '../../server/database/pool.ts';

/** Environment variables through which the set-up speaks to the test files. */
export const serverVariable = 'FORMWORK_TEST_SERVER';
export const runVariable = 'FORMWORK_TEST_RUN';

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  readonly knex: Knex;
  /** Closes the pool and removes the database, throwing out whoever is still connected. Call it in `afterAll`. */
  drop(): Promise<void>;
}

let made = 0;

/**
 * Makes a fresh database.
 * @param options.template a name from `templateDatabase`; without it the database is empty
 * @example const database = await testDatabase(); afterAll(() => database.drop());
 */
export async function testDatabase(options: { readonly template?: string } = {}): Promise<TestDatabase> {
  made += 1;
  const name = `${run()}_${process.pid}_${Date.now().toString(36)}_${made}`;
  const template = options.template === undefined ? '' : ` TEMPLATE ${pg.escapeIdentifier(options.template)}`;
  await onServer((client) => whenNobodyIsThere(client, `CREATE DATABASE ${pg.escapeIdentifier(name)}${template}`));
  const url = urlOf(name);
  const knex = connect({ url, poolSize: 5, applicationName: 'formwork test' });
  const drop = async () => {
    await knex.destroy();
    await onServer((client) => client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`));
  };
  return { url, name, knex, drop };
}

/**
 * The name of a database for `testDatabase({ template })`, built by the first test file of the run that asks for it;
 * the others wait. A build that fails leaves nothing, and the next caller tries again.
 * @param name short name, `^[a-z][a-z0-9_]*$`
 * @param build fills the database; it must close its connections
 */
export async function templateDatabase(name: string, build: (url: string) => Promise<void>): Promise<string> {
  const ready = `${run()}_template_${name}`;
  const unfinished = `${ready}_unfinished`;
  const [readyName, unfinishedName] = [pg.escapeIdentifier(ready), pg.escapeIdentifier(unfinished)];
  await onServer(async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [ready]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [ready]);
    if (rowCount !== 0) return;
    await client.query(`DROP DATABASE IF EXISTS ${unfinishedName} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${unfinishedName}`);
    await build(urlOf(unfinished));
    await whenNobodyIsThere(client, `ALTER DATABASE ${unfinishedName} RENAME TO ${readyName}`);
  });
  return ready;
}

/** The server's own database, for tests of whole servers. Not to be written to. */
export function serverUrl(): string {
  return required(serverVariable);
}

/** Removes what this run made on a server that outlives it. */
export async function removeDatabases(): Promise<void> {
  await onServer(async (client) => {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
      run(),
    ]);
    for (const { datname } of rows) await client.query(`DROP DATABASE ${pg.escapeIdentifier(datname)} WITH (FORCE)`);
  });
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** PostgreSQL copies and renames only databases without connections (55006), and closed ones take a moment to go. */
async function whenNobodyIsThere(client: pg.Client, sql: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== '55006' || attempt === 10) throw error;
      await client.query('SELECT pg_sleep(0.1)');
    }
  }
}

function urlOf(database: string): string {
  const url = new URL(serverUrl().replace('@/', '@localhost/'));
  url.pathname = `/${database}`;
  return url.href;
}

function run(): string {
  return required(runVariable);
}

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: test files run under test/support/test-server.ts`);
  return value;
}
