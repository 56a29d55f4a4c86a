// One SQL statement with its parameters, and how it is run on a pool or inside a transaction.
import type { Knex } from 'knex';
import type { AppMetadata } from '../metadata/types.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Prepared once a connection under this name, so that it is planned once; only for text that is always the same. */
  readonly name?: string;
}

/** Collects parameters while SQL text is put together: values never enter the text. */
export interface Parameters {
  /** Adds a value; returns its placeholder, e.g. `$3`. */
  bind(value: unknown): string;
  /** Forgets what was bound since there were so many: of text that is not used after all. */
  rewind(count: number): void;
  readonly values: readonly unknown[];
}

export function parameters(): Parameters {
  const values: unknown[] = [];
  return {
    values,
    bind(value) {
      values.push(value);
      return `$${values.length}`;
    },
    rewind(count) {
      values.length = count;
    },
  };
}

interface Connection {
  query(query: {
    text: string;
    values: unknown[];
    name?: string;
  }): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
}

/** Knex's pool or transaction hands out the pg connection; `$n` placeholders and text pass untouched. */
export async function run<Row extends Record<string, unknown>>(
  database: Knex | Knex.Transaction,
  statement: Statement,
): Promise<Row[]> {
  const connection: Connection = await database.client.acquireConnection();
  try {
    const result = await connection.query({ ...statement, values: [...statement.values] });
    return result.rows as Row[];
  } finally {
    await database.client.releaseConnection(connection);
  }
}

/** A pool that is being destroyed takes requests and lets them wait until they time out; knex has no public word for it. */
export const isOpen = (database: Knex): boolean => database.client.pool?.destroyed === false;

/** `"name"` with embedded quotes doubled. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `'text'` as a literal; only for names from the registry, never for input. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A table of the engine itself, qualified: `"schema"."prefix_name"`. */
export const engineTable = (app: AppMetadata, name: string): string => `${quoted(app.schema)}.${quoted(app.prefix + name)}`;
