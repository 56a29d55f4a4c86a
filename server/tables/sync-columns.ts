// A trigger that keeps two columns of one field equal while its type changes: whichever of them is written, the other follows.
import type { Conversion } from './conversions.ts';
import { qualified } from './ddl.ts';
import { objectName, quoteName, quoteText, shortHash } from './names.ts';

export interface Synced {
  readonly schema: string;
  readonly entityId: string;
  /** Of the trigger and its function; the table's from before the change, whatever it is called meanwhile. */
  readonly title: string;
  readonly table: string;
  /** Column id of the new generation. */
  readonly id: string;
  /** Names of the two columns where they stand now. */
  readonly source: string;
  readonly shadow: string;
  readonly forth: Conversion;
  readonly back: Conversion;
}

/** The value in the other type; null where it has none there. */
export function converted({ using, invalid }: Conversion, column: string): string {
  return invalid === null
    ? `(${using(column)})`
    : `(CASE WHEN ${column} IS NOT NULL AND NOT (${invalid(column)}) THEN ${using(column)} END)`;
}

/** One name for the trigger and its function. */
const nameOf = ({ title, entityId, id }: Synced): string => objectName(title, shortHash(entityId, id), 'sync');

/**
 * A write that leaves the pair equal changes nothing: a backfill does not come back as another spelling of the same value
 * (`007` → 7 → `7`), and a value that the old type cannot hold stays in the new column.
 */
export function syncFunction(synced: Synced): string {
  const { schema, forth, back } = synced;
  const [source, shadow] = [quoteName(synced.source), quoteName(synced.shadow)];
  const [toShadow, toSource] = [converted(forth, `NEW.${source}`), converted(back, `NEW.${shadow}`)];
  const body = `BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.${source} IS NULL THEN NEW.${source} := ${toSource};
    ELSE NEW.${shadow} := ${toShadow};
    END IF;
  ELSIF NEW.${source} IS DISTINCT FROM OLD.${source} THEN
    IF NEW.${source} IS DISTINCT FROM ${toSource} THEN NEW.${shadow} := ${toShadow}; END IF;
  ELSIF NEW.${shadow} IS DISTINCT FROM OLD.${shadow} THEN
    IF NEW.${shadow} IS DISTINCT FROM ${toShadow} THEN NEW.${source} := ${toSource}; END IF;
  END IF;
  RETURN NEW;
END`;
  return `CREATE OR REPLACE FUNCTION ${qualified(schema, nameOf(synced))}() RETURNS trigger LANGUAGE plpgsql AS ${quoteText(body)}`;
}

export function createSync(synced: Synced): readonly string[] {
  const { schema, table } = synced;
  const name = nameOf(synced);
  return [
    syncFunction(synced),
    `CREATE TRIGGER ${quoteName(name)} BEFORE INSERT OR UPDATE ON ${qualified(schema, table)} FOR EACH ROW EXECUTE FUNCTION ${qualified(schema, name)}()`,
  ];
}

export function dropSync(synced: Synced): readonly string[] {
  const { schema, table } = synced;
  const name = nameOf(synced);
  return [`DROP TRIGGER ${quoteName(name)} ON ${qualified(schema, table)}`, `DROP FUNCTION ${qualified(schema, name)}()`];
}
