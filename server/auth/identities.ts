// Which user somebody is who signed on elsewhere: by the identity that was linked before, else by an e-mail address that is verified.
import type { Knex } from 'knex';
import type { Registry } from '../metadata/registry.ts';
import { systemContext } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { engineTable, run } from '../repository/statement.ts';
import type { AuthServices } from './services.ts';
import type { ForeignUser } from './sign-on.ts';
import { type User, userByEmail, userById, usersEntity } from './users.ts';

export interface IdentityServices extends Pick<AuthServices, 'knex' | 'registry'> {
  readonly repository: Repository;
}

/**
 * @param role of a user made now; without one, only users that exist are found
 * @returns undefined for somebody who has no active account here and gets none
 */
export async function userOfIdentity(
  services: IdentityServices,
  foreign: ForeignUser,
  role: string | undefined,
): Promise<User | undefined> {
  const { knex, repository } = services;
  const registry = services.registry.current();
  const table = engineTable(registry.app, 'sign_in_identities');
  const [linked] = await run<{ user_id: string }>(knex, {
    text: `UPDATE ${table} SET last_used_at = now() WHERE issuer = $1 AND subject = $2 RETURNING user_id`,
    values: [foreign.issuer, foreign.subject],
  });
  // An identity stays its user's: whoever lost the account gets no other one by their address.
  if (linked !== undefined) return active(await userById(knex, registry, linked.user_id));
  // An address that the provider has not verified may be anybody's.
  if (foreign.email === undefined || !foreign.emailVerified) return undefined;
  const found = await userByEmail(knex, registry, foreign.email);
  if (found !== undefined) {
    if (found.user.active) await link(knex, table, foreign, found.user.id);
    return active(found.user);
  }
  if (role === undefined || !isForUsers(registry, role)) return undefined;
  const id = await repository.transaction(systemContext(registry), async (context) => {
    const { firstName: first_name, lastName: last_name, email } = foreign;
    const made = await repository.create(context, usersEntity, { email, first_name, last_name, roles: [role], active: true });
    await link(context.transaction, table, foreign, made.id);
    return made.id;
  });
  return userById(knex, registry, id);
}

/** Whether the metadata let a role be given to users. */
export function isForUsers(registry: Registry, role: string): boolean {
  const found = registry.roles.get(role);
  return found !== undefined && (found.assignableTo ?? ['user']).includes('user');
}

const active = (user: User | undefined): User | undefined => (user?.active === true ? user : undefined);

async function link(
  database: Knex | Knex.Transaction,
  table: string,
  { issuer, subject }: ForeignUser,
  userId: string,
): Promise<void> {
  await run(database, {
    text: `INSERT INTO ${table} (issuer, subject, user_id, last_used_at) VALUES ($1, $2, $3, now()) ON CONFLICT DO NOTHING`,
    values: [issuer, subject, userId],
  });
}
