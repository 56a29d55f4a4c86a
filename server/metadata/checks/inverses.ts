// Inverse relations must not meet a name that their target has already.
import type { FieldType } from '../../fields/field-type.ts';
import { inversesOf } from '../compile-relations.ts';
import { pointerOf } from '../pointer.ts';
import { reservedFieldNames, systemRelations } from '../system-fields.ts';
import type { EntityMetadata } from '../types.ts';
import { type Check, eachTwice, entityNamed } from './subject.ts';

interface Placed {
  readonly entity: EntityMetadata;
  readonly relation: string;
}

export const checkInverses: Check = ({ source, fieldTypes, report }) => {
  const placed = source.entities.flatMap((entity) =>
    Object.entries(entity.relations ?? {}).flatMap(([relation, meta]) =>
      // An entity that is there twice, with a finding of its own, gets each inverse once.
      [...new Map(inversesOf(source, entity, relation, meta))].map(([target, inverse]) => ({
        target,
        name: inverse.name,
        by: { entity, relation },
      })),
    ),
  );
  const told = new Set<string>();
  const tell = ({ entity, relation }: Placed, message: string): void => {
    const place = `${entity.name} ${relation}`;
    if (!told.has(place)) report(entity, pointerOf('relations', relation, 'inverse'), message);
    told.add(place);
  };
  for (const { target, name, by } of placed) {
    const entity = entityNamed(source, target);
    if (entity !== undefined && ownNames(entity, fieldTypes).has(name))
      tell(by, `${target} already has a field or relation called "${name}".`);
    else if (reservedFieldNames.has(name) || Object.hasOwn(systemRelations, name))
      tell(by, `"${name}" is taken on every entity.`);
  }
  eachTwice(
    placed.map(({ target, name, by }) => [`${target} ${name}`, { target, name, by }] as const),
    (_key, { target, name, by }, first) =>
      tell(by, `${target} already gets "${name}" from ${first.by.entity.name}.${first.by.relation}.`),
  );
};

/** Fields with those that they imply, relations with the fields that they bring. */
function ownNames(entity: EntityMetadata, fieldTypes: ReadonlyMap<string, FieldType>): ReadonlySet<string> {
  const fields = Object.entries(entity.fields).flatMap(([name, field]) => {
    const implied = fieldTypes.get(field.type)?.implied?.(field) ?? {};
    return [name, ...Object.keys(implied).map((suffix) => name + suffix)];
  });
  const relations = Object.entries(entity.relations ?? {}).flatMap(([name, relation]) => {
    if (relation.kind === 'manyToMany') return [name];
    return relation.kind === 'belongsTo' ? [name, relation.field] : [name, relation.typeField, relation.idField];
  });
  return new Set([...fields, ...relations]);
}
