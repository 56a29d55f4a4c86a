// The first administrator, made when nobody could sign in yet.
import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Registry } from '../metadata/registry.ts';
import { systemContext } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { run } from '../repository/statement.ts';
import { entityOf, usersEntity } from './users.ts';

export interface FirstAdmin {
  readonly email: string;
  /** Only when it was generated: to be shown once. */
  readonly password?: string;
}

export const defaultAdminEmail = 'admin@example.com';
/** Role of the platform layer that may do everything. */
export const adminRole = 'admin';

/**
 * Creates the administrator if there is no user at all, deleted ones included.
 * @returns undefined when there are users already
 */
export function ensureFirstAdmin(
  services: { readonly repository: Repository; readonly registry: Registry },
  config: Pick<Config, 'adminEmail' | 'adminPassword'>,
): Promise<FirstAdmin | undefined> {
  const { repository, registry } = services;
  const entity = entityOf(registry);
  return repository.transaction(systemContext(registry), async (context) => {
    // Nodes that start together make one administrator.
    await run(context.transaction, {
      text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
      values: [`first admin ${entity.qualifiedTable}`],
    });
    const someone = await run(context.transaction, { text: `SELECT 1 FROM ${entity.qualifiedTable} LIMIT 1`, values: [] });
    if (someone.length > 0) return undefined;
    const email = config.adminEmail ?? defaultAdminEmail;
    const generated = config.adminPassword === undefined ? randomBytes(12).toString('base64url') : undefined;
    await repository.create(context, usersEntity, {
      email,
      password: config.adminPassword ?? generated,
      first_name: 'First',
      last_name: 'Administrator',
      roles: [adminRole],
      active: true,
    });
    return { email, ...(generated === undefined ? {} : { password: generated }) };
  });
}
