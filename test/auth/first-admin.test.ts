// The first administrator: once, with the given or a generated password.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { defaultAdminEmail, ensureFirstAdmin } from '../../server/auth/first-admin.ts';
import { verifyPassword } from '../../server/auth/passwords.ts';
import { userByEmail } from '../../server/auth/users.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { createRepository } from '../../server/repository/create-repository.ts';
import type { Repository } from '../../server/repository/repository.ts';
import { migratedDatabase } from '../support/app.ts';
import type { TestDatabase } from '../support/database.ts';
import { crmRegistry } from '../support/registry.ts';

let database: TestDatabase;
let registry: Registry;
let repository: Repository;
beforeAll(async () => {
  registry = await crmRegistry();
  database = await migratedDatabase(registry);
  repository = createRepository({ knex: database.knex, hooks: [], onError: () => undefined });
});
afterAll(() => database.drop());
beforeEach(() => database.knex.raw('DELETE FROM crm_core.crm_users'));

const ensure = (config: { adminEmail?: string; adminPassword?: string } = {}) =>
  ensureFirstAdmin({ repository, registry }, { adminEmail: undefined, adminPassword: undefined, ...config });
const passwordOf = async (email: string) => (await userByEmail(database.knex, registry, email))?.password ?? null;

describe('first administrator', () => {
  test('gets a generated password that is told once', async () => {
    const made = await ensure();
    expect(made).toEqual({ email: defaultAdminEmail, password: expect.stringMatching(/^[\w-]{16}$/) });
    expect(await verifyPassword(await passwordOf(defaultAdminEmail), made?.password ?? '')).toBe(true);
    expect(await ensure()).toBeUndefined();
  });

  test('gets the configured address and password, which is not told', async () => {
    expect(await ensure({ adminEmail: 'Boss@example.com', adminPassword: 'configured password' })).toEqual({
      email: 'Boss@example.com',
    });
    expect(await verifyPassword(await passwordOf('boss@example.com'), 'configured password')).toBe(true);
  });

  test('is one, when several nodes start together', async () => {
    const made = await Promise.all([ensure(), ensure(), ensure()]);
    expect(made.filter((each) => each !== undefined)).toHaveLength(1);
  });

  test('does not come back after all users were deleted', async () => {
    await ensure();
    await database.knex.raw('UPDATE crm_core.crm_users SET deleted_at = now()');
    expect(await ensure()).toBeUndefined();
    expect(await passwordOf(defaultAdminEmail)).toBeNull();
  });
});

describe('passwords', () => {
  test('a damaged hash and no hash open nothing', async () => {
    expect(await verifyPassword('not a hash', 'not a hash')).toBe(false);
    expect(await verifyPassword(null, '')).toBe(false);
  });

  test('an application without users cannot have sign-in', async () => {
    const none = { ...registry, entities: new Map() };
    await expect(userByEmail(database.knex, none, 'a@example.com')).rejects.toThrow('users');
  });
});
