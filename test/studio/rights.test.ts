// Who may read and change the metadata: everything, what was made at run time, or nothing at all.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { type Answer, signIn } from '../support/requests.ts';
import { readings, readingsLayout, text, toBranches } from './support/changes.ts';
import { type MetadataApi, metadataApi, pointersOf } from './support/metadata-api.ts';

let app: TestApp;
let admin: MetadataApi;
/** Access tokens by role. */
const tokens: Record<string, string> = {};

const password = 'a password for the library';
async function user(role: string): Promise<string> {
  const email = `${role}@example.com`;
  const made = await app.request('POST', '/users', {
    body: { email, password, first_name: role, last_name: 'X', roles: [role] },
  });
  expect([made.status, made.body['errors']]).toEqual([201, undefined]);
  return signIn(app.base, email, password);
}
const role = (name: string, system: object) => ({
  op: 'setRole',
  role: { name, label: text(name), assignableTo: ['user'], system, entities: { custom_fields: { create: true, read: 'all' } } },
});

beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
  admin = metadataApi(app);
  await admin.applied(
    role('modeller', { 'metadata.read': true, 'metadata.write': 'custom' }),
    role('outsider', { 'metadata.read': false, 'metadata.write': false }),
  );
  for (const name of ['librarian', 'modeller', 'outsider']) tokens[name] = await user(name);
});
afterAll(() => app.stop());

const as = (name: string) => ({
  get: (path: string): Promise<Answer> => app.request('GET', path, { token: tokens[name] ?? null }),
  post: (path: string, body: object): Promise<Answer> => app.request('POST', path, { token: tokens[name] ?? null, body }),
});
const shelf = (entity: string) => ({ op: 'addField', entity, field: { name: 'shelf', type: 'text', label: text('Shelf') } });

describe('the right to read the metadata', () => {
  test('shows versions, comparison and export, and no way to change anything', async () => {
    for (const path of ['/meta/versions', '/meta/versions/1', '/meta/versions/compare?from=1', '/meta/export'])
      expect([path, (await as('librarian').get(path)).status]).toEqual([path, 200]);
    const changes = [shelf('books')];
    for (const [path, body] of [
      ['/meta/plan', { changes }],
      ['/meta/apply', { changes }],
      ['/meta/rollback', { to: 1 }],
    ] as const)
      expect([path, (await as('librarian').post(path, body)).status]).toEqual([path, 403]);
    expect((await as('librarian').post('/custom_fields', { entity: 'books', ...shelf('books').field })).status).toBe(404);
  });

  test('without it there is nothing to see', async () => {
    for (const path of ['/meta/versions', '/meta/versions/1', '/meta/versions/compare?from=1', '/meta/export'])
      expect([path, (await as('outsider').get(path)).status]).toEqual([path, 403]);
    expect((await as('outsider').post('/meta/plan', { changes: [shelf('books')] })).status).toBe(403);
    expect((await app.request('GET', '/meta/versions', { token: null })).status).toBe(401);
  });
});

describe('the right to change what was made at run time', () => {
  test('makes entities, with fields and screens of theirs', async () => {
    const made = await as('modeller').post('/meta/apply', { changes: [readings, toBranches, readingsLayout, shelf('readings')] });
    expect([made.status, made.body['errors']]).toEqual([200, undefined]);
    const later = await as('modeller').post('/meta/apply', {
      changes: [{ op: 'retireField', entity: 'readings', name: 'shelf' }],
    });
    expect(later.status).toBe(200);
  });

  test('stops at what was shipped, with a pointer to each change that goes too far', async () => {
    const changes = [{ op: 'changeEntity', entity: 'readings', set: { icon: 'book' } }, shelf('books'), role('boss', {})];
    for (const path of ['/meta/plan', '/meta/apply']) {
      const refused = await as('modeller').post(path, { changes });
      expect([refused.status, pointersOf(refused.body)]).toEqual([403, ['/changes/1', '/changes/2']]);
    }
    expect((await as('modeller').post('/meta/rollback', { to: 1 })).status).toBe(403);
  });

  test('holds for custom fields as records', async () => {
    const field = { name: 'rack', type: 'text', label: text('Rack') };
    expect((await as('modeller').post('/custom_fields', { entity: 'books', ...field })).status).toBe(403);
    const made = await as('modeller').post('/custom_fields', { entity: 'readings', ...field });
    expect([made.status, made.body['errors']]).toEqual([201, undefined]);
  });
});
