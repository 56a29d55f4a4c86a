// The proof that no use is forgotten: whatever is renamed, the rewritten metadata has no finding.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { automationCatalogue } from '../../../server/automation/catalogue.ts';
import { runWorkflowTests } from '../../../server/automation/workflow-tests.ts';
import { compileChecked } from '../../../server/metadata/build.ts';
import { checkMetadata } from '../../../server/metadata/check.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import { shapeChecker } from '../../../server/metadata/schema.ts';
import { type Rename, rewriteNames } from '../../../server/metadata/uses/renames.ts';
import { usersEntity } from '../../../server/metadata/system-fields.ts';
import { crmRegistry, libraryRegistry } from '../../support/registry.ts';
import { findingsIn, rewritten } from './support.ts';

/** Every name of the metadata, each renamed to the same with something after it. */
function everyRename(registry: Registry): readonly Rename[] {
  const to = (from: string) => ({ from, to: `${from}_renamed`.slice(0, 51) });
  const renames: Rename[] = [];
  for (const entity of registry.entities.values()) {
    // The engine itself knows the people by this name.
    if (entity.layer !== 'platform') {
      renames.push({ kind: 'entity', ...to(entity.name) }, { kind: 'entity', from: entity.name, to: `${entity.name}_b`, singular: `${entity.singular}_b` });
    }
    const own = [...entity.fields.values()].filter(({ system, name }) => !system && !name.endsWith('_currency'));
    for (const { name } of own) renames.push({ kind: 'field', entity: entity.name, ...to(name) });
    for (const { name, id } of entity.relations.values()) {
      if (!id.startsWith('sys_')) renames.push({ kind: 'relation', entity: entity.name, ...to(name) });
    }
    for (const [field, { options = [] }] of Object.entries(entity.meta.fields)) {
      for (const { value } of options) renames.push({ kind: 'option', entity: entity.name, field, ...to(value) });
    }
  }
  for (const set of registry.optionSets.values()) {
    renames.push({ kind: 'optionSet', ...to(set.name) });
    for (const { value } of set.options) renames.push({ kind: 'option', optionSet: set.name, ...to(value) });
  }
  for (const name of registry.roles.keys()) renames.push({ kind: 'role', ...to(name) });
  return renames;
}

describe.each([
  ['the library', libraryRegistry],
  ['the shipped application', crmRegistry],
])('%s', (_name, load) => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await load();
  });

  test('every entity, field, relation, option, option set and role can be renamed without a finding', async () => {
    const broken: (readonly [Rename, readonly string[]])[] = [];
    const renames = everyRename(registry);
    for (const rename of renames) {
      const found = await findingsIn(registry, rewritten(registry, rewriteNames(registry, [rename])));
      if (found.length > 0) broken.push([rename, found]);
    }
    expect(broken).toEqual([]);
    expect(renames.length).toBeGreaterThan(100);
  });
});
