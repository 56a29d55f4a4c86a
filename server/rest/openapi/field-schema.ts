// The JSON Schema of a field's value, as draft 2020-12 in OpenAPI 3.1: with null where there may be none.
import type { JsonSchema } from '../../fields/field-type.ts';
import type { Field } from '../../metadata/registry.ts';

/** As the API gives it. */
export function readSchema(field: Field): JsonSchema {
  const certain = ['id', 'version', 'created_at', 'updated_at'].includes(field.name);
  const schema = described(field, certain ? valueSchema(field) : nullable(valueSchema(field)));
  return field.readOnly ? { ...schema, readOnly: true } : schema;
}

/** As the API takes it; null clears. */
export const writeSchema = (field: Field): JsonSchema =>
  described(field, field.required ? valueSchema(field) : nullable(valueSchema(field)));

export const valueSchema = (field: Field): JsonSchema => field.type.jsonSchema(field.meta);

export function nullable(schema: JsonSchema): JsonSchema {
  const { type } = schema;
  if (typeof type !== 'string' || schema['const'] !== undefined) {
    return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: 'null' }] };
  }
  const values = schema['enum'];
  return { ...schema, type: [type, 'null'], ...(Array.isArray(values) ? { enum: [...values, null] } : {}) };
}

function described(field: Field, schema: JsonSchema): JsonSchema {
  const label = english(field.meta.label);
  const help = field.meta.help === undefined ? undefined : english(field.meta.help);
  return {
    ...schema,
    ...(label === undefined ? {} : { title: label }),
    ...(help === undefined ? {} : { description: help }),
    ...(field.meta.default === undefined ? {} : { default: field.meta.default }),
  };
}

/** The document is in English, or in the first language there is. */
export const english = (label: Readonly<Record<string, string>> | undefined): string | undefined =>
  label?.['en'] ?? (label === undefined ? undefined : Object.values(label)[0]);
