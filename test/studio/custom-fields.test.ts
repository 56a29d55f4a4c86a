// Records of custom_fields are fields: to write one is to change the metadata, and every change of fields is a record.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { text } from './support/changes.ts';
import { type JsonRecord, type MetadataApi, metadataApi, pointersOf, recordOf, recordsOf } from './support/metadata-api.ts';

let app: TestApp;
let meta: MetadataApi;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
  meta = metadataApi(app);
});
afterAll(() => app.stop());

const create = (body: object) => app.request('POST', '/custom_fields', { body });
const motto = { entity: 'branches', name: 'motto', type: 'text', label: text('Motto'), maxLength: 40 };
const patch = async (record: JsonRecord, body: object) => app.request('PATCH', `/custom_fields/${record['id']}`, { body });
const fields = () => app.parts.registry.current().entities.get('branches')?.fields;

let record: JsonRecord;

describe('a custom field', () => {
  test('is live when its record is answered, and the record tells its properties', async () => {
    const made = await create(motto);
    expect([made.status, made.body['errors']]).toEqual([201, undefined]);
    record = recordOf(made);
    expect(made.headers.get('location')).toBe(`/library/v1/custom_fields/${record['id']}`);
    const { maxLength, ...own } = motto;
    expect(record).toMatchObject({ ...own, active: true, settings: { maxLength }, metadata_id: fields()?.get('motto')?.meta.id });
    const branch = await app.request('POST', '/branches', { body: { name: 'Harbour', motto: 'Read on' } });
    expect(branch.status).toBe(201);
    const long = await app.request('POST', '/branches', { body: { name: 'Long', motto: 'x'.repeat(41) } });
    expect([long.status, pointersOf(long.body)]).toEqual([422, ['/motto']]);
  });

  test('is a version like any other, in the name of who made it', async () => {
    const [newest] = recordsOf(await app.request('GET', '/meta/versions'));
    expect(newest).toMatchObject({ kind: 'change', status: 'applied', author: { id: app.adminId } });
    const audit = await app.request('GET', `/auditlog?record_type[eq]=custom_fields&record_id[eq]=${record['id']}`);
    expect(recordsOf(audit)).toMatchObject([{ operation: 'create', actor_id: app.adminId }]);
  });

  test('is changed and renamed by a patch of its record, and keeps its id', async () => {
    const { metadata_id: id } = record;
    const longer = await patch(record, { settings: { maxLength: 60 }, label: text('Words') });
    expect(recordOf(longer)).toMatchObject({ settings: { maxLength: 60 }, label: text('Words') });
    const renamed = await patch(record, { name: 'slogan' });
    expect(recordOf(renamed)).toMatchObject({ id: record['id'], name: 'slogan', metadata_id: id });
    expect([fields()?.has('motto'), fields()?.get('slogan')?.meta.id]).toEqual([false, id]);
    const list = await app.request('GET', '/branches?slogan[eq]=Read%20on');
    expect(recordsOf(list)).toHaveLength(1);
  });

  test('goes when its record is deleted, and comes back with its values when that is restored', async () => {
    const path = `/custom_fields/${record['id']}`;
    expect((await app.request('DELETE', path)).status).toBeLessThan(300);
    expect(fields()?.has('slogan')).toBe(false);
    expect((await app.request('GET', path)).status).toBe(404);
    const restored = await app.request('POST', `${path}/restore`);
    expect([restored.status, restored.body['errors']]).toEqual([200, undefined]);
    const list = await app.request('GET', '/branches?slogan[eq]=Read%20on');
    expect(recordsOf(list)).toMatchObject([{ name: 'Harbour', slogan: 'Read on' }]);
  });

  test('that comes by the metadata API has a record as well, and going back takes it away', async () => {
    const before = await meta.current();
    await meta.applied({ op: 'addField', entity: 'books', field: { name: 'shelf', type: 'text', label: text('Shelf') } });
    const find = async () => recordsOf(await app.request('GET', '/custom_fields?name[eq]=shelf'));
    expect(await find()).toMatchObject([{ entity: 'books', type: 'text', created_by: app.adminId }]);
    await meta.rolledBack(before);
    expect(await find()).toEqual([]);
  });

  test('is made once when the request is sent again', async () => {
    const key = { 'Idempotency-Key': 'the same custom field' };
    const body = { ...motto, name: 'again' };
    const answers = [];
    for (const _time of [1, 2]) answers.push(await app.request('POST', '/custom_fields', { body, headers: key }));
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(recordOf(answers[1] as never)).toEqual(recordOf(answers[0] as never));
  });

  test('is refused with pointers into the record', async () => {
    const cases = [
      [{ ...motto, name: 'Slogan!' }, '/name'],
      [{ ...motto, name: 'id' }, '/name'],
      [{ ...motto, name: 'bad_type', type: 'txt' }, '/type'],
      [{ ...motto, name: 'nowhere', entity: 'boks' }, '/entity'],
      [
        { ...motto, name: 'twice', type: 'select', maxLength: undefined, options: [{ value: 'a' }, { value: 'a' }] },
        '/options/1/value',
      ],
      [{ ...motto, name: 'stray', colour: 'red' }, '/colour'],
      [{ ...motto, name: 'stray', maxLength: undefined, settings: { colour: 'red' } }, '/settings/colour'],
    ] as const;
    for (const [body, pointer] of cases) {
      const answer = await create(body);
      expect([answer.status, pointersOf(answer.body)]).toEqual([422, expect.arrayContaining([pointer])]);
    }
    const moved = await patch(record, { entity: 'books' });
    expect([moved.status, pointersOf(moved.body)]).toEqual([422, ['/entity']]);
  });

  test('with its writes in GraphQL is the same act', async () => {
    const query =
      'mutation { createCustomField(input: { entity: "branches", name: "by_graph", type: "boolean", label: { en: "By graph", ar: "x" } }) { id name active } }';
    const { body } = await app.request('POST', '/graphql', { body: { query } });
    expect(body).toMatchObject({ data: { createCustomField: { name: 'by_graph', active: true } } });
    expect(fields()?.has('by_graph')).toBe(true);
  });
});
