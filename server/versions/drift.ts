// Compares the system catalogues with the model that is in force: what somebody changed by hand, or a rollback left looser.
import type { ColumnModel, SchemaModel, TableModel } from '../tables/schema-types.ts';
import type { Session } from './session.ts';

interface Catalogue {
  /** `table.column` → `type`, with ` not null` and the collation where it is not the type's own. */
  readonly columns: ReadonlyMap<string, string>;
  /** Name of an index or foreign key → whether it is valid. */
  readonly objects: ReadonlyMap<string, boolean>;
}

/** One sentence a difference; none when the database is as the journal says. */
export async function findDrift(session: Session, model: SchemaModel): Promise<readonly string[]> {
  const catalogue = await readCatalogue(session, model.schema);
  const present = new Set([...catalogue.columns.keys()].map((name) => name.split('.')[0]));
  return model.tables.flatMap((table) =>
    present.has(table.name)
      ? [...columnDrift(catalogue, table), ...objectDrift(catalogue, table)]
      : [`Table ${table.name} is missing.`],
  );
}

async function readCatalogue(session: Session, schema: string): Promise<Catalogue> {
  const columns = await session.query<{ name: string; definition: string }>(
    `SELECT c.relname || '.' || a.attname AS name,
       format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
         || CASE WHEN a.attcollation <> t.typcollation THEN ' collate ' || o.collname ELSE '' END AS definition
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_collation o ON o.oid = a.attcollation
     WHERE c.relnamespace = to_regnamespace(quote_ident($1)) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`,
    [schema],
  );
  const objects = await session.query<{ name: string; valid: boolean }>(
    `SELECT c.relname AS name, i.indisvalid AS valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relnamespace = to_regnamespace(quote_ident($1))
     UNION ALL SELECT conname, convalidated FROM pg_constraint
     WHERE connamespace = to_regnamespace(quote_ident($1)) AND contype = 'f'`,
    [schema],
  );
  return {
    columns: new Map(columns.map((column) => [column.name, column.definition])),
    objects: new Map(objects.map((object) => [object.name, object.valid])),
  };
}

const definition = (column: ColumnModel): string =>
  `${column.type}${column.notNull ? ' not null' : ''}${column.collation === null ? '' : ` collate ${column.collation}`}`;

function columnDrift({ columns }: Catalogue, table: TableModel): readonly string[] {
  return table.columns.flatMap((column) => {
    const name = `${table.name}.${column.name}`;
    const found = columns.get(name);
    if (found === undefined) return [`Column ${name} is missing.`];
    return found === definition(column) ? [] : [`Column ${name} is "${found}", not "${definition(column)}".`];
  });
}

function objectDrift({ objects }: Catalogue, table: TableModel): readonly string[] {
  const expected = [
    { name: table.primaryKey.name, what: 'Primary key' },
    ...table.indexes.map(({ name }) => ({ name, what: 'Index' })),
    ...table.foreignKeys.map(({ name }) => ({ name, what: 'Foreign key' })),
  ];
  return expected.flatMap(({ name, what }) => {
    const valid = objects.get(name);
    if (valid === undefined) return [`${what} ${name} is missing.`];
    return valid ? [] : [`${what} ${name} is not valid.`];
  });
}
