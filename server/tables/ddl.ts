// SQL of single definitions: a column, a table, an index, a foreign key. Every name and literal is quoted here.
import { partitionName, quoteName } from './names.ts';
import type { ColumnModel, ForeignKeyModel, IndexModel, TableModel } from './schema-types.ts';

export const qualified = (schema: string, name: string): string => `${quoteName(schema)}.${quoteName(name)}`;

/** `"name" text COLLATE "und-x-icu" NOT NULL DEFAULT ''` */
export function columnDefinition(column: ColumnModel): string {
  const collation = column.collation === null ? '' : ` COLLATE ${quoteName(column.collation)}`;
  const value = column.default === null ? '' : ` DEFAULT ${column.default}`;
  return `${quoteName(column.name)} ${column.type}${collation}${column.notNull ? ' NOT NULL' : ''}${value}`;
}

/** The statements that make a table with its key and indexes, and for a partitioned one its default partition. */
export function createTable(schema: string, table: TableModel): readonly string[] {
  const name = qualified(schema, table.name);
  const key = `CONSTRAINT ${quoteName(table.primaryKey.name)} PRIMARY KEY (${table.primaryKey.columns.map(quoteName).join(', ')})`;
  const lines = [...table.columns.map(columnDefinition), key].map((line) => `  ${line}`).join(',\n');
  const create = `CREATE TABLE ${name} (\n${lines}\n)${table.partitioned ? ' PARTITION BY RANGE ("created_at")' : ''}`;
  const rest = qualified(schema, partitionName(table.name, 'default'));
  const partition = table.partitioned ? [`CREATE TABLE ${rest} PARTITION OF ${name} DEFAULT`] : [];
  return [create, ...partition, ...table.indexes.map((index) => createIndex(schema, table.name, index))];
}

export function createIndex(schema: string, table: string, index: IndexModel, concurrently = false): string {
  const unique = index.unique ? 'UNIQUE ' : '';
  const name = `${concurrently ? 'CONCURRENTLY ' : ''}${quoteName(index.name)} ON ${qualified(schema, table)}`;
  if (index.method === 'trigram') {
    // A short pending list: searches read it from end to end. The operator class is found on the search path.
    const columns = index.columns.map((column) => `${quoteName(column.name)} gin_trgm_ops`).join(', ');
    return `CREATE INDEX ${name} USING gin (${columns}) WITH (gin_pending_list_limit = 256)`;
  }
  const columns = index.columns
    .map(({ name: column, order }) => `${quoteName(column)}${order === 'ASC' ? '' : ` ${order}`}`)
    .join(', ');
  return `CREATE ${unique}INDEX ${name} (${columns})${index.liveOnly ? ' WHERE "deleted_at" IS NULL' : ''}`;
}

export function dropIndex(schema: string, index: IndexModel, concurrently = false): string {
  return `DROP INDEX ${concurrently ? 'CONCURRENTLY ' : ''}IF EXISTS ${qualified(schema, index.name)}`;
}

/** Deferrable, so that one transaction may purge records that point at each other. */
export function addForeignKey(schema: string, table: string, key: ForeignKeyModel, validated: boolean): string {
  return (
    `ALTER TABLE ${qualified(schema, table)} ADD CONSTRAINT ${quoteName(key.name)} FOREIGN KEY (${quoteName(key.column)})` +
    ` REFERENCES ${qualified(schema, key.targetTable)} ("id") DEFERRABLE INITIALLY IMMEDIATE${validated ? '' : ' NOT VALID'}`
  );
}

export function dropConstraint(schema: string, table: string, name: string, ifExists = false): string {
  return `ALTER TABLE ${qualified(schema, table)} DROP CONSTRAINT ${ifExists ? 'IF EXISTS ' : ''}${quoteName(name)}`;
}

export function alterColumn(schema: string, table: string, column: string, change: string): string {
  return `ALTER TABLE ${qualified(schema, table)} ALTER COLUMN ${quoteName(column)} ${change}`;
}

export function renameColumn(schema: string, table: string, from: string, to: string): string {
  return `ALTER TABLE ${qualified(schema, table)} RENAME COLUMN ${quoteName(from)} TO ${quoteName(to)}`;
}

export function renameTable(schema: string, from: string, to: string): string {
  return `ALTER TABLE ${qualified(schema, from)} RENAME TO ${quoteName(to)}`;
}
