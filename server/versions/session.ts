// One connection for a whole migration: the lock that it holds and the changes that it makes live and die together.
import type { Knex } from 'knex';
import type { Naming } from '../tables/schema-types.ts';

export interface Session {
  /** Runs one statement; `$n` placeholders. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

interface PoolConnection {
  query(query: { text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

export interface OpenSession {
  readonly session: Session;
  /** Gives the connection back to the pool. */
  close(): Promise<void>;
}

/** Takes a connection out of the pool until it is closed. */
export async function openSession(db: Knex): Promise<OpenSession> {
  const connection: PoolConnection = await db.client.acquireConnection();
  return {
    session: {
      query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
        (await connection.query({ text, values: [...values] })).rows as Row[],
    },
    close: () => db.client.releaseConnection(connection),
  };
}

/** The same for as long as `work` lasts. */
export async function withSession<T>(db: Knex, work: (session: Session) => Promise<T>): Promise<T> {
  const { session, close } = await openSession(db);
  try {
    return await work(session);
  } finally {
    await close();
  }
}

/** BEGIN, `work`, COMMIT; ROLLBACK when it throws. */
export async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query('BEGIN');
  try {
    const result = await work();
    await session.query('COMMIT');
    return result;
  } catch (error) {
    // On a dead connection the server has rolled back already.
    await session.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Extensions another application of the same database brought along stand in its schema; operator classes must be found there too. */
export async function setSearchPath(session: Session, app: Naming): Promise<void> {
  await session.query(
    `SELECT set_config('search_path', array_to_string(array(
       SELECT DISTINCT quote_ident(name) FROM (
         SELECT $1::text AS name
         UNION SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname IN ('pg_trgm', 'unaccent', 'fuzzystrmatch')
       ) names), ', '), false)`,
    [app.schema],
  );
}

/** The session's settings as they were when the pool opened it. */
export async function resetSession(session: Session): Promise<void> {
  for (const setting of ['search_path', 'lock_timeout', 'statement_timeout']) await session.query(`RESET ${setting}`);
}

/** The SQLSTATE of a driver error. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
