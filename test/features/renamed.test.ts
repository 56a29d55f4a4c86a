// An entity that is renamed takes its flag along, with whoever is in; so it does on the way back.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { metadataApi, recordOf } from '../studio/support/metadata-api.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { eventually, flagsOf } from './support.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
});
afterAll(() => app.stop());

test('also where the former name is not answered for', async () => {
  const flags = flagsOf(app);
  const api = metadataApi(app);
  const id = await flags.set('branches', { enabled: false });
  const nameOf = async () => recordOf(await app.request('GET', `/feature_flags/${id}`))['name'];
  const statuses = async () => [(await app.request('GET', '/branches')).status, (await app.request('GET', '/places')).status];
  const before = await api.current();
  await api.applied({ op: 'renameEntity', entity: 'branches', to: 'places', singular: 'place', aliasDays: 0 });
  expect(await statuses()).toEqual([404, 404]);
  expect(await eventually(nameOf, (name) => name === 'places')).toBe('places');
  await flags.set('branches', { enabled: true });
  expect(await statuses()).toEqual([404, 200]);
  await flags.set('branches', { enabled: false });
  await api.rolledBack(before);
  expect(await eventually(nameOf, (name) => name === 'branches')).toBe('branches');
  expect(await statuses()).toEqual([404, 404]);
});
