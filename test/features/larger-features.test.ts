// The larger features: each off in REST, GraphQL, OpenAPI and the metadata document, as if it had never been offered.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { largerFeatures } from '../../server/metadata/features.ts';
import { type Answer, startTestApp, type TestApp } from '../support/app.ts';
import { type Flags, flagsOf, told } from './support.ts';

let app: TestApp;
let flags: Flags;
const get = (path: string): Promise<Answer> => app.request('GET', path);
const post = (path: string, body: unknown = {}): Promise<Answer> => app.request('POST', path, { body });
const paths = async (): Promise<readonly string[]> => Object.keys((await get('/openapi.json')).body['paths'] ?? {});
const meta = async () =>
  (await get('/meta')).body['data'] as unknown as {
    readonly features: readonly string[];
    readonly entities: Readonly<Record<string, { readonly operations: readonly string[] }>>;
  };
const offered = async (entity: string): Promise<readonly string[]> => (await meta()).entities[entity]?.operations ?? [];

beforeAll(async () => {
  app = await startTestApp({ live: true });
  flags = flagsOf(app);
});
afterEach(() => flags.clear());
afterAll(() => app.stop());

test('all are on where there is no flag, and the metadata document tells which are', async () => {
  expect((await meta()).features).toEqual(largerFeatures.map(({ name }) => name));
  for (const { name } of largerFeatures) {
    await flags.set(name, { enabled: false });
    expect((await meta()).features).not.toContain(name);
  }
  expect((await meta()).features).toEqual([]);
});

test('search: the route is that of an entity called search, which there is not', async () => {
  expect((await get('/search?q=a')).status).toBe(200);
  await flags.set('search', { enabled: false });
  expect(told(await get('/search'), ['search', 'qwzxqw'])).toBe(told(await get('/qwzxqw')));
  expect(await paths()).not.toContain('/search');
});

test('graphql: the same', async () => {
  await flags.set('graphql', { enabled: false });
  expect(told(await get('/graphql'), ['graphql', 'qwzxqwz'])).toBe(told(await get('/qwzxqwz')));
  expect(told(await post('/graphql', { query: '{ __typename }' }), ['graphql', 'qwzxqwz'])).toBe(told(await post('/qwzxqwz')));
  expect(await paths()).not.toContain('/graphql');
});

test('export: no entity offers it, and the records of exports go with it', async () => {
  expect(await offered('contacts')).toContain('export');
  await flags.set('export', { enabled: false });
  // The audit log never offered it.
  expect(told(await get('/contacts/export'), ['contacts', 'auditlog'])).toBe(told(await get('/auditlog/export')));
  expect(await offered('contacts')).not.toContain('export');
  expect((await get('/exports')).status).toBe(404);
  // What is left is the export of the metadata.
  expect((await paths()).filter((path) => /export/.test(path))).toEqual(['/meta/export']);
  expect(await paths()).toContain('/{entity}/import');
});

test('import: no entity offers it, and the records of imports go with it', async () => {
  await flags.set('import', { enabled: false });
  expect(told(await post('/contacts/import'), ['contacts', 'auditlog'])).toBe(told(await post('/auditlog/import')));
  expect((await get('/imports')).status).toBe(404);
  expect(await offered('contacts')).not.toContain('import');
  expect((await paths()).filter((path) => /import/.test(path))).toEqual([]);
});

describe('duplicates', () => {
  test('nothing is asked for and nothing merged', async () => {
    const documented = async () => (await paths()).filter((path) => /duplicates|merge/.test(path));
    const mutations = async (): Promise<readonly string[]> => {
      const { body } = await post('/graphql', { query: '{ __schema { mutationType { fields { name } } } }' });
      const fields = body['data']?.['__schema']?.['mutationType']?.['fields'] ?? [];
      return [...fields].map(({ name }) => String(name)).filter((name) => /merge/i.test(name));
    };
    const id = (await post('/contacts', { last_name: 'One' })).body['data']?.['id'];
    expect([(await documented()).length > 0, (await mutations()).length > 0]).toEqual([true, true]);
    expect((await post('/contacts/duplicates', { last_name: 'One' })).status).toBe(200);
    await flags.set('duplicates', { enabled: false });
    expect([await documented(), await mutations()]).toEqual([[], []]);
    expect(told(await post('/contacts/duplicates'), ['duplicates', 'qwzxqwzxqw'])).toBe(told(await post('/contacts/qwzxqwzxqw')));
    expect((await post(`/contacts/${id}/duplicates`)).status).toBe(404);
    for (const act of ['merge', 'unmerge'])
      expect(told(await post(`/contacts/${id}/${act}`))).toBe(
        told(await post(`/auditlog/${id}/${act}`), ['auditlog', 'contacts']),
      );
  });
});

test('mass change: records are changed one by one', async () => {
  const many = () => app.request('PATCH', '/contacts?last_name[eq]=Nobody&maxAffected=1', { body: { notes: 'x' } });
  const allowed = async () => (await app.request('OPTIONS', '/contacts')).headers.get('allow');
  expect([(await many()).status, await allowed()]).toEqual([200, 'GET, POST, PATCH, DELETE, HEAD, OPTIONS']);
  expect(await paths()).toContain('/batch');
  await flags.set('mass_change', { enabled: false });
  expect([(await many()).status, await allowed()]).toEqual([405, 'GET, POST, HEAD, OPTIONS']);
  expect(told(await post('/batch', []), ['batch', 'qwzxq'])).toBe(told(await post('/qwzxq', [])));
  expect(await paths()).not.toContain('/batch');
  expect(Object.keys((await get('/openapi.json')).body['paths']?.['/contacts'] ?? {})).toEqual(['get', 'post']);
});

test('sharing: shares are not to be seen or made, and those that are there go on counting', async () => {
  await flags.set('sharing', { enabled: false });
  expect((await get('/shares')).status).toBe(404);
  expect((await get('/accounts?include=shares')).status).toBe(400);
});

test('who asks why is told that the feature is off', async () => {
  const id = (await post('/contacts', { last_name: 'Why' })).body['data']?.['id'];
  await flags.set('export', { enabled: false });
  const { body } = await get(`/contacts/${id}/access?action=export`);
  expect(body['data']).toMatchObject({
    allowed: false,
    because: expect.arrayContaining([{ kind: 'feature', says: 'The feature of "export" is off.', grants: false }]),
  });
});
