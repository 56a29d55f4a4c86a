// After a rename the former name is understood for its time, and both are answered; then it is gone.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { type MetadataApi, metadataApi, recordOf, recordsOf } from './support/metadata-api.ts';

let app: TestApp;
let meta: MetadataApi;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
  meta = metadataApi(app);
  await app.request('POST', '/branches', { body: { name: 'Harbour', color: '#ff0000' } });
});
afterAll(() => app.stop());

const graphql = async (query: string) => (await app.request('POST', '/graphql', { body: { query } })).body;

describe('a renamed field', () => {
  test('is read, written, filtered and sorted under both names', async () => {
    await meta.applied({ op: 'renameField', entity: 'branches', name: 'color', to: 'colour', aliasDays: 7 });
    for (const name of ['color', 'colour']) {
      const list = await app.request('GET', `/branches?${name}[eq]=%23ff0000&sort=-${name}&fields=name,${name}`);
      expect(recordsOf(list)).toMatchObject([{ [name]: '#ff0000' }]);
      const made = await app.request('POST', '/branches', { body: { name: `By ${name}`, [name]: '#00ff00' } });
      expect(recordOf(made)).toMatchObject({ color: '#00ff00', colour: '#00ff00' });
      expect(await graphql(`{ branches(first: 1, sort: "name") { nodes { ${name} } } }`)).toMatchObject({
        data: { branches: { nodes: [{ [name]: '#00ff00' }] } },
      });
    }
  });

  test('without a time is known by its new name only, at once', async () => {
    await meta.applied({ op: 'renameField', entity: 'branches', name: 'is_open', to: 'open_to_all', aliasDays: 0 });
    expect((await app.request('GET', '/branches?is_open[eq]=true')).status).toBe(400);
    expect((await app.request('GET', '/branches?open_to_all[eq]=true')).status).toBe(200);
    expect((await app.request('POST', '/branches', { body: { name: 'Old word', is_open: true } })).status).toBe(422);
  });
});

describe('a renamed entity', () => {
  test('answers under both addresses, and its history stays its own', async () => {
    const [harbour] = recordsOf(await app.request('GET', '/branches?name[eq]=Harbour'));
    await meta.applied({ op: 'renameEntity', entity: 'branches', to: 'sites', singular: 'site', aliasDays: 7 });
    for (const plural of ['branches', 'sites'])
      expect(recordOf(await app.request('GET', `/${plural}/${harbour?.['id']}`))).toMatchObject({ name: 'Harbour' });
    expect(await graphql('{ sites(filter: { name: { eq: "Harbour" } }) { nodes { name } } }')).toEqual({
      data: { sites: { nodes: [{ name: 'Harbour' }] } },
    });
    const audit = await app.request('GET', `/auditlog?record_type[eq]=sites&record_id[eq]=${harbour?.['id']}`);
    expect(recordsOf(audit)).toMatchObject([{ operation: 'create' }]);
  });
});
