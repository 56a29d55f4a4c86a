// Records that belong to records that belong to records of any kind: who may read them is worked out, and comes to an end.
import { expect, test } from '@jest/globals';
import type { Entity } from '../../server/metadata/registry.ts';
import { unlimited } from '../../server/repository/actor.ts';
import { systemContext } from '../../server/repository/context.ts';
import { entityPredicate } from '../../server/repository/row-rights.ts';
import { parameters } from '../../server/repository/statement.ts';
import { changedRegistry } from '../support/changed-registry.ts';
import { granted } from '../support/granted.ts';
import { crmRegistry } from '../support/registry.ts';

test('a chain that leads back to itself through a record of any kind ends there', async () => {
  const link = {
    id: 'rel_tags_link',
    kind: 'belongsTo',
    label: { en: 'Link' },
    entity: 'shares',
    field: 'link_id',
    onDelete: 'cascade',
  };
  const registry = await changedRegistry(await crmRegistry(), /\/tags\.entity\.json$/, (tags) => {
    tags.relations = { link };
    tags.ownership = { through: 'link' };
  });
  const actor = { id: '01890000-0000-7000-8000-000000000001', name: 'X', email: null, roles: [], language: 'en', ...unlimited };
  const context = systemContext(registry, 'api', { actor: { ...actor, ...granted(() => 'own') } });
  for (const name of ['tags', 'shares', 'auditlog']) {
    const rows = entityPredicate(context, registry.entities.get(name) as Entity, 't', parameters(), 'read');
    expect(rows).toContain('EXISTS');
  }
});
