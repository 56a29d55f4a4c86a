// A change asked for: answered when it is live or under way, once however often it is sent, in the name of who asked.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '../process/program.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { libraryRegistry } from '../support/registry.ts';
import { text } from './support/changes.ts';
import { type MetadataApi, metadataApi, recordOf, recordsOf } from './support/metadata-api.ts';

let app: TestApp;
let meta: MetadataApi;
beforeAll(async () => {
  app = await startTestApp({ registry: await libraryRegistry(), live: true });
  meta = metadataApi(app);
});
afterAll(() => app.stop());

const field = (name: string, more: object = {}) => ({
  op: 'addField',
  entity: 'branches',
  field: { name, type: 'text', label: text(name), maxLength: 50, ...more },
});
const versions = async () => recordsOf(await app.request('GET', '/meta/versions'));

describe('a change', () => {
  test('is answered with the version that it made and where that is told of', async () => {
    const answer = await meta.apply([field('motto')]);
    expect(answer.status).toBe(200);
    const url = '/library/v1/meta/versions/2';
    expect(recordOf(answer)).toEqual({ version: 2, base_version: 1, applied_steps: 1, url });
    expect((await app.request('GET', url.replace('/library/v1', ''))).status).toBe(200);
  });

  test('of several parts is one version, or none of it', async () => {
    const number = await meta.applied(field('first'), field('second'));
    expect(recordOf(await app.request('GET', `/meta/versions/${number}`))['changes']).toHaveLength(2);
    const refused = await meta.apply([field('third'), field('motto')]);
    expect([refused.status, await meta.current()]).toEqual([422, number]);
    expect(app.parts.registry.current().entities.get('branches')?.fields.has('third')).toBe(false);
  });

  test('that changes nothing makes no version', async () => {
    const before = await meta.current();
    const set = { op: 'changeField', entity: 'branches', name: 'motto', set: { maxLength: 50 } };
    expect(recordOf(await meta.apply([set]))).toMatchObject({ version: before, applied_steps: 0 });
    expect(await meta.current()).toBe(before);
  });

  test('is recorded with who asked for it and why', async () => {
    await meta.apply([field('why')], { reason: 'The branches asked for it' });
    const [newest, ...older] = await versions();
    expect(newest).toMatchObject({
      kind: 'change',
      status: 'applied',
      author: { id: app.adminId, name: expect.any(String) },
      reason: 'The branches asked for it',
    });
    expect(older.at(-1)).toMatchObject({ version: 1, kind: 'files', author: null });
  });

  test('that is sent again under its key is answered again and made once', async () => {
    const key = { 'Idempotency-Key': randomUUID() };
    const first = await meta.apply([field('once')], {}, key);
    const again = await meta.apply([field('once')], {}, key);
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 200, 'true']);
    expect(again.body).toEqual(first.body);
    expect((await meta.apply([field('other')], {}, key)).status).toBe(422);
    expect(await meta.current()).toBe(recordOf(first)['version']);
  });

  test('that is sent twice at the same time is made once', async () => {
    const before = await meta.current();
    const key = { 'Idempotency-Key': randomUUID() };
    const both = await Promise.all([1, 2].map(() => meta.apply([field('doubled')], {}, key)));
    expect(both.map(({ status }) => status).filter((status) => status !== 409)).toContain(200);
    expect(await meta.current()).toBe(before + 1);
  });

  test('is not waited for when the caller does not wish to: 202 and where its progress is', async () => {
    const answer = await meta.apply([field('later', { unique: true })], {}, { Prefer: 'respond-async' });
    expect([answer.status, answer.headers.get('preference-applied')]).toEqual([202, 'respond-async']);
    const { version, url } = recordOf(answer);
    expect(answer.headers.get('location')).toBe(url);
    const told = async () => recordOf(await app.request('GET', `/meta/versions/${version}`));
    await until(async () => (await told())['status'] === 'applied', 'the version to be applied');
    const { stage, steps, progress } = await told();
    expect(stage).toBe('swapped');
    expect(progress).toMatchObject({ steps_done: (steps as unknown[]).length, steps_total: (steps as unknown[]).length });
    expect((await app.request('POST', '/branches', { body: { name: 'Later', later: 'x' } })).status).toBe(201);
  });

  test('waits as long as the caller says', async () => {
    const answer = await meta.apply([field('patient')], {}, { Prefer: 'wait=20' });
    expect([answer.status, answer.headers.get('preference-applied')]).toEqual([200, 'wait=20']);
  });
});

describe('a change of options', () => {
  const options = (...values: readonly string[]) => values.map((value) => ({ value, label: text(value) }));

  test('is live for records at once, and what goes is replaced in them', async () => {
    await meta.applied(field('mood', { type: 'select', maxLength: undefined, options: options('calm', 'loud') }));
    const made = recordOf(await app.request('POST', '/branches', { body: { name: 'Moody', mood: 'loud' } }));
    const set = { op: 'setOptions', entity: 'branches', field: 'mood', options: options('calm', 'busy') };
    expect((await meta.apply([set])).status).toBeGreaterThanOrEqual(409);
    await meta.applied({ ...set, replace: { loud: 'busy' } });
    expect(recordOf(await app.request('GET', `/branches/${made['id']}`))['mood']).toBe('busy');
    expect((await app.request('PATCH', `/branches/${made['id']}`, { body: { mood: 'loud' } })).status).toBe(422);
  });
});
