// Plan: columns whose values the engine computes, filled for the rows that were there before them.
import type { NormaliserName } from '../matching/normalisers.ts';
import { qualified } from './ddl.ts';
import { quoteName } from './names.ts';
import type { Step } from './schema-types.ts';
import { byBatch, step, stepId } from './step.ts';
import { isNew, type TableChange } from './table-change.ts';

/** One column that is computed: of which other, and how. */
export interface Computed {
  readonly name: string;
  readonly column: string;
  readonly normaliser: NormaliserName;
}

const mark = '-- computed: ';

/** What the first line of the statement says. */
export const computedIn = (select: string): readonly Computed[] =>
  JSON.parse(select.slice(mark.length, select.indexOf('\n'))) as Computed[];

/**
 * In `settle`: by then every node keeps the columns with each write, so a row that was filled never goes stale. One step a
 * table, whatever the number of columns; what was set aside and comes back is filled anew.
 */
export function computeColumns({ schema, before, after, columns, names }: TableChange): readonly Step[] {
  const fresh = columns.flatMap((column): Computed[] => {
    const from = column.next?.keyOf;
    return from === undefined || !isNew(column) ? [] : [{ name: column.end, ...from }];
  });
  if (fresh.length === 0) return [];
  const table = qualified(schema, names.end);
  const read = [...new Set(['id', ...fresh.map(({ column }) => column)])].map((name) => `t.${quoteName(name)}`).join(', ');
  const columnNames = fresh.map(({ name }) => quoteName(name));
  const values = columnNames.map((_, at) => `$${at + 2}::text[]`).join(', ');
  const set = columnNames.map((name) => `${name} = v.${name}`).join(', ');
  return [
    step(after.entity, names.end, {
      ...byBatch,
      id: stepId('computeColumns', before, ...fresh.map(({ name }) => name)),
      kind: 'computeColumns',
      phase: 'settle',
      up: [
        `${mark}${JSON.stringify(fresh)}\nSELECT ${read} FROM ${table} t WHERE ($1::uuid IS NULL OR t."id" > $1::uuid) ORDER BY t."id" LIMIT $2 FOR NO KEY UPDATE`,
        `UPDATE ${table} t SET ${set} FROM unnest($1::uuid[], ${values}) AS v ("id", ${columnNames.join(', ')}) WHERE t."id" = v."id"`,
      ],
      down: [],
      additive: true,
      description: `Compute ${fresh.map(({ name, normaliser, column }) => `${names.end}.${name} (${normaliser} of ${column})`).join(', ')}`,
    }),
  ];
}
