// The JSON Schema of a field's value, as draft 2020-12 in OpenAPI 3.1: with null where there may be none.
import type { JsonSchema } from '../../fields/field-type.ts';
import type { Field } from '../../metadata/registry.ts';

/** As the API gives it. */
export function readSchema(field: Field): JsonSchema {
  const certain = ['id', 'version', 'created_at', 'updated_at'].includes(field.name);
  const given = givenSchema(valueSchema(field));
  const schema = described(field, certain ? given : nullable(given));
  return field.readOnly ? { ...schema, readOnly: true } : schema;
}

/** Decimals are taken as text or number, and always given as text. */
function givenSchema(schema: JsonSchema): JsonSchema {
  const { type, minimum: _least, maximum: _most, ...rest } = schema;
  return Array.isArray(type) && type.includes('string') && type.includes('number') ? { ...rest, type: 'string' } : schema;
}

/** As the API takes it; null clears. */
export const writeSchema = (field: Field): JsonSchema =>
  described(field, field.required ? valueSchema(field) : nullable(valueSchema(field)));

export const valueSchema = (field: Field): JsonSchema => field.type.jsonSchema(field.meta);

export function nullable(schema: JsonSchema): JsonSchema {
  const { type } = schema;
  const types = typeof type === 'string' ? [type] : Array.isArray(type) ? type : [];
  if (types.length === 0 || schema['const'] !== undefined) {
    return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: 'null' }] };
  }
  const values = schema['enum'];
  return { ...schema, type: [...types, 'null'], ...(Array.isArray(values) ? { enum: [...values, null] } : {}) };
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
