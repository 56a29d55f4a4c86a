// The parts that the JSON Schemas of operations are made of.
import type { JsonSchema } from '../../fields/field-type.ts';

const common = (definition: string): JsonSchema => ({ $ref: `common.schema.json#/definitions/${definition}` });

export const newName = common('name');
export const newId = common('id');
/** The name of something that is there, which the operation looks for. */
export const knownName: JsonSchema = { type: 'string', minLength: 1, maxLength: 100 };
export const patch: JsonSchema = { type: 'object', minProperties: 1 };
export const flag: JsonSchema = { type: 'boolean' };
export const aliasDays: JsonSchema = { type: 'integer', minimum: 0, maximum: 3650 };
/** What an option that goes becomes. */
export const replace: JsonSchema = { type: 'object', additionalProperties: { type: ['string', 'null'] } };
export const rest: JsonSchema = { type: 'object' };

const label: JsonSchema = { type: ['string', 'object'] };
export const options: JsonSchema = {
  type: 'array',
  minItems: 1,
  maxItems: 1000,
  items: {
    type: 'object',
    properties: { value: { $ref: 'common.schema.json#/definitions/option/properties/value' }, label },
    required: ['value'],
  },
};

/** An object whose own schema is asked later: only what it cannot be made from without. */
export const given = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  // What is retired is not there: nothing comes in that way.
  properties: { ...properties, retired: { type: 'null' } },
  required,
});

const fieldParts = { type: { type: 'string' }, id: newId, options };
export const field = given({ name: newName, ...fieldParts }, ['name', 'type']);
export const fieldPatch: JsonSchema = { ...patch, properties: { options: { ...options, type: ['array', 'null'] } } };
export const relation = given(
  { name: newName, id: newId, kind: { enum: ['belongsTo', 'belongsToAny', 'manyToMany'] }, entity: knownName },
  ['name'],
);

const members = (item: JsonSchema, inMap: JsonSchema): JsonSchema => ({
  type: ['array', 'object'],
  items: item,
  propertyNames: newName,
  additionalProperties: inMap,
});

export const entity = given(
  {
    name: newName,
    plural: newName,
    singular: newName,
    id: newId,
    fields: members(field, given(fieldParts, ['type'])),
    relations: members(relation, given({ id: newId })),
  },
  ['singular'],
);
