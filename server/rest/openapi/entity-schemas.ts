// The schemas of one entity: as it is read, created and patched.
import type { JsonSchema } from '../../fields/field-type.ts';
import { requiredOnCreate, writableFields } from '../../metadata/input-fields.ts';
import { type Entity, isToMany, type Relation } from '../../metadata/registry.ts';
import { readSchema, writeSchema } from './field-schema.ts';

export const schemaRef = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** Component names. Entity names are words of `a-z0-9_`, so these are too. */
export const componentNames = (entity: Entity) => ({
  read: entity.singular,
  create: `${entity.singular}_create`,
  update: `${entity.singular}_update`,
});

/** @param documented plural names of the entities that have schemas: only those are referred to */
export function entitySchemas(
  entity: Entity,
  documented: ReadonlySet<string>,
  singularOf: (plural: string) => string,
): Readonly<Record<string, JsonSchema>> {
  const names = componentNames(entity);
  const readable = [...entity.fields.values()].filter((field) => !field.hidden && field.type.secret !== true);
  const writable = writableFields(entity);
  const writes = Object.fromEntries(writable.map((field) => [field.name, writeSchema(field)]));
  const required = requiredOnCreate(entity);
  return {
    [names.read]: {
      type: 'object',
      description: 'Fields that `fields=` leaves out are absent; relations are there when `include=` names them.',
      properties: {
        ...Object.fromEntries(readable.map((field) => [field.name, readSchema(field)])),
        ...relationSchemas(entity, documented, singularOf),
      },
    },
    [names.create]: {
      type: 'object',
      properties: writes,
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: false,
    },
    [names.update]: {
      type: 'object',
      description: 'A merge-patch (RFC 7396): null clears a field, an absent field stays.',
      properties: writes,
      additionalProperties: false,
    },
  };
}

function relationSchemas(
  entity: Entity,
  documented: ReadonlySet<string>,
  singularOf: (plural: string) => string,
): Readonly<Record<string, JsonSchema>> {
  const schemaOf = (relation: Relation): JsonSchema | undefined => {
    if (relation.kind === 'belongsToAny') return { anyOf: [schemaRef('AnyRecord'), { type: 'null' }] };
    if (!documented.has(relation.target)) return undefined;
    const target = schemaRef(singularOf(relation.target));
    if (!isToMany(relation)) return { anyOf: [target, { type: 'null' }] };
    return {
      type: 'object',
      required: ['data', 'page'],
      properties: { data: { type: 'array', items: target }, page: schemaRef('IncludedPage') },
    };
  };
  const found = [...entity.relations.values()].map((relation) => [relation.name, schemaOf(relation)] as const);
  return Object.fromEntries(
    found.flatMap(([name, schema]) => (schema === undefined ? [] : [[name, { ...schema, readOnly: true }] as const])),
  );
}
