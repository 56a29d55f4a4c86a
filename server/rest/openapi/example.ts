// An example record for the document, made from the schemas of the fields that a create needs.
import type { JsonSchema } from '../../fields/field-type.ts';
import { compilePattern } from '../../fields/text-value.ts';
import type { Entity } from '../../metadata/registry.ts';
import { valueSchema } from './field-schema.ts';

const byFormat: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T09:05:00.000Z',
  email: 'ada.lovelace@example.com',
  time: '09:05:00',
  uri: 'https://example.com/',
  uuid: '018f2b1c-7c3e-7d4a-9b1e-3f2a1c5d6e7f',
};

/** The smallest body that a create takes; undefined when a value cannot be made up. */
export function createExample(entity: Entity, required: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  let currencies = 0;
  const values = required.map((name) => {
    const field = entity.fields.get(name);
    if (field === undefined) return [name, undefined] as const;
    // Two currencies of one record are not meant to be the same: what one is worth in the other.
    const at = field.type.name === 'currency' ? currencies++ : 0;
    return [name, exampleOf(valueSchema(field), english(field.meta.label), at)] as const;
  });
  return values.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(values);
}

const english = (label: Readonly<Record<string, string>>): string => label['en'] ?? 'Text';

/** A value that fits the schema, of a choice the one at that place; undefined for schemas that it does not understand. */
export function exampleOf(schema: JsonSchema, text: string, at = 0): unknown {
  const { type, format, pattern, minimum } = schema;
  const values = schema['enum'];
  if (Array.isArray(values)) return values[at % values.length];
  if (type === 'string' || (Array.isArray(type) && type.includes('string')))
    return textExample(schema, typeof format === 'string' ? byFormat[format] : undefined, text, pattern);
  if (type === 'integer' || type === 'number') return typeof minimum === 'number' ? minimum : 1;
  if (type === 'boolean') return true;
  if (type === 'array') return [];
  return undefined;
}

function textExample(schema: JsonSchema, formatted: string | undefined, text: string, pattern: unknown): string | undefined {
  const { minLength, maxLength } = schema;
  const candidates =
    formatted === undefined ? [text.slice(0, typeof maxLength === 'number' ? maxLength : undefined), '1.50', '1'] : [formatted];
  return candidates.find(
    (candidate) =>
      (typeof minLength !== 'number' || candidate.length >= minLength) &&
      (typeof pattern !== 'string' || compilePattern(pattern)?.matcher(candidate).find() === true),
  );
}
