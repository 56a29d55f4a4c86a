// A user's row → the actor that the repository asks for rights.
import { createHash } from 'node:crypto';
import { nothingOff, type OffFeatures } from '../metadata/features.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Actor, Reach } from '../repository/actor.ts';
import { seenRegistry } from './seen-registry.ts';
import { switchedRights } from './switched-rights.ts';
import type { User } from './users.ts';

/**
 * The actor of this registry: with the next registry, the same user may have other rights.
 * @param off features that are off for the user; absent for work on their behalf, which flags do not stop
 */
export function actorOf(user: User, registry: Registry, off: OffFeatures = nothingOff): Actor {
  const { access, digest, exportLimit, grants, system } = switchedRights(registry, user.roles, off);
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
    exportLimit,
    system,
    sees: (asked) => seenRegistry(asked, switchedRights(asked, user.roles, off)),
    isOn: (feature) => !off.names.has(feature),
    ...(off === nothingOff ? {} : { unswitched: actorOf(user, registry) }),
  };
}

/** What is shared is left out: a share tells of records, not of what their reader may do in general. */
const markOf = (digest: string, { users, teams }: Reach): string =>
  createHash('sha256')
    .update([digest, [...users].sort().join(' '), [...teams].sort().join(' ')].join('\n'))
    .digest('hex');
