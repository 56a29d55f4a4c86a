// Roles: the entities that they grant and the roles that they extend must exist, without going in circles.
import { didYouMean } from '../../conditions/did-you-mean.ts';
import { pointerOf } from '../pointer.ts';
import type { RoleMetadata } from '../types.ts';
import { type Check, entityNamed } from './subject.ts';

export const checkRoles: Check = ({ source, doubtful, report }) => {
  const find = (name: string): RoleMetadata | undefined => source.roles.find((role) => role.id === name || role.name === name);
  const reaches = (role: RoleMetadata, goal: RoleMetadata, seen: ReadonlySet<RoleMetadata>): boolean =>
    (role.extends ?? []).some((name) => {
      const parent = find(name);
      if (parent === undefined || seen.has(parent)) return false;
      return parent === goal || reaches(parent, goal, new Set([...seen, parent]));
    });
  for (const role of source.roles) {
    for (const name of Object.keys(role.entities)) {
      if (name === '*' || entityNamed(source, name) !== undefined || doubtful(name)) continue;
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
