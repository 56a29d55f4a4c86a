// All that a change may leave behind in a database, as text: schema with its triggers, rows of every record, versions in force.
import type { Knex } from 'knex';
import { schemaDump } from '../tables/support/schema-dump.ts';

export interface State {
  /** Lines of the schema; what was set aside for the way back is left out, it stays until its time is over. */
  readonly schema: readonly string[];
  /** Table → how many rows and a digest over them, of the columns in force. */
  readonly rows: Readonly<Record<string, string>>;
}

const isAside = (line: string): boolean => line.includes('__retired_');
/** The journal and what runs beside the records: written by any change, and by time. */
const notRecords =
  /_(meta_\w+|outbox\w*|auditlog\w*|timeline\w*|idempotency\w*|nodes|queue\w*|cursors?|users|refresh_\w+|signing_\w+|sessions?|login_\w+|custom_fields|workflows|workflow_\w+|migrations|system_\w+)$/;

export async function stateOf(knex: Knex, schema: string): Promise<State> {
  const { rows: triggers } = await knex.raw<{ rows: { line: string }[] }>(
    `SELECT 'trigger: ' || pg_get_triggerdef(t.oid) AS line FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE NOT t.tgisinternal AND c.relnamespace = ?::regnamespace ORDER BY 1`,
    [schema],
  );
  const lines = [...(await schemaDump(knex, schema)), ...triggers.map(({ line }) => line)].filter((line) => !isAside(line));
  return { schema: lines, rows: await digests(knex, schema) };
}

async function digests(knex: Knex, schema: string): Promise<Readonly<Record<string, string>>> {
  const { rows: tables } = await knex.raw<{ rows: { name: string; columns: string[] }[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attname) AS columns FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = ?::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
      GROUP BY c.relname HAVING bool_or(a.attname = 'id')`,
    [schema],
  );
  const found: Record<string, string> = {};
  for (const { name, columns } of tables) {
    if (isAside(name) || notRecords.test(name)) continue;
    const values = columns.filter((column) => !isAside(column)).map((column) => `t."${column}"`);
    const { rows } = await knex.raw<{ rows: { digest: string }[] }>(
      `SELECT count(*) || ' rows, ' || coalesce(md5(string_agg(md5(ROW(${values.join(', ')})::text), '' ORDER BY id)), '') AS digest FROM "${schema}"."${name}" t`,
    );
    found[name] = rows[0]?.digest ?? '';
  }
  return found;
}

/** What must never be there, whatever was killed when: a sentence each. */
export async function leftovers(
  knex: Knex,
  { schema, prefix }: { readonly schema: string; readonly prefix: string },
): Promise<readonly string[]> {
  const { rows } = await knex.raw<{ rows: { line: string }[] }>(
    `SELECT 'index ' || c.relname || ' is invalid' AS line FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE c.relnamespace = :schema::regnamespace AND NOT i.indisvalid
     UNION ALL SELECT 'constraint ' || conname || ' is not validated' FROM pg_constraint
      WHERE connamespace = :schema::regnamespace AND NOT convalidated
     UNION ALL SELECT 'trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE c.relnamespace = :schema::regnamespace AND NOT t.tgisinternal
     UNION ALL SELECT 'version ' || number || ' is ' || status FROM "${schema}"."${prefix}meta_versions" WHERE status NOT IN ('applied', 'undone')`,
    { schema },
  );
  return rows.map(({ line }) => line);
}
