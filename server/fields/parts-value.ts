// Values of several text parts: an object in JSON, one column a part. Parts that are not sent stay as they are (merge patch).
import type { FieldTypeDefinition } from './define-field-type.ts';
import type { FieldIssue, FieldMetadata, JsonSchema, Label } from './field-type.ts';
import { refused } from './outcome.ts';
import { readText, textIssue } from './text-value.ts';

export interface TextPart {
  readonly label: Label;
  readonly maxLength: number;
}

type Read = { readonly value: string | null } | { readonly issues: readonly FieldIssue[] };

/** One part: text of one line, in NFC; the empty text is no value. */
export function readPart(value: unknown, { maxLength }: TextPart): Read {
  if (value === null || value === '') return { value: null };
  const read = readText(value);
  if ('issues' in read) return read;
  return textIssue(read.text, { maxLength }) ?? { value: read.text };
}

/**
 * Reads an object of parts into columns by suffix; an unknown part is refused.
 * @param what the type in words, for sentences: `An address`
 */
export function readParts(
  value: unknown,
  what: string,
  parts: Readonly<Record<string, TextPart>>,
  read: (name: string, value: unknown) => Read,
): { readonly columns: Readonly<Record<string, string | null>> } | { readonly issues: readonly FieldIssue[] } {
  const names = Object.keys(parts).join(', ');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused('type', `Expected an object with ${names}.`);
  }
  const issues: FieldIssue[] = [];
  const columns: Record<string, string | null> = {};
  for (const [name, part] of Object.entries(value)) {
    const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const one = Object.hasOwn(parts, name) ? read(name, part) : refused('unknown', `${what} has ${names}; not this.`);
    if ('issues' in one) issues.push(...one.issues.map((issue) => ({ ...issue, path })));
    else columns[`_${name}`] = one.value;
  }
  return issues.length > 0 ? { issues } : { columns };
}

/** Names of parts that must be there whenever the value is, as a setting. */
export const requiredParts = (parts: Readonly<Record<string, TextPart>>): Readonly<Record<string, JsonSchema>> => ({
  requiredParts: { type: 'array', items: { enum: Object.keys(parts) }, uniqueItems: true, minItems: 1 },
});

/** The required parts that are missing from what was read. */
export function missingParts(columns: Readonly<Record<string, string | null>>, field: FieldMetadata): readonly FieldIssue[] {
  const given = Object.values(columns).some((part) => part !== null);
  const needed = Array.isArray(field['requiredParts']) ? field['requiredParts'].map(String) : [];
  if (!given && field.required !== true) return [];
  return needed
    .filter((name) => (columns[`_${name}`] ?? null) === null)
    .map((name) => ({ path: `/${name}`, code: 'required', detail: 'A value is required.' }));
}

/** The faces that types of several text parts share. */
export function partsFaces(
  parts: Readonly<Record<string, TextPart>>,
): Pick<FieldTypeDefinition, 'kind' | 'sortable'> &
  Required<Pick<FieldTypeDefinition, 'parts' | 'columns' | 'jsonSchema' | 'json'>> {
  const names = Object.keys(parts);
  return {
    kind: 'json',
    sortable: false,
    parts: Object.fromEntries(
      Object.entries(parts).map(([name, { label }]) => [name, { suffix: `_${name}`, kind: 'text' as const, label }]),
    ),
    columns: () => names.map((name) => ({ suffix: `_${name}`, type: 'text', kind: 'text' as const })),
    jsonSchema: () => ({
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(parts).map(([name, { maxLength }]) => [name, { type: ['string', 'null'], maxLength }]),
      ),
      additionalProperties: false,
    }),
    json: (column) => {
      const columns = names.map((name) => column(`_${name}`));
      const pairs = names.map((name, at) => `'${name}', ${columns[at]}`).join(', ');
      return `CASE WHEN num_nonnulls(${columns.join(', ')}) > 0 THEN json_build_object(${pairs}) END`;
    },
  };
}
