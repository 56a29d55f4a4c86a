// Roles: the entities and fields that they grant and the roles that they extend must exist, without going in circles.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { pointerOf } from '../pointer.ts';
import type { EntityMetadata, RoleMetadata } from '../types.ts';
import { type Check, type CheckSubject, entityNamed } from './subject.ts';

export const checkRoles: Check = (subject) => {
  const { source, doubtful, report } = subject;
  const find = (name: string): RoleMetadata | undefined => source.roles.find((role) => role.id === name || role.name === name);
  const reaches = (role: RoleMetadata, goal: RoleMetadata, seen: ReadonlySet<RoleMetadata>): boolean =>
    (role.extends ?? []).some((name) => {
      const parent = find(name);
      if (parent === undefined || seen.has(parent)) return false;
      return parent === goal || reaches(parent, goal, new Set([...seen, parent]));
    });
  for (const role of source.roles) {
    for (const name of Object.keys(role.entities)) {
      checkParts(subject, role, name);
      if (name.startsWith('*') || entityNamed(source, name) !== undefined || doubtful(name)) continue;
      const hint = didYouMean(
        name,
        source.entities.map((entity) => entity.name),
      );
      report(role, pointerOf('entities', name), `There is no entity "${name}".${hint}`);
    }
    for (const [at, name] of (role.extends ?? []).entries()) {
      if (find(name) !== undefined || doubtful(name)) continue;
      report(
        role,
        pointerOf('extends', at),
        `There is no role "${name}".${didYouMean(
          name,
          source.roles.map((other) => other.name),
        )}`,
      );
    }
    if (reaches(role, role, new Set())) report(role, '/extends', `"${role.name}" extends itself.`);
  }
};

/** Record filters and fields belong to one entity. Those of relations are named by their reference field. */
function checkParts({ source, doubtful, report }: CheckSubject, role: RoleMetadata, name: string): void {
  const { filter, fields = {} } = role.entities[name] ?? {};
  if (name.startsWith('*')) {
    for (const [key, given] of Object.entries({ filter, fields: role.entities[name]?.fields }))
      if (given !== undefined)
        report(
          role,
          pointerOf('entities', name, key),
          `A ${key === 'filter' ? 'record filter' : 'list of fields'} needs a named entity.`,
        );
    return;
  }
  const entity = entityNamed(source, name);
  if (entity === undefined) return;
  const known = fieldNames(entity);
  for (const field of Object.keys(fields)) {
    if (known.includes(field) || doubtful(field)) continue;
    report(role, pointerOf('entities', name, 'fields', field), `${name} has no field "${field}".${didYouMean(field, known)}`);
  }
}

/** Declared fields and those that relations bring; the system's own are always open. */
const fieldNames = (entity: EntityMetadata): readonly string[] => [
  ...Object.keys(entity.fields),
  ...Object.values(entity.relations ?? {}).flatMap((relation) =>
    relation.kind === 'belongsTo'
      ? [relation.field]
      : relation.kind === 'belongsToAny'
        ? [relation.typeField, relation.idField]
        : [],
  ),
];
