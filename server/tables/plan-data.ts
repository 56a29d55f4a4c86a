// Plan: changes of stored values that go with a version: options that are replaced or go, entities that take another name.
import type { DataChange } from '../metadata/data-change.ts';
import { batchResult, batchStatement } from './batch.ts';
import { foundRows, optionsCheck } from './check-queries.ts';
import { qualified } from './ddl.ts';
import { baseId } from './generations.ts';
import { quoteName, quoteText, shortHash, systemTable } from './names.ts';
import { renameFeatures } from './plan-feature-names.ts';
import type { ColumnModel, Naming, Step } from './schema-types.ts';
import { byBatch, step, stepId } from './step.ts';
import type { Placed, TableChange } from './table-change.ts';

/** All of it happens in `settle`, when nobody writes the old values any more; flags alone get theirs with the new metadata. */
export function changeValues(naming: Naming, changes: readonly TableChange[], data: readonly DataChange[]): readonly Step[] {
  const renames = new Map(data.flatMap((one) => (one.kind === 'renameEntityValue' ? [[one.from, one.to] as const] : [])));
  return [
    ...data.flatMap((one) => {
      if (one.kind === 'renameEntityValue') return [];
      const change = changes.find(({ before }) => before.entityId === one.entityId);
      const column = change?.columns.find(({ id, next }) => next !== undefined && baseId(id) === one.columnId);
      if (change === undefined || column?.next === undefined) return [];
      const at = { naming, change, column: { ...column, next: column.next } };
      if (one.kind === 'withdrawValues') return [withdrawValues(at, one.values)];
      // Undone in the reverse: what was replaced has its old value again before the rest is looked at.
      return [...putBack(at, one.back ?? {}), replaceValues(at, one.values)];
    }),
    ...(renames.size === 0
      ? []
      : changes.flatMap((change) => [...renameEntities(change, renames), ...renameFeatures(change, renames)])),
  ];
}

interface Column {
  readonly naming: Naming;
  readonly change: TableChange;
  readonly column: Placed & { readonly next: ColumnModel };
}

/** What was replaced is kept for the way back, row by row: several values may have become one. */
function replaceValues({ naming, change, column }: Column, values: Readonly<Record<string, string | null>>): Step {
  const { schema, before, names } = change;
  const { name, type } = { name: quoteName(column.end), type: column.next.type };
  const isList = type.endsWith('[]');
  const rows = qualified(schema, names.end);
  const undo = systemTable(naming, 'meta_undo');
  const key = quoteText([before.entityId, baseId(column.id), shortHash(values)].join(':'));
  const mapped = (value: string): string => (isList ? mappedList(value, values, type) : mappedValue(value, values));
  const held = heldIn(`t.${name}`, type, Object.keys(values));
  const kept = isList ? `ARRAY(SELECT jsonb_array_elements_text(u.value))::${type}` : `(u.value #>> '{}')::${type}`;
  const up = `WITH batch AS MATERIALIZED (
  SELECT t."id" FROM ${rows} t WHERE ($1::uuid IS NULL OR t."id" > $1::uuid) ORDER BY t."id" LIMIT $2
), locked AS MATERIALIZED (
  SELECT t."id", t.${name} AS value FROM ${rows} t JOIN batch b ON b."id" = t."id" WHERE ${held} FOR UPDATE OF t
), kept AS (
  INSERT INTO ${undo} (key, row_id, value) SELECT ${key}, l."id", to_jsonb(l.value) FROM locked l
  ON CONFLICT (key, row_id) DO UPDATE SET value = excluded.value
), written AS (
  UPDATE ${rows} t SET ${name} = ${mapped('l.value')} FROM locked l WHERE t."id" = l."id"
)
${batchResult}`;
  const down = `WITH batch AS MATERIALIZED (
  SELECT u.row_id AS "id", ${kept} AS value FROM ${undo} u WHERE u.key = ${key} AND ($1::uuid IS NULL OR u.row_id > $1::uuid) ORDER BY u.row_id LIMIT $2
), written AS (
  UPDATE ${rows} t SET ${name} = b.value FROM batch b WHERE t."id" = b."id" AND t.${name} IS NOT DISTINCT FROM ${mapped('b.value')}
), gone AS (
  DELETE FROM ${undo} u USING batch b WHERE u.key = ${key} AND u.row_id = b."id"
)
${batchResult}`;
  return step(before.entity, names.end, {
    ...byBatch,
    id: stepId('replaceValues', before, column.id),
    kind: 'replaceValues',
    phase: 'settle',
    up: [up],
    down: [down],
    additive: false,
    description: `${names.end}.${column.end}: ${told(values)}`,
  });
}

