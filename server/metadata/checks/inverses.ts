// Inverse relations must not meet a name that their target has already.
import { inversesOf } from '../compile-relations.ts';
import { pointerOf } from '../pointer.ts';
import { reservedFieldNames, systemRelations } from '../system-fields.ts';
import type { EntityMetadata } from '../types.ts';
import { type Check, eachTwice, entityNamed } from './subject.ts';

interface Placed {
  readonly entity: EntityMetadata;
  readonly relation: string;
}

export const checkInverses: Check = ({ source, report }) => {
  const placed = source.entities.flatMap((entity) =>
    Object.entries(entity.relations ?? {}).flatMap(([relation, meta]) =>
      [...inversesOf(source, entity, relation, meta)].map(([target, inverse]) => ({
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
    const own = Object.hasOwn(entity?.fields ?? {}, name) || Object.hasOwn(entity?.relations ?? {}, name);
    if (own) tell(by, `${target} already has a field or relation called "${name}".`);
    else if (reservedFieldNames.has(name) || Object.hasOwn(systemRelations, name))
      tell(by, `"${name}" is taken on every entity.`);
  }
  eachTwice(
    placed.map(({ target, name, by }) => [`${target} ${name}`, { target, name, by }] as const),
    (_key, { target, name, by }, first) =>
      tell(by, `${target} already gets "${name}" from ${first.by.entity.name}.${first.by.relation}.`),
  );
};
