// The JSON Schema of a field in an entity file, derived from the catalogue of field types: each type's settings and no other.
import type { FieldType, JsonSchema } from '../fields/field-type.ts';

const label = { $ref: 'common.schema.json#/definitions/label' };
const condition = { $ref: 'condition.schema.json' };

/** Settings that every type takes. */
export const commonSettings: Readonly<Record<string, JsonSchema>> = {
  id: { $ref: 'common.schema.json#/definitions/id' },
  type: {},
  label,
  formerNames: { $ref: 'common.schema.json#/definitions/formerNames' },
  help: label,
  placeholder: label,
  required: { type: 'boolean' },
  default: {},
  unique: { type: 'boolean', description: 'No two live records have the same value.' },
  index: { type: 'boolean', description: 'Lists filter or sort by it often.' },
  readOnly: { type: 'boolean', description: 'Only the application itself sets it.' },
  privacy: { enum: ['personal', 'sensitive'] },
  visibleWhen: condition,
  requiredWhen: condition,
  readOnlyWhen: condition,
};

/** Types of fields that are not declared: a relation brings its references, the engine its ids. */
const undeclaredTypes: readonly string[] = ['reference', 'id'];

/** metadata/schemas/field.schema.json is this schema of the built-in types, for editors; a test holds them equal. */
export function fieldSchema(fieldTypes: ReadonlyMap<string, FieldType>): JsonSchema {
  const declarable = [...fieldTypes.values()].filter((type) => !undeclaredTypes.includes(type.name));
  const known = Object.fromEntries(Object.keys(commonSettings).map((name) => [name, true]));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'field.schema.json',
    title: 'Field',
    description: 'A field of an entity; its key is its name, the same in the table, REST, GraphQL and the rules.',
    type: 'object',
    required: ['id', 'type', 'label'],
    properties: { ...commonSettings, type: { enum: declarable.map((type) => type.name) } },
    allOf: declarable.map((type) => ({
      if: { properties: { type: { const: type.name } }, required: ['type'] },
      then: { properties: { ...known, ...type.settings }, additionalProperties: false },
    })),
  };
}