/** Records written since the version have values that are no option before it. */
function putBack({ change, column }: Column, back: Readonly<Record<string, string>>): readonly Step[] {
  if (Object.keys(back).length === 0) return [];
  const { schema, before, names } = change;
  const name = quoteName(column.end);
  const { type } = column.next;
  const held = heldIn(`t.${name}`, type, Object.keys(back));
  const mapped = type.endsWith('[]') ? mappedList(`t.${name}`, back, type) : mappedValue(`t.${name}`, back);
  return [
    step(before.entity, names.end, {
      ...byBatch,
      id: stepId('putBack', before, column.id),
      kind: 'replaceValues',
      phase: 'settle',
      up: [],
      down: [batchStatement({ schema, table: names.end, set: `${name} = ${mapped}`, where: held })],
      additive: false,
      description: `On the way back: ${names.end}.${column.end}: ${told(back)}`,
    }),
  ];
}

/** Predicate: the value is one of these, or in a list one of them is. */
function heldIn(column: string, type: string, values: readonly string[]): string {
  const list = `ARRAY[${values.map(quoteText).join(', ')}]::text[]`;
  return type.endsWith('[]') ? `${column}::text[] && ${list}` : `${column}::text = ANY (${list})`;
}

const told = (values: Readonly<Record<string, string | null>>): string =>
  Object.entries(values)
    .map(([from, to]) => `${from} → ${to ?? 'empty'}`)
    .join(', ');

const literal = (value: string | null): string => (value === null ? 'NULL' : quoteText(value));

const cases = (values: Readonly<Record<string, string | null>>): string =>
  Object.entries(values)
    .map(([from, to]) => `WHEN ${quoteText(from)} THEN ${literal(to)}`)
    .join(' ');

const mappedValue = (value: string, values: Readonly<Record<string, string | null>>): string =>
  `(CASE ${value} ${cases(values)} ELSE ${value} END)`;

/** Each value once, where it stood first. */
const mappedList = (list: string, values: Readonly<Record<string, string | null>>, type: string): string =>
  `(SELECT coalesce(array_agg(one.v ORDER BY one.place), '{}')::${type} FROM (
    SELECT m.v, min(m.place) AS place FROM (
      SELECT CASE e.v ${cases(values)} ELSE e.v END AS v, e.place FROM unnest(${list}) WITH ORDINALITY AS e (v, place)
    ) m WHERE m.v IS NOT NULL GROUP BY m.v) one)`;

/** The data are asked before the change, and once more when nobody can write the values any more. */
function withdrawValues({ change, column }: Column, values: readonly string[]): Step {
  const { schema, before, names } = change;
  const name = quoteName(column.end);
  const held = heldIn(`t.${name}`, column.next.type, values);
  return step(before.entity, names.end, {
    id: stepId('verifyOptions', before, column.id),
    kind: 'verifyOptions',
    phase: 'settle',
    up: [foundRows(qualified(schema, names.end), held)],
    down: [],
    lock: 'none',
    cost: 'scan',
    additive: false,
    description: `${names.end}.${column.end}: no record has ${values.join(', ')}`,
    checks: column.old === undefined ? [] : [optionsCheck(schema, before, column.old, values)],
  });
}

/** All names at once: two entities may have exchanged theirs. */
function renameEntities(change: TableChange, renames: ReadonlyMap<string, string>): readonly Step[] {
  const { schema, before, names } = change;
  const back = new Map([...renames].map(([from, to]) => [to, from]));
  const statement = (column: string, map: ReadonlyMap<string, string>): string => {
    const name = quoteName(column);
    const values = Object.fromEntries(map);
    return batchStatement({
      schema,
      table: names.end,
      set: `${name} = ${mappedValue(`t.${name}`, values)}`,
      where: `t.${name} IN (${[...map.keys()].map(quoteText).join(', ')})`,
    });
  };
  return change.columns
    .filter(({ old, next }) => old?.retired !== true && next?.holds === 'entityName')
    .map((column) =>
      step(before.entity, names.end, {
        ...byBatch,
        id: stepId('renameEntityValue', before, column.id),
        kind: 'replaceValues',
        phase: 'settle',
        up: [statement(column.end, renames)],
        down: [statement(column.end, back)],
        additive: false,
        description: `${names.end}.${column.end}: ${told(Object.fromEntries(renames))}`,
      }),
    );
}
