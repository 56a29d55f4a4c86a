// Records of workflows are the workflows in force: created, changed, deleted and restored as changes of the metadata.
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

const large = { all: [{ fact: 'pages', operator: 'greaterThan', value: 1000 }] };
const definition = {
  trigger: { type: 'record.created' },
  rules: [{ name: 'large', conditions: large, event: { type: 'score.add', params: { points: 1, reason: 'large' } } }],
  steps: [{ id: 'note', type: 'record.update', set: { summary: 'Large' } }],
};
const body = { name: 'large_books', label: text('Large books'), entity: 'books', status: 'draft', definition };
const inForce = (name: string) => app.parts.registry.current().workflows.find((workflow) => workflow.name === name);

let record: JsonRecord;
const path = () => `/workflows/${record['id']}`;

describe('a workflow', () => {
  test('of the files has a record from the start', async () => {
    const [shipped] = recordsOf(await app.request('GET', '/workflows?name[eq]=loan_urgency'));
    expect(shipped).toMatchObject({ entity: 'loans', status: 'active', metadata_id: 'wf_loan_urgency' });
    expect(shipped?.['definition']).toMatchObject({ trigger: { type: 'record.saved' } });
  });

  test('is in force when its record is answered', async () => {
    const made = await app.request('POST', '/workflows', { body });
    expect([made.status, made.body['errors']]).toEqual([201, undefined]);
    record = recordOf(made);
    expect(record).toMatchObject({ name: 'large_books', status: 'draft', metadata_id: inForce('large_books')?.id });
    expect(inForce('large_books')).toMatchObject(definition);
  });

  test('is switched on and changed by a patch', async () => {
    expect(recordOf(await app.request('PATCH', path(), { body: { status: 'active' } }))).toMatchObject({ status: 'active' });
    expect(inForce('large_books')?.status).toBe('active');
    const renamed = await app.request('PATCH', path(), { body: { name: 'heavy_books' } });
    expect(recordOf(renamed)).toMatchObject({ id: record['id'], name: 'heavy_books', metadata_id: record['metadata_id'] });
    expect([inForce('large_books'), inForce('heavy_books')?.id]).toEqual([undefined, record['metadata_id']]);
  });

  test('goes with its record and comes back with it', async () => {
    expect((await app.request('DELETE', path())).status).toBeLessThan(300);
    expect(inForce('heavy_books')).toBeUndefined();
    expect((await app.request('POST', `${path()}/restore`)).status).toBe(200);
    expect(inForce('heavy_books')).toMatchObject({ id: record['metadata_id'], status: 'active', ...definition });
  });

  test('of the files is changed over them, and going back gives the one of the files', async () => {
    const before = await meta.current();
    const [shipped] = recordsOf(await app.request('GET', '/workflows?name[eq]=loan_urgency'));
    const off = await app.request('PATCH', `/workflows/${shipped?.['id']}`, { body: { status: 'draft' } });
    expect([off.status, inForce('loan_urgency')?.status]).toEqual([200, 'draft']);
    await meta.rolledBack(before);
    expect(inForce('loan_urgency')?.status).toBe('active');
    expect(recordOf(await app.request('GET', `/workflows/${shipped?.['id']}`))).toMatchObject({ status: 'active' });
  });

  test('is refused with pointers into its definition', async () => {
    const cases = [
      [
        { ...body, name: 'w1', definition: { ...definition, steps: [{ id: 'a', type: 'record.juggle' }] } },
        '/definition/steps/0/type',
      ],
      [{ ...body, name: 'w2', definition: { ...definition, trigger: { type: 'record.seen' } } }, '/definition/trigger/type'],
      [{ ...body, name: 'w3', entity: 'boks' }, '/entity'],
      [{ name: 'w4', label: text('x'), entity: 'books' }, '/definition'],
    ] as const;
    for (const [given, pointer] of cases) {
      const answer = await app.request('POST', '/workflows', { body: given });
      expect([answer.status, pointersOf(answer.body)]).toEqual([422, expect.arrayContaining([pointer])]);
    }
  });
});
