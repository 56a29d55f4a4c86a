// Filter parameters of lists, `field[operator]=value`: one deepObject parameter a field, one schema a kind of value.
import { type Operator, operatorsFor } from '../../conditions/operators.ts';
import type { ValueKind } from '../../conditions/value-kind.ts';
import type { JsonSchema } from '../../fields/field-type.ts';
import type { Entity, Field } from '../../metadata/registry.ts';
import { schemaRef } from './entity-schemas.ts';

const kinds: readonly ValueKind[] = ['text', 'decimal', 'integer', 'boolean', 'date', 'dateTime', 'time', 'id', 'set', 'json'];

const one: Readonly<Record<ValueKind, JsonSchema>> = {
  text: { type: 'string' },
  decimal: { type: 'string' },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  dateTime: { type: 'string', format: 'date-time' },
  time: { type: 'string' },
  id: { type: 'string', format: 'uuid' },
  set: { type: 'string' },
  json: { type: 'string' },
};

const filterName = (kind: ValueKind): string => `Filter${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;

/** One schema a kind: its operators, by the words that stand in the brackets. */
export const filterSchemas = (): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(
    kinds.map((kind) => [
      filterName(kind),
      {
        type: 'object',
        properties: Object.fromEntries(operatorsFor(kind).map((operator) => [operator.alias, operandSchema(operator, kind)])),
        additionalProperties: false,
      },
    ]),
  );

function operandSchema(operator: Operator, kind: ValueKind): JsonSchema {
  const title = operator.label.en;
  switch (operator.shape) {
    case 'many':
      return { type: 'string', title, description: 'Values joined by commas' };
    case 'range':
      return { type: 'string', title, description: 'Lowest and highest value, joined by a comma; both are included' };
    case 'flag':
      return { type: 'boolean', title };
    default:
      return { ...one[kind], title };
  }
}

/** A parameter for each field, and for each part of a composite one (`address.city`). */
export const filterParameters = (entity: Entity): readonly JsonSchema[] =>
  [...entity.fields.values()].filter((field) => !field.hidden && field.type.secret !== true).flatMap(parametersOf);

function parametersOf(field: Field): readonly JsonSchema[] {
  const { parts } = field.type;
  if (parts !== undefined) return Object.entries(parts).map(([part, { kind }]) => parameter(`${field.name}.${part}`, kind));
  return [parameter(field.name, field.type.kind)];
}

const parameter = (name: string, kind: ValueKind): JsonSchema => ({
  name,
  in: 'query',
  style: 'deepObject',
  explode: true,
  schema: schemaRef(filterName(kind)),
});
