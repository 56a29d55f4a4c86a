// formula: a value worked out from other fields of the record, stored and kept up with every write.
import { resultNames, resultType } from './computed-result.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { refused } from './outcome.ts';

/** Settings of a result: those of its type that shape its column, and the currency of an amount. */
export const resultSettings = {
  precision: { type: 'integer', minimum: 1, maximum: 38 },
  scale: { type: 'integer', minimum: 0, maximum: 18 },
  converted: { type: 'boolean', description: 'Of an amount: it is also kept in the base currency, as <name>_base.' },
  currencyFrom: { type: 'string', description: 'Of an amount: the field with its currency; absent: the base currency.' },
  rateDate: { type: 'string', description: 'Of a converted amount: the date field whose exchange rate counts.' },
} as const;

export const formula: FieldType = defineFieldType({
  name: 'formula',
  label: { en: 'Formula', ar: 'صيغة', he: 'נוסחה' },
  kind: 'json',
  settings: {
    expression: { type: 'string', minLength: 1, maxLength: 4000, description: 'As in: ROUND(quantity * unit_price, 2)' },
    returns: { enum: [...resultNames], description: 'The type of the result.' },
    fractions: {
      type: 'boolean',
      description: 'Of an amount: it is not rounded to what can be paid in its currency, as a part of a sum is not.',
    },
    maxLength: { type: 'integer', minimum: 1, maximum: 10_000, description: 'Of a text: what is longer is cut.' },
    ...resultSettings,
  },
  widget: 'formula',
  result: (field) => resultType(field),
  columns: (field: FieldMetadata) => resultType(field).columns(field),
  implied: (field: FieldMetadata) => resultType(field).implied?.(field) ?? {},
  jsonSchema: (field) => resultType(field).jsonSchema(field),
  parse: () => refused('read_only', 'A formula is worked out, not set.'),
  check: (field) => [
    ...(['expression', 'returns'] as const)
      .filter((setting) => field[setting] === undefined)
      .map((setting) => ({ pointer: '', detail: `A formula needs "${setting}".` })),
    ...resultIssues(field),
  ],
});

/** What no worked out value can have. */
export function resultIssues(field: FieldMetadata): readonly { readonly pointer: string; readonly detail: string }[] {
  const given = (['required', 'default', 'unique', 'readOnlyWhen', 'requiredWhen'] as const).filter(
    (setting) => field[setting] !== undefined,
  );
  return [
    ...given.map((setting) => ({ pointer: `/${setting}`, detail: `A value that is worked out takes no "${setting}".` })),
    ...(['converted', 'currencyFrom', 'rateDate', 'fractions'] as const)
      .filter((setting) => field[setting] !== undefined && field['returns'] !== 'money')
      .map((setting) => ({ pointer: `/${setting}`, detail: `Only an amount of money takes "${setting}".` })),
  ];
}
