// Whoever gives roles to a user must have their rights: on every path that writes users, also in imports and workflows.
import type { Change, HookSet } from '../repository/hooks.ts';
import { mayGrant } from './granting.ts';
import { usersEntity } from './users.ts';

export const roleHook: HookSet = {
  name: 'roles',
  beforeSave: (context, change) => {
    const refused = mayGrant(context.registry, context.actor, givenRoles(change));
    if (refused.length === 0) return undefined;
    const detail = `You may not give the roles ${refused.join(', ')}: their rights go beyond yours.`;
    return { issues: [{ pointer: '/roles', code: 'forbidden', detail }] };
  },
};

function givenRoles({ entity, before, after }: Change): readonly string[] {
  if (entity.name !== usersEntity) return [];
  const had = rolesIn(before);
  return rolesIn(after).filter((role) => !had.includes(role));
}

const rolesIn = (record: Change['after']): readonly string[] => {
  const roles = record?.['roles'];
  return Array.isArray(roles) ? roles.map(String) : [];
};
