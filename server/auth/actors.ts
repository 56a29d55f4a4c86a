// Actors outside of a request: who a job or a workflow acts for, with the rights of today.
import type { Knex } from 'knex';
import type { Registry } from '../metadata/registry.ts';
import { type Actor, systemActorId } from '../repository/actor.ts';
import { actorOf } from './actor-of.ts';
import { adminRole } from './first-admin.ts';
import { type User, userByEmail, userById, userWithRole } from './users.ts';

export interface Actors {
  /** Undefined when the account is deleted or disabled. */
  byId(registry: Registry, id: string): Promise<Actor | undefined>;
  byEmail(registry: Registry, email: string): Promise<Actor | undefined>;
  /** The first administrator: who owns what nobody else brought in. */
  administrator(registry: Registry): Promise<Actor | undefined>;
}

export function actorsOf(knex: Knex): Actors {
  const active = (user: User | undefined, registry: Registry): Actor | undefined =>
    user?.active === true ? actorOf(user, registry) : undefined;
  return {
    byId: async (registry, id) => active(await userById(knex, registry, id), registry),
    byEmail: async (registry, email) => active((await userByEmail(knex, registry, email))?.user, registry),
    administrator: async (registry) => active(await userWithRole(knex, registry, adminRole), registry),
  };
}

/** Nobody in particular, with the rights of a role: what is their own or of their team, no record is. */
export function actorOfRole(registry: Registry, role: string): Actor | undefined {
  if (!registry.roles.has(role)) return undefined;
  const user = { id: systemActorId, email: '', name: role, roles: [role], language: null, active: true };
  return actorOf({ ...user, reach: { users: [], teams: [] } }, registry);
}
