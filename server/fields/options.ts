// Options of select and multiSelect: settings, checks, and reading a value or a label.
import { didYouMean } from '../conditions/did-you-mean.ts';
import type { FieldIssue, FieldMetadata, JsonSchema, Option } from './field-type.ts';
import { refused } from './outcome.ts';
import { lengthOf } from './text-value.ts';

export const longestValue = 100;

const optionSchema: JsonSchema = {
  type: 'object',
  properties: {
    value: { type: 'string', minLength: 1, maxLength: longestValue },
    label: { type: 'object', additionalProperties: { type: 'string' }, minProperties: 1 },
    color: { type: 'string' },
    active: { type: 'boolean' },
  },
  required: ['value', 'label'],
  additionalProperties: false,
};

export const optionSettings: Readonly<Record<string, JsonSchema>> = {
  options: { type: 'array', items: optionSchema, minItems: 1, maxItems: 1000 },
  optionSet: { type: 'string' },
  optionsFrom: { enum: ['roles', 'entities', 'languages'] },
  optionsWhen: {
    type: 'array',
    description: 'Options by condition: the first that the record meets says which; where it meets none, all are open.',
    items: {
      type: 'object',
      properties: {
        when: { $ref: 'condition.schema.json' },
        options: {
          type: 'array',
          items: { type: 'string', minLength: 1, maxLength: longestValue },
          uniqueItems: true,
          minItems: 1,
        },
      },
      required: ['when', 'options'],
      additionalProperties: false,
    },
    minItems: 1,
    maxItems: 50,
  },
};

/** The issue of one chosen value, or undefined. Without a list of options any short text goes. */
export function optionIssue(
  value: string,
  field: FieldMetadata,
  path = '',
): { readonly issues: readonly FieldIssue[] } | undefined {
  if (value === '') return refused('option', 'An option is not empty; for no value send null.', path);
  if (lengthOf(value) > longestValue) return refused('max_length', `At most ${longestValue} characters.`, path);
  if (field.options === undefined) return undefined;
  const option = field.options.find((candidate) => candidate.value === value);
  if (option === undefined) return refused('option', `"${value}" is not an option${listed(field.options)}.`, path);
  return option.active === false ? refused('option', `The option "${value}" is no longer in use.`, path) : undefined;
}

const listed = (options: readonly Option[]): string => {
  const values = options.filter((option) => option.active !== false).map((option) => option.value);
  return values.length > 0 && values.length <= 20 ? `; choose one of ${values.join(', ')}` : '';
};

/** Schema of one value: all options, inactive ones too, since stored records may hold them. */
export const optionSchemaOf = (field: FieldMetadata): JsonSchema =>
  field.options === undefined
    ? { type: 'string', minLength: 1, maxLength: longestValue }
    : { type: 'string', enum: field.options.map((option) => option.value) };

/** The value that a cell means: the value itself, or a label in any language, in any case. Unknown text stays as it is. */
export function optionFromText(text: string, field: FieldMetadata): string {
  const wanted = text.normalize('NFC').toLowerCase();
  const same = (name: string): boolean => name.normalize('NFC').toLowerCase() === wanted;
  const options = field.options ?? [];
  const found =
    options.find((option) => option.value === text) ??
    options.find((option) => same(option.value)) ??
    options.find((option) => Object.values(option.label).some(same));
  return found?.value ?? text;
}

/** Values that stand twice, and conditional ones that there are not. */
export function checkOptions(field: FieldMetadata): readonly { pointer: string; detail: string }[] {
  const values = (field.options ?? []).map((option) => option.value);
  const twice = values.findIndex((value, at) => values.indexOf(value) < at);
  const unknown = (field.optionsWhen ?? []).flatMap(({ options }, row) =>
    options.flatMap((value, at) =>
      values.includes(value)
        ? []
        : [
            {
              pointer: `/optionsWhen/${row}/options/${at}`,
              detail: `There is no option "${value}".${didYouMean(value, values)}`,
            },
          ],
    ),
  );
  return twice < 0
    ? unknown
    : [{ pointer: `/options/${twice}/value`, detail: `The option "${values[twice]}" stands twice.` }, ...unknown];
}
