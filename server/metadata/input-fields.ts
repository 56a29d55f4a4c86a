// What a client may send of an entity, and what it must: for everything that describes the API.
import type { Entity, Field } from './registry.ts';

/** The fields that a create or update takes; numbers are given by the engine. */
export const writableFields = (entity: Entity): readonly Field[] =>
  [...entity.fields.values()].filter((field) => !field.readOnly && !field.hidden && field.type.name !== 'autoNumber');

/** What a create must give: no default, and not the owner, who is the caller when not given. */
export const requiredOnCreate = (entity: Entity): readonly string[] =>
  writableFields(entity)
    .filter((field) => field.required && field.meta.default === undefined)
    .map((field) => field.name)
    .filter((name) => name !== entity.meta.ownership?.owner);
