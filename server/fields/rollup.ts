// rollup: a count, sum, minimum, maximum or average over related records, stored and exact at every commit.
import { numericResults, resultType } from './computed-result.ts';
import { defineFieldType } from './define-field-type.ts';
import type { ColumnSpec, FieldMetadata, FieldType } from './field-type.ts';
import { resultIssues, resultSettings } from './formula.ts';
import { integer } from './integer.ts';
import { refused } from './outcome.ts';

export const rollupFunctions = ['count', 'sum', 'min', 'max', 'avg'] as const;
export type RollupFunction = (typeof rollupFunctions)[number];

/** How many values went in, and their sum: an average is kept up by these. Null: not worked out yet. */
export const countSuffix = '__count';
export const sumSuffix = '__sum';

const counted: ColumnSpec = { suffix: countSuffix, type: 'bigint', kind: 'decimal' };
const summed: ColumnSpec = { suffix: sumSuffix, type: 'numeric', kind: 'decimal' };

const parts: Readonly<Record<RollupFunction, readonly ColumnSpec[]>> = {
  count: [],
  sum: [counted],
  min: [counted],
  max: [counted],
  avg: [counted, summed],
};

const functionOf = (field: FieldMetadata): RollupFunction => (field['function'] as RollupFunction | undefined) ?? 'count';
const typeOf = (field: FieldMetadata): FieldType => resultType(field, integer);

export const rollup: FieldType = defineFieldType({
  name: 'rollup',
  label: { en: 'Roll-up', ar: 'تجميع', he: 'סיכום' },
  kind: 'json',
  settings: {
    relation: { type: 'string', description: 'The to-many relation whose records are summed up.' },
    function: { enum: [...rollupFunctions] },
    field: {
      type: 'string',
      description:
        'The field of the related records. Of an amount of money, its value in the base currency counts; with `currencyFrom` the amount itself.',
    },
    filter: { $ref: 'condition.schema.json' },
    returns: { enum: [...numericResults, 'date', 'dateTime'], description: 'The type of the result; a count is an integer.' },
    ...resultSettings,
  },
  widget: 'rollup',
  result: typeOf,
  columns: (field: FieldMetadata) => typeOf(field).columns(field),
  kept: (field: FieldMetadata) => parts[functionOf(field)],
  implied: (field: FieldMetadata) => typeOf(field).implied?.(field) ?? {},
  jsonSchema: (field) => typeOf(field).jsonSchema(field),
  parse: () => refused('read_only', 'A roll-up is worked out, not set.'),
  check: (field) => [...resultIssues(field), ...settingIssues(field)],
});

function settingIssues(field: FieldMetadata): readonly { readonly pointer: string; readonly detail: string }[] {
  const missing = (['relation', 'function'] as const).filter((setting) => field[setting] === undefined);
  const needs =
    functionOf(field) === 'count' ? [] : (['field', 'returns'] as const).filter((setting) => field[setting] === undefined);
  const extra =
    functionOf(field) === 'count'
      ? (['field', 'returns', 'scale', 'precision'] as const).filter((setting) => field[setting] !== undefined)
      : [];
  return [
    ...[...missing, ...needs].map((setting) => ({ pointer: '', detail: `This roll-up needs "${setting}".` })),
    ...extra.map((setting) => ({ pointer: `/${setting}`, detail: `A count takes no "${setting}".` })),
  ];
}
