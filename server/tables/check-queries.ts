// The questions a plan puts to the data: which rows speak against a step. Each gives `example` and `total`, five rows at most.
import type { Conversion } from './conversions.ts';
import { qualified } from './ddl.ts';
import { quoteName, quoteText } from './names.ts';
import type { Check, ColumnModel, ForeignKeyModel, TableModel } from './schema-types.ts';

const pointerTo = (table: TableModel, name: string): string => `/entities/${table.entity}/fields/${name}`;

const rows = (from: string, where: string): string =>
  `SELECT t."id"::text AS example, (count(*) OVER ())::text AS total FROM ${from} t WHERE ${where} ORDER BY t."id" LIMIT 5`;

/** `column` as it is before the change; undefined: it is new, so every row lacks it. */
export function nullsCheck(schema: string, table: TableModel, column: ColumnModel | undefined, wanted: ColumnModel): Check {
  const where = column === undefined ? 'true' : `t.${quoteName(column.name)} IS NULL`;
  const detail = `"${wanted.name}" is to be required, but records have no value there. Fill them, or give the field a default.`;
  return { code: 'nulls', pointer: pointerTo(table, wanted.name), detail, sql: rows(qualified(schema, table.name), where) };
}

/** `columns` are the names before the change. */
export function duplicatesCheck(schema: string, table: TableModel, columns: readonly string[]): Check {
  const names = columns.map((name) => `t.${quoteName(name)}`);
  const present = ['t."deleted_at" IS NULL', ...names.map((name) => `${name} IS NOT NULL`)].join(' AND ');
  return {
    code: 'duplicates',
    pointer: pointerTo(table, columns[0] ?? ''),
    detail: `"${columns.join(', ')}" is to be unique, but live records share a value. The examples are pairs of such records.`,
    sql:
      `SELECT array_to_string((array_agg(t."id"::text ORDER BY t."id"))[1:2], ' = ') AS example, (count(*) OVER ())::text AS total` +
      ` FROM ${qualified(schema, table.name)} t WHERE ${present} GROUP BY ${names.join(', ')} HAVING count(*) > 1 ORDER BY 1 LIMIT 5`,
  };
}

/** `column` as it is before the change. */
export function unconvertibleCheck(
  schema: string,
  table: TableModel,
  column: ColumnModel,
  type: string,
  { invalid }: Conversion,
): Check {
  const name = `t.${quoteName(column.name)}`;
  return {
    code: 'unconvertible',
    pointer: pointerTo(table, column.name),
    detail: `"${column.name}" is to become ${type}, but records hold values that would not convert or would lose digits.`,
    sql: rows(qualified(schema, table.name), `${name} IS NOT NULL AND (${invalid?.(name) ?? 'false'})`),
  };
}

/** A column that goes although its field stays: the type that the field is to have keeps its values in other columns. */
export function otherColumnsCheck(schema: string, table: TableModel, column: ColumnModel): Check {
  return {
    code: 'unconvertible',
    pointer: pointerTo(table, column.name),
    detail: `"${column.name}" is to get a type that takes nothing of its values. Empty it, or retire it and add a new field.`,
    sql: rows(qualified(schema, table.name), `t.${quoteName(column.name)} IS NOT NULL`),
  };
}

/** Rows of the qualified table that meet the predicate over bare columns. */
export const foundRows = (table: string, where: string): string => rows(table, where);

/** Records, deleted ones too, that hold one of the values, alone or in a list. */
export function optionsCheck(schema: string, table: TableModel, column: ColumnModel, values: readonly string[]): Check {
  const name = `t.${quoteName(column.name)}`;
  const list = `ARRAY[${values.map(quoteText).join(', ')}]::text[]`;
  return {
    code: 'options_in_use',
    pointer: pointerTo(table, column.name),
    detail: `Options that go are still the value of "${column.name}" in records: ${values.join(', ')}. Say what replaces them.`,
    sql: rows(
      qualified(schema, table.name),
      column.type.endsWith('[]') ? `${name}::text[] && ${list}` : `${name}::text = ANY (${list})`,
    ),
  };
}

export function orphansCheck(schema: string, table: TableModel, column: string, key: ForeignKeyModel, target: string): Check {
  const found = `EXISTS (SELECT FROM ${qualified(schema, target)} o WHERE o."id" = t.${quoteName(column)})`;
  return {
    code: 'orphans',
    pointer: pointerTo(table, key.column),
    detail: `"${key.column}" is to refer to ${key.targetTable}, but records hold ids that are not there.`,
    sql: rows(qualified(schema, table.name), `t.${quoteName(column)} IS NOT NULL AND NOT ${found}`),
  };
}

/** A change that no step can make, whatever the data. */
export function unsupportedCheck(table: TableModel, name: string, what: string): Check {
  return {
    code: 'unsupported',
    pointer: name === '' ? `/entities/${table.entity}` : pointerTo(table, name),
    detail: `${what} Retire it and add a new one instead.`,
    sql: `SELECT ${quoteText(what)} AS example, '1' AS total`,
  };
}
