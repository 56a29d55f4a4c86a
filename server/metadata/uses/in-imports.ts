// What import mappings name: the fields that they fill, the field that records are matched by, options as constants.
import { pointerOf, step } from '../pointer.ts';
import type { Entity, Field, Registry } from '../registry.ts';
import type { ImportMappingMetadata } from '../types.ts';
import { valueUses } from './in-conditions.ts';
import { keyPathUses, pathUses } from './paths.ts';
import { namedAt, nameUse, type Use } from './reference.ts';
import { entityTarget, optionTarget } from './targets.ts';

const commonSeparator = ';';

export function* importUses(registry: Registry, mapping: ImportMappingMetadata): Generator<Use> {
  yield* nameUse('/entity', mapping.entity, entityTarget(registry, mapping.entity));
  const entity = registry.entities.get(mapping.entity);
  if (entity === undefined) return;
  if (typeof mapping.upsertOn === 'string') yield* pathUses(registry, entity, '/upsertOn', mapping.upsertOn).uses;
  for (const [path, { value, map, match, format }] of Object.entries(mapping.fields)) {
    const separator = format?.listSeparator ?? mapping.format?.listSeparator ?? commonSeparator;
    const pointer = pointerOf('fields', path);
    const { uses, field } = keyPathUses(registry, entity, pointer);
    yield* uses;
    if (field === undefined) continue;
    yield* typeof value === 'string'
      ? textUses(registry, field, `${pointer}/value`, value, separator)
      : valueUses(registry, field, `${pointer}/value`, value);
    for (const [text, meant] of Object.entries(map ?? {}))
      yield* textUses(registry, field, step(`${pointer}/map`, text), meant, separator);
    if (match !== undefined) yield* matchUses(registry, entity, field, `${pointer}/match`, match);
  }
}

/** Text as it would stand in a cell: for a set, several options with the separator between them. */
function* textUses(registry: Registry, field: Field, pointer: string, text: string, separator: string): Generator<Use> {
  if (field.type.kind !== 'set') {
    yield* nameUse(pointer, text, optionTarget(registry, field, text));
    return;
  }
  let start = 0;
  for (const part of text.split(separator)) {
    const target = optionTarget(registry, field, part.trim());
    if (target !== undefined) yield namedAt(pointer, text, target, start + part.indexOf(part.trim()));
    start += part.length + separator.length;
  }
}

/** The field of the entity that the reference leads to; of each, where there are several. */
function* matchUses(registry: Registry, entity: Entity, field: Field, pointer: string, match: string): Generator<Use> {
  const relation = entity.relations.get(field.relation ?? '');
  if (relation === undefined) return;
  for (const name of relation.kind === 'belongsToAny' ? relation.targets : [relation.target]) {
    const target = registry.entities.get(name);
    if (target !== undefined) yield* pathUses(registry, target, pointer, match).uses;
  }
}
