// The draft-07 schema of one field in a form: the type's own, plus title, labels of options, what is required, defaults.
import { countryCodes } from '../fields/country-codes.ts';
import type { JsonSchema, Option } from '../fields/field-type.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import type { Actor } from '../repository/actor.ts';
import { textIn } from './text-in.ts';

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Forms send exact decimals and big numbers as strings, and leave out what is empty: one type each, never null. */
function oneType(schema: JsonSchema): JsonSchema {
  const { type } = schema;
  return Array.isArray(type) ? { ...schema, type: type.includes('string') ? 'string' : type[0] } : schema;
}

/** Patterns of metadata are checked as RE2; the few that a browser cannot read are left to the server. */
function readablePattern(schema: JsonSchema): JsonSchema {
  const { pattern, ...rest } = schema;
  if (typeof pattern !== 'string') return schema;
  try {
    new RegExp(pattern, 'u');
    return schema;
  } catch {
    return rest;
  }
}

function labelled(schema: JsonSchema, options: readonly Option[], language: string): JsonSchema {
  const { enum: _, ...rest } = schema;
  return { ...rest, oneOf: options.map((option) => ({ const: option.value, title: textIn(language, option.label) })) };
}

function withOptions(schema: JsonSchema, field: Field, language: string): JsonSchema {
  const { options } = field.meta;
  if (options === undefined) return schema;
  if (schema['type'] !== 'array') return labelled(schema, options, language);
  const items = isSchema(schema['items']) ? schema['items'] : {};
  return { ...schema, items: labelled(items, options, language), uniqueItems: true };
}

/** The parts of an object (street, city …) with their own titles. */
function withParts(schema: JsonSchema, field: Field, language: string): JsonSchema {
  const { properties } = schema;
  if (!isSchema(properties)) return schema;
  const parts = Object.entries(properties).map(([name, part]) => {
    const own = oneType(isSchema(part) ? part : {});
    const title = textIn(language, field.type.parts?.[name]?.label);
    return [name, { ...own, title, ...(name === 'country' ? { enum: [...countryCodes] } : {}) }] as const;
  });
  return { ...schema, properties: Object.fromEntries(parts) };
}

/** Validators take `""` for a value; people do not. */
function notEmpty(schema: JsonSchema): JsonSchema {
  const least = (value: unknown): number => Math.max(1, typeof value === 'number' ? value : 0);
  if (schema['type'] === 'string') return { ...schema, minLength: least(schema['minLength']) };
  return schema['type'] === 'array' ? { ...schema, minItems: least(schema['minItems']) } : schema;
}

/** Whether a form must insist. An owner not given is the caller, so nobody has to name one. */
export const isRequired = (entity: Entity, field: Field): boolean =>
  field.required && !field.readOnly && field.name !== entity.meta.ownership?.owner;

function defaultOf(entity: Entity, field: Field, actor: Actor): unknown {
  return field.name === entity.meta.ownership?.owner ? actor.id : (field.meta.default ?? undefined);
}

export function fieldSchema(entity: Entity, field: Field, actor: Actor, language: string): JsonSchema {
  const own = readablePattern(oneType(field.type.jsonSchema(field.meta)));
  const shaped = withParts(withOptions(own, field, language), field, language);
  const initial = defaultOf(entity, field, actor);
  return {
    ...(isRequired(entity, field) ? notEmpty(shaped) : shaped),
    title: textIn(language, field.meta.label),
    ...(field.readOnly ? { readOnly: true } : {}),
    ...(initial === undefined || field.readOnly ? {} : { default: initial }),
  };
}
