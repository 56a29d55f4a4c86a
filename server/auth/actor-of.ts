// A user's row → the actor that the repository asks for rights.
import { createHash } from 'node:crypto';
import type { Registry } from '../metadata/registry.ts';
import type { Actor, Reach } from '../repository/actor.ts';
import { rightsOf } from './rights.ts';
import { seenRegistry } from './seen-registry.ts';
import type { User } from './users.ts';

/** The actor of this registry: with the next registry, the same user may have other rights. */
export function actorOf(user: User, registry: Registry): Actor {
  const { access, digest, grants, system } = rightsOf(registry, user.roles);
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    roles: user.roles,
    language: user.language ?? registry.app.languages[0] ?? 'en',
    reach: user.reach,
    mark: markOf(digest, user.reach),
    access,
    grants,
    system,
    sees: (asked) => seenRegistry(asked, rightsOf(asked, user.roles)),
  };
}

/** What is shared is left out: a share tells of records, not of what their reader may do in general. */
const markOf = (digest: string, { users, teams }: Reach): string =>
  createHash('sha256')
    .update([digest, [...users].sort().join(' '), [...teams].sort().join(' ')].join('\n'))
    .digest('hex');
