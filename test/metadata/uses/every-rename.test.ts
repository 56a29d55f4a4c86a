// The proof that no use is forgotten: whatever is renamed, the rewritten metadata has no finding and names the same things.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { automationCatalogue } from '../../../server/automation/catalogue.ts';
import { runWorkflowTests } from '../../../server/automation/workflow-tests.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import { referencesOf } from '../../../server/metadata/uses/references.ts';
import { type Rename, rewriteNames } from '../../../server/metadata/uses/renames.ts';
import { crmRegistry, libraryRegistry } from '../../support/registry.ts';
import { compiled, findingsIn, rewritten } from './support.ts';

/** Every name of the metadata, each renamed to the same with something after it. */
function everyRename(registry: Registry): readonly Rename[] {
  const to = (name: string) => ({ name, to: `${name.slice(0, 48)}_x` });
  const renames: Rename[] = [];
  for (const entity of registry.entities.values()) {
    // The engine itself knows its own by their names.
    if (entity.layer !== 'platform') renames.push({ kind: 'entity', ...to(entity.name), singular: `${entity.singular}_x` });
    // The engine writes the timeline, by the names of its fields.
    const implied = (name: string) => entity.meta.fields[name] === undefined && name.endsWith('_currency');
    for (const { name, system } of entity.fields.values())
      if (!system && !implied(name) && entity.name !== 'timeline')
        renames.push({ kind: 'field', entity: entity.name, ...to(name) });
    for (const { name, id } of entity.relations.values())
      if (!id.startsWith('sys_')) renames.push({ kind: 'relation', entity: entity.name, ...to(name) });
    for (const [field, { options = [] }] of Object.entries(entity.meta.fields))
      for (const { value } of options) renames.push({ kind: 'option', entity: entity.name, field, ...to(value) });
  }
  for (const set of registry.optionSets.values()) {
    renames.push({ kind: 'optionSet', ...to(set.name) });
    for (const { value } of set.options) renames.push({ kind: 'option', optionSet: set.name, ...to(value) });
  }
  for (const name of registry.roles.keys()) renames.push({ kind: 'role', ...to(name) });
  return renames;
}

/** What is named where, without the names. Option values are their own names. */
const namings = (registry: Registry): readonly string[] =>
  referencesOf(registry)
    .map(({ owner, target }) => `${owner.kind} ${owner.id} names ${target.kind} ${target.id}`)
    .sort();

async function findingsAfter(registry: Registry, renames: readonly Rename[]): Promise<readonly string[]> {
  return findingsIn(registry, rewritten(registry, rewriteNames(registry, renames)));
}

describe.each([
  ['the library', libraryRegistry, 1],
  ['the shipped application', crmRegistry, 15],
])('%s', (_name, load, every) => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await load();
  });

  test('each entity, field, relation, option, option set and role can be renamed without a finding', async () => {
    const sample = everyRename(registry).filter((_rename, at) => at % every === 0);
    const broken: (readonly [Rename, readonly string[]])[] = [];
    for (const rename of sample) {
      const found = await findingsAfter(registry, [rename]);
      if (found.length > 0) broken.push([rename, found]);
    }
    expect(broken).toEqual([]);
    expect(sample.length).toBeGreaterThan(50);
  });

  test('everything can be renamed at once: no finding, each thing named where it was, and the workflows do the same', async () => {
    const objects = rewritten(registry, rewriteNames(registry, everyRename(registry)));
    expect(await findingsIn(registry, objects)).toEqual([]);
    const after = await compiled(registry, objects);
    expect(namings(after)).toEqual(namings(registry));
    const failed = (await runWorkflowTests(after, automationCatalogue())).filter(({ failures }) => failures.length > 0);
    expect(failed).toEqual([]);
  });

  test('no old name is left where something is named', async () => {
    const renames = everyRename(registry);
    const after = await compiled(registry, rewritten(registry, rewriteNames(registry, renames)));
    const old = referencesOf(after)
      .filter(
        ({ target, owner }) =>
          !target.id.startsWith('sys_') && target.kind !== 'flag' && !isPlatformEntity(after, target.id) && owner.kind !== 'app',
      )
      .filter(({ target }) => !['layout', 'view', 'dashboard', 'workflow'].includes(target.kind))
      // Left as they are above, too.
      .filter(({ target }) => target.kind !== 'field' || target.entity !== 'timeline')
      .filter(({ target }) => !target.name.endsWith('_x'));
    expect(old).toEqual([]);
  });
});

const isPlatformEntity = (registry: Registry, id: string): boolean =>
  [...registry.entities.values()].some((entity) => entity.id === id && entity.layer === 'platform');

describe('a mistake is found', () => {
  test('a use that is left out of the rewrites is a finding', async () => {
    const registry = await libraryRegistry();
    const rewrites = rewriteNames(registry, [{ kind: 'field', entity: 'books', name: 'title', to: 'heading' }]);
    expect(rewrites.length).toBeGreaterThan(5);
    for (const left of rewrites) {
      const found = await findingsIn(
        registry,
        rewritten(
          registry,
          rewrites.filter((rewrite) => rewrite !== left),
        ),
      );
      expect(found.length).toBeGreaterThan(0);
    }
  });
});
