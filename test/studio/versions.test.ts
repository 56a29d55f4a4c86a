// The history: versions listed and told in full, any two compared, their documents exported.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { readings, text } from './support/changes.ts';
import { type JsonRecord, type MetadataApi, metadataApi, recordOf, recordsOf } from './support/metadata-api.ts';

let app: TestApp;
let meta: MetadataApi;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
  meta = metadataApi(app);
  await meta.applied({ op: 'addField', entity: 'branches', field: { name: 'motto', type: 'text', label: text('Motto') } });
  await meta.applied({ op: 'renameField', entity: 'branches', name: 'motto', to: 'slogan' });
  await meta.applied(readings);
});
afterAll(() => app.stop());

const get = async (path: string) => recordOf(await app.request('GET', path));

describe('the versions', () => {
  test('are listed newest first, page by page', async () => {
    const first = await app.request('GET', '/meta/versions?limit=3');
    expect(recordsOf(first).map(({ version }) => version)).toEqual([4, 3, 2]);
    expect(first.body['page']).toEqual({ limit: 3, hasNext: true, next: '2' });
    const second = await app.request('GET', '/meta/versions?limit=3&after=2');
    expect(recordsOf(second).map(({ version }) => version)).toEqual([1]);
    expect(second.body['page']).toEqual({ limit: 3, hasNext: false, next: null });
  });

  test('each tells its changes, its steps with SQL both ways, and how far it has come', async () => {
    const version = await get('/meta/versions/2');
    expect(version).toMatchObject({
      version: 2,
      status: 'applied',
      stage: 'swapped',
      changes: [{ op: 'addField', entity: 'branches' }],
      progress: { steps_done: 1, steps_total: 1 },
      created_at: expect.stringMatching(/Z$/),
      applied_at: expect.stringMatching(/Z$/),
    });
    expect(version['steps']).toMatchObject([
      { kind: 'addColumn', status: 'applied', up: [expect.any(String)], down: [expect.any(String)] },
    ]);
  });

  test('any two are compared, with what breaks for clients', async () => {
    const { difference, breaking, ...ends } = await get('/meta/versions/compare?from=1&to=2');
    expect(ends).toEqual({ from: 1, to: 2, rights: [] });
    expect(difference).toMatchObject([{ change: 'added', pointer: '/fields/motto' }]);
    expect(breaking).toEqual([]);
    const renamed = await get('/meta/versions/compare?from=2&to=3');
    expect(renamed['breaking']).toMatchObject([{ level: 'deprecated' }]);
    const back = await get('/meta/versions/compare?from=4&to=1');
    expect(back['difference']).toEqual(
      expect.arrayContaining([expect.objectContaining({ change: 'removed', name: 'readings' })]),
    );
    expect(await get('/meta/versions/compare?from=1')).toMatchObject({ from: 1, to: 4 });
  });
});

describe('the export', () => {
  const documentsOf = async (query: string) => (await get(`/meta/export${query}`))['documents'] as readonly JsonRecord[];

  test('holds what was made at run time, or everything', async () => {
    const custom = await documentsOf('');
    expect(custom.every(({ layer }) => layer === 'custom')).toBe(true);
    expect(JSON.stringify(custom)).toContain('slogan');
    const all = await documentsOf('?layers=all');
    expect(all.length).toBeGreaterThan(custom.length);
    expect(all.slice(-custom.length)).toEqual(custom);
  });

  test('of an earlier version is as it was then', async () => {
    expect(await documentsOf('?version=1')).toEqual([]);
    expect(JSON.stringify(await documentsOf('?version=2'))).toMatch(/motto/);
    expect(JSON.stringify(await documentsOf('?version=2'))).not.toMatch(/slogan|readings/);
  });
});
