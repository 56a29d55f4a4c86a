// A schema as sorted lines of text, from the system catalogues: equal for equal schemas, whatever way they came about.
import type { Knex } from 'knex';

const queries: Readonly<Record<string, string>> = {
  table: `SELECT c.relname || ' ' || c.relkind::text || coalesce(' ' || pg_get_expr(c.relpartbound, c.oid), '')
      || coalesce(' ' || array_to_string(c.reloptions, ','), '')
    FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`,
  column: `SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attcollation <> t.typcollation THEN ' collate ' || (SELECT collname FROM pg_collation o WHERE o.oid = a.attcollation) ELSE '' END
      || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || a.attidentity::text
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`,
  index: `SELECT pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
      || coalesce(' ' || array_to_string(c.reloptions, ','), '')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = $1::regnamespace`,
  // From PostgreSQL 18 on NOT NULL is a constraint too; the columns tell that already.
  constraint: `SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || CASE WHEN convalidated THEN '' ELSE ' (not validated)' END
    FROM pg_constraint WHERE connamespace = $1::regnamespace AND contype <> 'n' AND conrelid <> 0`,
  sequence: `SELECT sequencename || ' ' || data_type FROM pg_sequences WHERE schemaname = $1`,
  function: `SELECT proname || '(' || pg_get_function_identity_arguments(oid) || ')' FROM pg_proc WHERE pronamespace = $1::regnamespace`,
  type: `SELECT typname FROM pg_type WHERE typnamespace = $1::regnamespace AND typtype <> 'b'`,
  extension: `SELECT extname FROM pg_extension WHERE extnamespace = $1::regnamespace`,
};

/** Nothing for a schema that is not there. */
export async function schemaDump(knex: Knex, schema: string): Promise<readonly string[]> {
  const { rows } = await knex.raw('SELECT to_regnamespace(?) IS NOT NULL AS there', [schema]);
  if (rows[0].there !== true) return [];
  const lines: string[] = [];
  for (const [kind, sql] of Object.entries(queries)) {
    const result = await knex.raw<{ rows: object[] }>(sql.replaceAll('$1', `'${schema}'`));
    lines.push(...result.rows.map((row) => `${kind}: ${Object.values(row).join(' ')}`));
  }
  return lines.sort();
}

/** Everything outside of one schema: namespaces, relations, functions, types, extensions, roles, settings. */
export async function outsideDump(knex: Knex, schema: string): Promise<readonly string[]> {
  const { rows } = await knex.raw<{ rows: { line: string }[] }>(
    `SELECT line FROM (
       SELECT 'schema ' || nspname AS line FROM pg_namespace WHERE nspname <> :schema AND nspname NOT LIKE 'pg%temp%'
       UNION ALL SELECT 'relation ' || n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname NOT IN (:schema, 'pg_toast') AND n.nspname NOT LIKE 'pg%temp%'
       UNION ALL SELECT 'function ' || n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname <> :schema
       UNION ALL SELECT 'type ' || n.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
         WHERE n.nspname NOT IN (:schema, 'pg_toast') AND n.nspname NOT LIKE 'pg%temp%'
       UNION ALL SELECT 'extension ' || extname FROM pg_extension WHERE extnamespace <> to_regnamespace(:schema)::oid OR to_regnamespace(:schema) IS NULL
       UNION ALL SELECT 'role ' || rolname FROM pg_roles
       UNION ALL SELECT 'setting ' || s::text FROM pg_db_role_setting s WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
     ) all_lines ORDER BY line`,
    { schema },
  );
  return rows.map((row) => row.line);
}
