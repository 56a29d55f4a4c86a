// Which flag switches what: names, shared flags, what goes along, and what no flag reaches.
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  closedBy,
  currentFeature,
  featuresOf,
  flagOfWorkflow,
  largerFeatures,
  locksOut,
} from '../../server/metadata/features.ts';
import { kept } from '../../server/metadata/kept.ts';
import type { Registry } from '../../server/metadata/registry.ts';
import { made } from '../metadata/changes/support.ts';
import { changedRegistry } from '../support/changed-registry.ts';
import { findingsOf } from '../support/metadata.ts';
import { crmRegistry, libraryRegistry } from '../support/registry.ts';

let crm: Registry;
let library: Registry;
beforeAll(async () => {
  [crm, library] = await Promise.all([crmRegistry(), libraryRegistry()]);
});
const closed = (registry: Registry, ...names: string[]) =>
  [...closedBy(registry, { key: names.join(), names: new Set(names) }).entities].sort();

describe('a flag', () => {
  test('is there for every entity, every workflow and every larger feature', () => {
    const names = [...featuresOf(crm).keys()];
    expect(names).toEqual(expect.arrayContaining([...crm.entities.keys()]));
    expect(names).toEqual(expect.arrayContaining(crm.workflows.map(flagOfWorkflow)));
    expect(names).toEqual(expect.arrayContaining(largerFeatures.map(({ name }) => name)));
    expect(featuresOf(crm).get('workflow_lead_scoring')).toEqual({
      name: 'workflow_lead_scoring',
      kind: 'workflow',
      entities: [],
    });
  });

  test('may be shared by several entities and workflows', async () => {
    const shared = await changedRegistry(library, /\/(members|branches)\.entity|loan_urgency\.workflow/, (content) => {
      content.featureFlag = 'lending';
    });
    expect(featuresOf(shared).get('lending')).toMatchObject({ kind: 'entity', entities: ['branches', 'members'] });
    expect(shared.workflows.map(flagOfWorkflow)).toEqual(['lending']);
    expect(closed(shared, 'lending')).toEqual(['branches', 'members']);
    expect(closed(shared, 'members')).toEqual([]);
  });

  test('takes along what belongs to the records of its entity, however far down', () => {
    expect(closed(crm, 'quotes')).toEqual(['quote_lines', 'quotes']);
    expect(closed(crm, 'journeys')).toEqual(['journey_enrolments', 'journey_steps', 'journeys']);
    expect(closed(crm, 'import', 'sharing')).toEqual(['imports', 'shares']);
    expect([...closedBy(crm, { key: '', names: new Set(['import', 'duplicates', 'export']) }).rights].sort()).toEqual([
      ...['export', 'import', 'merge'],
    ]);
  });

  test('never reaches users and the flags themselves, not even as one that they share', async () => {
    expect(closed(crm, 'users', 'feature_flags', 'feature_flag_targets')).toEqual([]);
    const shared = await changedRegistry(library, /\/(users|teams)\.entity/, (content) => {
      content.featureFlag = 'people';
    });
    expect([locksOut(shared, 'people'), locksOut(shared, 'teams'), locksOut(crm, 'users'), locksOut(crm, 'quotes')]).toEqual([
      ...[true, false, true, false],
    ]);
    expect(closed(shared, 'people')).toEqual(['teams']);
  });

  test('follows its entity while that is renamed', async () => {
    const { registry } = await made(library, { op: 'renameEntity', entity: 'branches', to: 'places', singular: 'place' });
    expect([currentFeature(registry, 'branches'), currentFeature(registry, 'members')]).toEqual(['places', 'members']);
    expect(closed(registry, 'branches')).toEqual(['places']);
  });

  test('of a larger feature has its name for itself', async () => {
    const found = await findingsOf({ 'entities/branches.entity.json': { '/name': 'export', '/plural': 'export' } });
    expect(found.map(([, message]) => message)).toContain('"export" is reserved.');
  });
});

test('what is kept is bounded, and what was asked for last stays', () => {
  const keep = kept<string>(2);
  const calls: string[] = [];
  const get = (key: string): string =>
    keep(key, () => {
      calls.push(key);
      return key.toUpperCase();
    });
  expect([get('a'), get('b'), get('a'), get('c'), get('a'), get('b')]).toEqual(['A', 'B', 'A', 'C', 'A', 'B']);
  expect(calls).toEqual(['a', 'b', 'c', 'b']);
});
