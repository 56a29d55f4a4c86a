// Back to an earlier version, with the data: what was dropped returns with its values, and the way back can be taken back.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { readings, text } from './support/changes.ts';
import { type MetadataApi, metadataApi, recordOf, recordsOf } from './support/metadata-api.ts';

let app: TestApp;
let meta: MetadataApi;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
  meta = metadataApi(app);
});
afterAll(() => app.stop());

const motto = { op: 'addField', entity: 'branches', field: { name: 'motto', type: 'text', label: text('Motto') } };
const branch = async (id: unknown) => recordOf(await app.request('GET', `/branches/${id}`));
const made = async (entity: string, body: object) => recordOf(await app.request('POST', `/${entity}`, { body }))['id'];

describe('going back', () => {
  test('a field that was dropped returns with its values, also those of renamed columns', async () => {
    const added = await meta.applied(motto);
    const id = await made('branches', { name: 'Harbour', motto: 'Read on' });
    await meta.applied({ op: 'renameField', entity: 'branches', name: 'motto', to: 'slogan', aliasDays: 0 });
    await meta.applied({ op: 'retireField', entity: 'branches', name: 'slogan' });
    expect(await branch(id)).not.toHaveProperty('motto');
    const there = await meta.rolledBack(added);
    expect(there).toBeGreaterThan(added);
    expect(await branch(id)).toMatchObject({ motto: 'Read on' });
    expect(await branch(id)).not.toHaveProperty('slogan');
    const list = await app.request('GET', '/branches?motto[eq]=Read%20on');
    expect(recordsOf(list)).toHaveLength(1);
  });

  test('an entity that was dropped returns with its records, and with their audit', async () => {
    const before = await meta.applied(readings);
    const id = await made('readings', { title: 'Kept', seats: 3 });
    await meta.applied({ op: 'retireEntity', entity: 'readings', cascade: true });
    expect((await app.request('GET', '/readings')).status).toBe(404);
    await meta.rolledBack(before);
    expect(recordOf(await app.request('GET', `/readings/${id}`))).toMatchObject({ title: 'Kept', seats: 3, version: 1 });
    expect((await app.request('PATCH', `/readings/${id}`, { body: { seats: 4 } })).status).toBe(200);
  });

  test('what was added and holds values is set aside; taking the way back brings it back', async () => {
    const before = await meta.current();
    const after = await meta.applied({ ...motto, field: { ...motto.field, name: 'crest' } });
    const id = await made('branches', { name: 'With a crest', crest: 'Lion' });
    await meta.rolledBack(before);
    expect(await branch(id)).not.toHaveProperty('crest');
    await meta.rolledBack(after);
    expect(await branch(id)).toMatchObject({ crest: 'Lion' });
  });

  test('over several versions takes back one after the other, and is told as rollbacks of each', async () => {
    const before = await meta.current();
    for (const name of ['one', 'two', 'three']) await meta.applied({ ...motto, field: { ...motto.field, name } });
    const number = await meta.rolledBack(before);
    expect(number).toBe(before + 6);
    const [newest, second] = recordsOf(await app.request('GET', '/meta/versions?limit=3'));
    expect([newest, second]).toMatchObject([
      { kind: 'rollback', reverts: before + 1, author: { id: app.adminId } },
      { kind: 'rollback', reverts: before + 2 },
    ]);
    const fields = app.parts.registry.current().entities.get('branches')?.fields;
    expect(['one', 'two', 'three'].filter((name) => fields?.has(name))).toEqual([]);
  });
});

describe('the plan of going back', () => {
  test('tells which versions it takes back, by which steps, and what becomes of the data', async () => {
    const before = await meta.current();
    const added = await meta.applied({ ...motto, field: { ...motto.field, name: 'emblem' } });
    const retired = await meta.applied({ op: 'retireField', entity: 'branches', name: 'motto' });
    const answer = await app.request('POST', '/meta/rollback/plan', { body: { to: before } });
    const plan = recordOf(answer);
    expect(plan).toMatchObject({ base_version: retired, to: before, reverts: [retired, added] });
    expect(plan['steps']).toMatchObject([{ version: retired, up: [expect.any(String)] }, { version: added }]);
    expect(plan['caveats']).toMatchObject([
      { version: retired, detail: expect.stringContaining('Comes back') },
      { version: added, detail: expect.stringContaining('set aside') },
    ]);
    const same = await app.request('POST', '/meta/rollback?plan=true', { body: { to: before } });
    expect(same.body).toEqual(answer.body);
    expect(await meta.current()).toBe(retired);
  });
});
