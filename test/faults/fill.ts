// Fills an entity's table with many complete rows: copies of one record that the program itself has made.
import type pg from 'pg';

export interface Filling {
  /** `"schema"."table"`, and what the ids of the new rows begin with (24 characters and three hyphens, then 12 digits). */
  readonly table: string;
  readonly schema: string;
  readonly tableName: string;
  /** The record that is copied. */
  readonly template: string;
  readonly rows: number;
  /** Column → SQL over `n` (1 … rows); the others are as in the template. */
  readonly values: Readonly<Record<string, string>>;
}

/** The id of the n-th filled row. */
export const filledId = (n: number): string => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const idSql = `('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;

/** Indexes are made again afterwards, which is many times faster than keeping them up. */
export async function fillTable(client: pg.Client, filling: Filling): Promise<void> {
  const { table, schema, tableName, template, rows } = filling;
  const columns = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  const values: Readonly<Record<string, string>> = { ...filling.values, id: idSql };
  const names = columns.rows.map(({ name }) => `"${name}"`).join(', ');
  const expressions = columns.rows.map(({ name }) => values[name] ?? `t."${name}"`).join(', ');
  const indexes = await client.query<{ name: string; definition: string }>(
    `SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = $1::regclass AND NOT i.indisprimary AND c.relnamespace = $2::regnamespace`,
    [table, schema],
  );
  await client.query(`SET statement_timeout = 0; SET search_path = "${schema}", public; SET maintenance_work_mem = '256MB'`);
  for (const { name } of indexes.rows) await client.query(`DROP INDEX "${schema}"."${name}"`);
  await client.query(
    `INSERT INTO ${table} (${names}) SELECT ${expressions} FROM ${table} t, generate_series(1, ${rows}) AS n WHERE t.id = '${template}'`,
  );
  for (const { definition } of indexes.rows) await client.query(definition);
  await client.query(`VACUUM ANALYZE "${schema}"."${tableName}"`);
}

/** A digest over all filled rows that nobody writes to: whether a change of the metadata touched what it should not. */
export async function filledDigest(
  client: pg.Client,
  { table, columns, from }: { readonly table: string; readonly columns: readonly string[]; readonly from: number },
): Promise<string> {
  const { rows } = await client.query<{ digest: string }>(
    `SELECT count(*) || ' rows ' || coalesce(sum(hashtextextended(ROW(${columns.map((name) => `t."${name}"`).join(', ')})::text, 0)::numeric), 0) AS digest
       FROM ${table} t WHERE t.id >= '${filledId(from)}' AND t.id < '01900000-0000-7000-8001-000000000000'`,
  );
  return rows[0]?.digest ?? '';
}
