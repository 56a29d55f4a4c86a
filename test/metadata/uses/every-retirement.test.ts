// Whatever is retired: with what goes with it the metadata has no finding, or something is told to break and does.
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { MetadataObject } from '../../../server/metadata/layer.ts';
import type { JsonObject } from '../../../server/metadata/pointer.ts';
import type { Registry } from '../../../server/metadata/registry.ts';
import type { Owner } from '../../../server/metadata/uses/reference.ts';
import { referencesTo } from '../../../server/metadata/uses/references.ts';
import { type Named, namedTarget } from '../../../server/metadata/uses/targets.ts';
import { retirementOf, type Withdrawal, withoutPlaces } from '../../../server/metadata/uses/withdrawals.ts';
import { crmRegistry, libraryRegistry } from '../../support/registry.ts';
import { findingsIn, objectsOf } from './support.ts';

function everything(registry: Registry): readonly Named[] {
  const all: Named[] = [];
  for (const entity of registry.entities.values()) {
    if (entity.layer === 'platform') continue;
    all.push({ kind: 'entity', name: entity.name });
    for (const name of Object.keys(entity.meta.fields)) all.push({ kind: 'field', entity: entity.name, name });
    for (const name of Object.keys(entity.meta.relations ?? {})) all.push({ kind: 'relation', entity: entity.name, name });
  }
  const shipped = new Set(registry.documents.filter(({ layer }) => layer === 'platform').map(({ content }) => content['id']));
  for (const set of [...registry.optionSets.values()].filter(({ id }) => !shipped.has(id))) {
    all.push({ kind: 'optionSet', name: set.name });
    for (const { value } of set.options) all.push({ kind: 'option', optionSet: set.name, name: value });
  }
  for (const name of registry.roles.keys()) all.push({ kind: 'role', name });
  return all;
}

/** The places where the thing itself stands. */
function ownPlaces(registry: Registry, retired: Named): readonly Pick<Withdrawal, 'owner' | 'pointer'>[] {
  const target = namedTarget(registry, retired);
  const [declaring] = target === undefined ? [] : referencesTo(registry, target).filter(({ declares }) => declares === true);
  if (declaring === undefined) throw new Error(`Nothing declares ${retired.name}`);
  const { owner, pointer } = declaring;
  if (retired.kind === 'option') return [{ owner, pointer: pointer.replace(/\/value$/, '') }];
  return [{ owner, pointer: retired.kind === 'field' || retired.kind === 'relation' ? pointer : '' }];
}

function without(registry: Registry, places: readonly Pick<Withdrawal, 'owner' | 'pointer'>[]): readonly MetadataObject[] {
  const isOf = (object: MetadataObject, owner: Owner) =>
    owner.kind === object.kind.key && (owner.kind === 'app' || owner.id === object.value['id']);
  return objectsOf(registry).flatMap((object) => {
    const pointers = places.filter(({ owner }) => isOf(object, owner)).map(({ pointer }) => pointer);
    if (pointers.includes('')) return [];
    return pointers.length === 0 ? [object] : [{ ...object, value: withoutPlaces<JsonObject>(object.value, pointers) }];
  });
}

describe.each([
  ['the library', libraryRegistry, 1],
  ['the shipped application', crmRegistry, 15],
])('%s', (_name, load, every) => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await load();
  });

  test('what breaks nothing leaves no finding behind, what breaks something leaves one', async () => {
    const wrong: unknown[] = [];
    const sample = everything(registry).filter((_retired, at) => at % every === 0);
    let clean = 0;
    for (const retired of sample) {
      const { withdrawals, broken } = retirementOf(registry, [retired]);
      const found = await findingsIn(registry, without(registry, [...ownPlaces(registry, retired), ...withdrawals]));
      if (broken.length === 0) clean += 1;
      if ((broken.length === 0) !== (found.length === 0))
        wrong.push({ retired, found, broken: broken.map(({ owner, pointer }) => `${owner.kind} ${owner.name} ${pointer}`) });
    }
    expect(wrong).toEqual([]);
    expect(clean).toBeGreaterThan(20);
    expect(clean).toBeLessThan(sample.length);
  });
});
