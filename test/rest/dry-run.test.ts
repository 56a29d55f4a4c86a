// A dry run: what a write would come to, with nothing left of it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newPerson } from '../auth/support/people.ts';
import { type Answer, startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

/** Without a key, as nothing is written. */
const dry = (method: string, path: string, body?: unknown, more: object = {}): Promise<Answer> =>
  app.request(method, `${path}${path.includes('?') ? '&' : '?'}dryRun=true`, {
    ...(body === undefined ? {} : { body }),
    headers: { 'Idempotency-Key': '' },
    ...more,
  } as never);
const rows = async (table: string): Promise<number> =>
  Number((await app.knex.raw(`SELECT count(*) AS n FROM crm_core.crm_${table}`)).rows[0].n);
const traces = (): Promise<readonly number[]> =>
  Promise.all(['contacts', 'accounts', 'auditlog', 'outbox', 'timeline', 'idempotency_keys'].map(rows));
const made = async (entity: string, body: object): Promise<string> =>
  String((await app.request('POST', `/${entity}`, { body })).body['data']?.['id']);

describe('a dry run', () => {
  test('answers as the write would, but for where the record is, and leaves no trace', async () => {
    const account = await made('accounts', { name: 'Dry Ltd' });
    const contact = await made('contacts', { last_name: 'Here', email: 'here@bücher.example', account_id: account });
    const before = await traces();
    const created = await dry('POST', '/contacts', { last_name: 'New', account_id: account });
    expect([created.status, created.headers.get('location'), created.headers.get('dry-run')]).toEqual([200, null, 'true']);
    expect(created.body['data']).toMatchObject({ last_name: 'New', account_id: account, version: 1 });
    const changed = await dry('PATCH', `/contacts/${contact}`, { job_title: 'Engineer' });
    expect([changed.status, changed.body['data']]).toMatchObject([200, { job_title: 'Engineer', version: 2 }]);
    expect((await dry('DELETE', `/contacts/${contact}`)).status).toBe(204);
    const batch = await dry('POST', '/batch', {
      operations: [
        { op: 'create', entity: 'contacts', data: { last_name: 'Batch', account_id: account } },
        { op: 'update', entity: 'accounts', id: account, data: { description: 'By $0.id' } },
      ],
    });
    expect(batch.body['data']).toMatchObject([{ created: true }, { record: { contacts_count: 2 } }]);
    const all = await dry('PATCH', `/contacts?account_id[eq]=${account}&maxAffected=5`, { job_title: 'All' });
    expect(all.body['data']).toEqual({ matched: 1, changed: 1, ids: [contact] });
    expect(await traces()).toEqual(before);
    expect((await app.request('GET', `/contacts/${contact}`)).body['data']).toMatchObject({ job_title: null, version: 1 });
  });

  test('is refused as the write would be: values, duplicates, versions, rights', async () => {
    const contact = await made('contacts', { last_name: 'Taken', email: 'taken@bücher.example' });
    const before = await traces();
    const invalid = await dry('POST', '/contacts', { email: 'x' });
    expect([invalid.status, [...(invalid.body['errors'] ?? [])].map(({ pointer }: never) => pointer)]).toEqual([
      422,
      ['/email', '/last_name'],
    ]);
    const twice = await dry('POST', '/contacts', { last_name: 'X', email: 'taken@bücher.example' });
    expect([twice.status, twice.body['code']]).toEqual([409, 'duplicate']);
    const stale = await dry(
      'PATCH',
      `/contacts/${contact}`,
      { last_name: 'Y' },
      { headers: { 'If-Match': '"7"', 'Idempotency-Key': '' } },
    );
    expect(stale.status).toBe(412);
    expect(await traces()).toEqual(before);
    const token = await (await newPerson(app, ['marketing'])).token();
    await app.request('GET', '/products', { token });
    const after = await traces();
    expect((await dry('POST', '/products', { name: 'X' }, { token })).status).toBe(403);
    expect(await traces()).toEqual(after);
  });

  test('warns of what is alike', async () => {
    await made('accounts', { name: 'Alike Inc.' });
    const answer = await dry('POST', '/accounts', { name: 'ALIKE, Inc' });
    expect([answer.status, (answer.body['warnings'] as never as { rule: string }[])[0]?.rule]).toEqual([200, 'same_name']);
  });

  test('is told by true alone, of writes alone, and not of what commits apart', async () => {
    const wrong = await app.request('POST', '/contacts?dryRun=yes', { body: { last_name: 'X' } });
    expect([wrong.status, wrong.body['errors']?.[0]?.['pointer']]).toEqual([400, '?dryRun']);
    expect((await app.request('POST', '/contacts?dryRun=true&dryRun=false', { body: { last_name: 'X' } })).status).toBe(400);
    expect((await app.request('GET', '/contacts?dryRun=true')).status).toBe(400);
    expect((await app.request('POST', '/contacts?dryRun=false', { body: { last_name: 'Real' } })).status).toBe(201);
    const field = await dry('POST', '/custom_fields', {
      entity: 'leads',
      name: 'dry',
      type: 'text',
      label: { en: 'D', ar: 'D', he: 'D' },
    });
    expect([field.status, field.body['detail']]).toEqual([400, expect.stringContaining('ask for its plan')]);
  });
});
