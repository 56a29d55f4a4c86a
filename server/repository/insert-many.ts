// Inserts many records of one entity at once, as they were made at given times: demo records, which have a past.
// Parsed and held to the rules like any other, with audit and timeline; without hooks and events, so nothing acts on them.
import { defaultAutoNumberFormat, formatAutoNumber } from '../fields/auto-number.ts';
import type { Column, Entity } from '../metadata/registry.ts';
import { entityFor, requireOperation } from './access.ts';
import { authorOf } from './actor.ts';
import { type AppendedRow, thisTransaction } from './append.ts';
import { auditRow } from './audit.ts';
import { refuseIssues } from './change.ts';
import { columnValues } from './columns.ts';
import type { Context } from './context.ts';
import { derive } from './derived.ts';
import { changeOf, type Draft } from './draft.ts';
import { emptyRollups } from './empty-rollups.ts';
import { parseInput } from './input.ts';
import { maintainedColumns } from './maintained.ts';
import type { RecordValues } from './records.ts';
import { incompleteReferences } from './references.ts';
import type { RecordChange } from './rollup-deltas.ts';
import { noteForRollups } from './rollups.ts';
import { checkRules } from './rules.ts';
import type { RepositoryServices } from './services.ts';
import { engineTable, quoted, run } from './statement.ts';
import { timelineRow } from './timeline.ts';
import { inTransaction, type TransactionContext } from './transaction.ts';

export interface PastRecord {
  readonly id: string;
  /** When it was made, RFC 3339. */
  readonly at: string;
  /** Id of the user who made it; absent: the context's actor. */
  readonly by?: string;
  readonly values: RecordValues;
}

/**
 * Records that are there already, by their ids, are left alone. Inside of one transaction they may refer to records that come
 * later: references are checked when it commits.
 * @returns how many were inserted
 * @throws problem `validation_failed` of the first record that does not pass
 */
export async function insertMany(
  services: RepositoryServices,
  context: Context,
  name: string,
  records: readonly PastRecord[],
): Promise<number> {
  const entity = entityFor(context, name);
  requireOperation(context, entity, 'create');
  return inTransaction(services, context, async (inner) => {
    await run(inner.transaction, { text: 'SET CONSTRAINTS ALL DEFERRED', values: [] });
    const known = await knownIds(inner, entity, records);
    const missing = records.filter(({ id }) => !known.has(id));
    if (missing.length === 0) return 0;
    const rows: Row[] = [];
    const traces: AppendedRow[] = [];
    const changes: RecordChange[] = [];
    const numbers = await nextNumbers(inner, entity, missing.length);
    for (const [at, record] of missing.entries()) {
      const { row, after, appended } = await rowOf(services, inner, entity, record, numbers[at] ?? {});
      rows.push(row);
      traces.push(...appended);
      changes.push({ entity, id: record.id, before: null, after });
    }
    const columns = [...entity.fields.values()].flatMap((field) =>
      field.type.secret === true ? [] : [...field.columns, ...(field.kept ?? [])],
    );
    await insertRows(inner, entity.qualifiedTable, columns, rows);
    await insertTraces(inner, traces);
    for (const change of changes) await noteForRollups(inner, change);
    return missing.length;
  });
}

type Row = Readonly<Record<string, unknown>>;

async function knownIds(
  { transaction }: TransactionContext,
  entity: Entity,
  records: readonly PastRecord[],
): Promise<ReadonlySet<string>> {
  const found = await run<{ id: string }>(transaction, {
    text: `SELECT "id" FROM ${entity.qualifiedTable} WHERE "id" = ANY($1::uuid[])`,
    values: [records.map(({ id }) => id)],
  });
  return new Set(found.map(({ id }) => id));
}

