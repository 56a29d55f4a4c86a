// A user's row → the actor that the repository asks for rights.
import type { Registry } from '../metadata/registry.ts';
import type { Actor } from '../repository/actor.ts';
import { accessOf, systemRightsOf } from './rights.ts';
import type { User } from './users.ts';

/** The actor of this registry: with the next registry, the same user may have other rights. */
export function actorOf(user: User, registry: Registry): Actor {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    roles: user.roles,
    language: user.language ?? registry.app.languages[0] ?? 'en',
    access: accessOf(registry, user.roles),
    system: systemRightsOf(registry, user.roles),
  };
}
