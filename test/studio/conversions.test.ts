// A change of type: every value that does not convert is shown before, with its record; then it is refused or emptied.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { text } from './support/changes.ts';
import { type MetadataApi, metadataApi, pointersOf, recordOf, recordsOf } from './support/metadata-api.ts';

const values = ['12', '7', 'many', '', '3.5', '99999999999', '-4'];

let app: TestApp;
let meta: MetadataApi;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
  meta = metadataApi(app);
  await meta.applied({ op: 'addField', entity: 'branches', field: { name: 'rooms', type: 'text', label: text('Rooms') } });
  for (const [at, rooms] of values.entries()) await app.request('POST', '/branches', { body: { name: `Branch ${at}`, rooms } });
});
afterAll(() => app.stop());

const preview = (type: string, more = '') =>
  app.request('GET', `/meta/conversions?entity=branches&field=rooms&type=${type}${more}`);
const toInteger = { op: 'changeField', entity: 'branches', name: 'rooms', set: { type: 'integer', maxLength: null } };

describe('the preview', () => {
  test('shows each value that does not convert with its record, page by page, and how many there are', async () => {
    const whole = await preview('integer');
    expect(
      recordsOf(whole)
        .map(({ value }) => value)
        .sort(),
    ).toEqual(['3.5', '99999999999', 'many']);
    expect(whole.body['total']).toBe(3);
    const first = await preview('integer', '&limit=2');
    expect(first.body['page']).toMatchObject({ limit: 2, hasNext: true });
    const second = await preview('integer', `&limit=2&after=${first.body['page']?.['next']}`);
    expect([...recordsOf(first), ...recordsOf(second)]).toEqual(recordsOf(whole));
  });

  test('is empty for a type that takes every value, and refuses one that takes none', async () => {
    expect((await preview('longText')).body).toMatchObject({ data: [], total: 0 });
    const refused = await preview('geolocation');
    expect([refused.status, pointersOf(refused.body)]).toEqual([400, ['?type']]);
  });
});

describe('the change', () => {
  test('is refused while values do not convert, with examples', async () => {
    const answer = await meta.apply([toInteger]);
    expect(answer.status).toBe(409);
    expect(answer.body['blockers']).toMatchObject([{ code: 'unconvertible', total: 3 }]);
  });

  test('empties them where it is told to, and converts the others', async () => {
    const before = await meta.current();
    await meta.applied({ ...toInteger, unconvertible: 'empty' });
    const rooms = async () => recordsOf(await app.request('GET', '/branches?sort=name')).map((record) => record['rooms']);
    expect(await rooms()).toEqual([12, 7, null, null, null, null, -4]);
    expect((await app.request('GET', '/branches?rooms[gt]=8')).body['data']).toHaveLength(1);
    expect(recordOf(await app.request('POST', '/branches', { body: { name: 'New', rooms: 5 } }))).toMatchObject({ rooms: 5 });
    await meta.rolledBack(before);
    expect((await rooms()).slice(0, 7)).toEqual(values.map((value) => value || null));
  });
});