async function rowOf(
  services: RepositoryServices,
  context: TransactionContext,
  entity: Entity,
  { id, at, by, values }: PastRecord,
  numbers: RecordValues,
): Promise<{ readonly row: Row; readonly after: RecordValues; readonly appended: readonly AppendedRow[] }> {
  const author = by ?? authorOf(context.actor);
  const system = { id, version: 1, created_at: at, created_by: author, updated_at: at, updated_by: author };
  const rollups = emptyRollups(entity);
  const parsed = await parseInput(services, context, entity, values, null, { trusted: true });
  const numbered = { ...parsed.after, ...numbers, ...rollups.values, ...system };
  const derived = await derive(context, entity, numbered);
  const named = { ...numbered, ...derived.values };
  const draft: Draft = { entity, id, before: null, parsed: { ...parsed, after: named } };
  const drafted = changeOf(draft);
  const { changed } = drafted;
  refuseIssues([
    ...parsed.issues,
    ...incompleteReferences(entity, named),
    ...(await checkRules(services, context, entity, { id, before: null, after: named, changed })),
  ]);
  const maintained = maintainedColumns(entity, named);
  const change = { ...drafted, after: { ...named, display_name: maintained['display_name'] } };
  const acting = author === null ? context : { ...context, actor: { ...context.actor, id: author } };
  const appended = [auditRow(acting, change, 1, []), timelineRow(acting, change)].filter((row) => row !== undefined);
  return {
    row: {
      ...parsed.columns,
      ...columnValues(entity, numbers),
      ...rollups.columns,
      ...derived.columns,
      ...maintained,
      ...system,
    },
    after: change.after,
    appended: appended.map(({ table, values: told }) => ({ table, values: { ...told, created_at: at, updated_at: at } })),
  };
}

/** As many numbers as there are records, of each field that counts; the counters stay locked until the commit. */
async function nextNumbers(context: TransactionContext, entity: Entity, count: number): Promise<readonly RecordValues[]> {
  const numbers: Record<string, string>[] = Array.from({ length: count }, () => ({}));
  for (const { name, type, meta } of entity.fields.values()) {
    if (type.name !== 'autoNumber') continue;
    const start = Number(meta['start'] ?? 1);
    const [row] = await run<{ value: string }>(context.transaction, {
      text: `INSERT INTO ${engineTable(context.registry.app, 'counters')} AS c (entity, field, value) VALUES ($1, $2, $3)
        ON CONFLICT (entity, field) DO UPDATE SET value = c.value + $4 RETURNING value`,
      values: [entity.id, meta.id, start + count - 1, count],
    });
    const last = Number(row?.value ?? count);
    const format = String(meta['format'] ?? defaultAutoNumberFormat);
    for (const [at, own] of numbers.entries()) own[name] = formatAutoNumber(format, String(last - count + 1 + at));
  }
  return numbers;
}

/** One parameter holds all rows: no limit on how many, and one text an entity. */
async function insertRows(
  { transaction }: TransactionContext,
  table: string,
  columns: readonly Pick<Column, 'name' | 'type' | 'kind'>[],
  rows: readonly Row[],
): Promise<void> {
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const types = columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ');
  const json = columns.filter(({ kind }) => kind === 'json').map(({ name }) => name);
  await run(transaction, {
    text: `INSERT INTO ${table} (${names}) SELECT ${names} FROM json_to_recordset($1::json) AS r(${types})`,
    values: [JSON.stringify(rows.map((row) => withParsed(row, json)))],
  });
}

/** JSON columns come as text, which would become a JSON string. */
function withParsed(row: Row, names: readonly string[]): Row {
  const texts = names.filter((name) => typeof row[name] === 'string');
  return texts.length === 0 ? row : { ...row, ...Object.fromEntries(texts.map((name) => [name, JSON.parse(String(row[name]))])) };
}

async function insertTraces(context: TransactionContext, traces: readonly AppendedRow[]): Promise<void> {
  const [now] = await run<{ id: string }>(context.transaction, { text: 'SELECT pg_current_xact_id()::text AS id', values: [] });
  for (const { qualifiedTable, fields } of context.registry.entities.values()) {
    const rows = traces.filter(({ table }) => table === qualifiedTable).map(({ values }) => values);
    const [first] = rows;
    if (first === undefined) continue;
    const columns = [...fields.values()].flatMap((field) => field.columns).filter(({ name }) => Object.hasOwn(first, name));
    const numbered = rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === thisTransaction ? now?.id : value])),
    );
    await insertRows(context, qualifiedTable, columns, numbered);
  }
}
