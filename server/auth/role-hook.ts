// Whoever gives roles to a user must have their rights, and so must whoever has power over the sign-in of one who has them: on every path that writes users.
import { problem } from '../problem.ts';
import type { Change, HookSet } from '../repository/hooks.ts';
import { mayGrant } from './granting.ts';
import { usersEntity } from './users.ts';

/** What sign-in and rights hang on: to write it of somebody would be a way to their roles. */
const powers: ReadonlySet<string> = new Set(['email', 'password', 'active', 'roles']);

export const roleHook: HookSet = {
  name: 'roles',
  beforeSave: ({ registry, actor }, change) => {
    if (change.entity.name !== usersEntity) return undefined;
    const had = rolesIn(change.before);
    const given = mayGrant(
      registry,
      actor,
      rolesIn(change.after).filter((role) => !had.includes(role)),
    );
    if (given.length > 0) {
      const detail = `You may not give the roles ${given.join(', ')}: their rights go beyond yours.`;
      return { issues: [{ pointer: '/roles', code: 'forbidden', detail }] };
    }
    const touched = [...change.changed, ...(change.secrets ?? [])].filter((name) => powers.has(name));
    const beyond = touched.length === 0 ? [] : mayGrant(registry, actor, had);
    if (beyond.length === 0) return undefined;
    return { issues: touched.map((name) => ({ pointer: `/${name}`, code: 'forbidden', detail: beyondYours(beyond) })) };
  },
  // Nothing is asked before a record is deleted or restored; a throw takes it back.
  afterSave: ({ registry, actor }, { operation, entity, before, after }) => {
    if (entity.name !== usersEntity || operation === 'create' || operation === 'update') return;
    const beyond = mayGrant(registry, actor, rolesIn(before ?? after));
    if (beyond.length > 0) throw problem('forbidden', { detail: beyondYours(beyond) });
  },
};

const beyondYours = (roles: readonly string[]): string =>
  `This user has roles that you may not grant: ${roles.join(', ')}. Their rights go beyond yours.`;

const rolesIn = (record: Change['after']): readonly string[] => {
  const roles = record?.['roles'];
  return Array.isArray(roles) ? roles.map(String) : [];
};
