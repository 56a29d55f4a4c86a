// Rights of roles: union, extension, the star, and no right without a role.
import { describe, expect, test } from '@jest/globals';
import { actorOf } from '../../server/auth/actor-of.ts';
import { rightsOf } from '../../server/auth/rights.ts';
import { seenRegistry } from '../../server/auth/seen-registry.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import type { EntityGrant, RoleMetadata } from '../../server/metadata/types.ts';
import { crmRegistry } from '../support/registry.ts';

async function registryOf(
  roles: Record<string, { extends?: readonly string[]; system?: Record<string, unknown>; entities: Record<string, EntityGrant> }>,
): Promise<Registry> {
  const registry = await crmRegistry();
  const made = Object.entries(roles).map(([name, role]): [string, RoleMetadata] => [
    name,
    { id: `role_${name}`, name, label: { en: name }, ...role },
  ]);
  return { ...registry, roles: new Map(made) };
}

describe('rights', () => {
  test('to everything show the very registry, roll-ups included', async () => {
    const registry = await crmRegistry();
    expect(seenRegistry(registry, rightsOf(registry, ['admin']))).toBe(registry);
    expect(seenRegistry(registry, rightsOf(registry, ['sales_rep']))).not.toBe(registry);
  });

  test('within a role a named entity does not look at the star', async () => {
    const registry = await registryOf({ a: { entities: { '*': { read: 'all', create: true }, contacts: { read: 'own' } } } });
    const access = rightsOf(registry, ['a']).access;
    expect([
      access('contacts', 'read'),
      access('contacts', 'create'),
      access('leads', 'read'),
      access('leads', 'create'),
    ]).toEqual(['own', 'none', 'all', 'all']);
  });

  test('several roles add up, and a none takes nothing away', async () => {
    const registry = await registryOf({
      a: { entities: { contacts: { read: 'team', update: 'none', delete: 'own' } } },
      b: { entities: { contacts: { read: 'own', update: 'all' } } },
    });
    for (const roles of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const access = rightsOf(registry, roles).access;
      expect((['read', 'update', 'delete', 'purge'] as const).map((operation) => access('contacts', operation))).toEqual([
        'team',
        'all',
        'own',
        'none',
      ]);
    }
  });

  test('let out as many records at once as the role that goes farthest', async () => {
    const entities = { contacts: { export: true } };
    const registry = await registryOf({
      few: { system: { export: { maxRows: 10 } }, entities },
      more: { system: { export: { maxRows: 20 } }, entities },
      any: { entities },
      none: { entities: {} },
    });
    const limit = (...roles: string[]) => rightsOf(registry, roles).exportLimit('contacts');
    expect([limit('few'), limit('few', 'more'), limit('few', 'none'), limit('few', 'any'), limit('any')]).toEqual([
      ...[10, 20, 10, undefined, undefined],
    ]);
  });

  test('extended roles count, by id or name, also in a circle', async () => {
    const registry = await registryOf({
      a: { extends: ['role_b'], entities: {} },
      b: { extends: ['c', 'a'], entities: { contacts: { read: 'own' } } },
      c: { entities: { leads: { import: true, export: true } } },
    });
    const access = rightsOf(registry, ['a']).access;
    expect([access('contacts', 'read'), access('leads', 'import'), access('leads', 'export'), access('leads', 'read')]).toEqual([
      'own',
      'all',
      'all',
      'none',
    ]);
  });

  test('who may change and delete may merge', async () => {
    const registry = await registryOf({
      a: { entities: { contacts: { update: 'all', delete: 'own' }, leads: { update: 'all' } } },
    });
    const access = rightsOf(registry, ['a']).access;
    expect([access('contacts', 'merge'), access('leads', 'merge')]).toEqual(['own', 'none']);
  });

  test('no role, an unknown role and names of object members grant nothing', async () => {
    const registry = await registryOf({ a: { entities: { contacts: { read: 'all' } } } });
    for (const roles of [[], ['nobody'], ['__proto__']])
      expect(rightsOf(registry, roles).access('contacts', 'read')).toBe('none');
    expect(rightsOf(registry, ['a']).access('constructor', 'read')).toBe('none');
  });

  test("the actor speaks the user's language, else the application's first", async () => {
    const registry = await crmRegistry();
    const user = {
      id: '1',
      email: 'a@example.com',
      name: 'A',
      roles: ['admin'],
      language: null,
      active: true,
      reach: { users: ['1'], teams: [] },
    };
    expect(actorOf(user, registry).language).toBe('en');
    expect(actorOf({ ...user, language: 'ar' }, registry)).toMatchObject({ language: 'ar', email: 'a@example.com' });
    expect(actorOf(user, registry).access('contacts', 'purge')).toBe('all');
  });

  test('rights beyond records add up as well: wholly counts more than in part, and what nobody grants is not there', async () => {
    const registry = await registryOf({
      a: { system: { 'metadata.write': 'custom', 'metadata.read': true }, entities: {} },
      b: { system: { 'metadata.write': true }, entities: {} },
      c: { extends: ['a'], entities: {} },
    });
    const rights = ['metadata.write', 'metadata.read', 'users.manage', 'constructor'];
    expect(rights.map(rightsOf(registry, ['a', 'b']).system)).toEqual([true, true, false, false]);
    expect(rights.map(rightsOf(registry, ['c']).system)).toEqual(['custom', true, false, false]);
  });
});
