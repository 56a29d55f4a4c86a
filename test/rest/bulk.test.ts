// Arrays of records and upserts.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const total = async () =>
  (await app.request('GET', '/contacts?count=exact&limit=1')).body['page']?.['total'] as unknown as number;

describe('many records in one request', () => {
  test('all are made, and answered in order', async () => {
    const { status, body } = await app.request('POST', '/contacts', { body: [{ last_name: 'One' }, { last_name: 'Two' }] });
    expect(status).toBe(201);
    expect((body['data'] as never as { last_name: string }[]).map((record) => record.last_name)).toEqual(['One', 'Two']);
  });

  test('one bad record leaves nothing behind, and findings of all are told', async () => {
    const before = await total();
    const { status, body } = await app.request('POST', '/contacts', {
      body: [{ last_name: 'Good' }, { email: 'x', last_name: 'Bad' }, 7, {}],
    });
    expect([status, body['code']]).toEqual([422, 'validation_failed']);
    expect((body['errors'] as never as { pointer: string }[]).map((issue) => issue.pointer)).toEqual([
      '/1/email',
      '/2',
      '/3/last_name',
    ]);
    expect(await total()).toBe(before);
  });

  test('a conflict inside says which record it was', async () => {
    const before = await total();
    const user = { first_name: 'A', last_name: 'B', email: 'twice@example.com', password: 'long enough for all' };
    const { status, body } = await app.request('POST', '/users', { body: [user, user] });
    expect([status, body['code']]).toEqual([409, 'unique_conflict']);
    expect((body['errors'] as never as { pointer: string }[])[0]?.pointer).toMatch(/^\/1/);
    expect((await app.request('GET', '/users?email[eq]=twice@example.com')).body['data']).toEqual([]);
    expect(await total()).toBe(before);
  });

  test('no more than a thousand, of whose findings a hundred are told', async () => {
    const many = await app.request('POST', '/contacts', { body: Array.from({ length: 1_001 }, () => ({ last_name: 'X' })) });
    expect([many.status, many.body['errors']?.[0]?.['code']]).toEqual([422, 'too_many']);
    const bad = await app.request('POST', '/contacts', { body: Array.from({ length: 300 }, () => ({})) });
    expect(bad.body['errors']).toHaveLength(100);
  });

  test('none is fine too, and minimal answers no body', async () => {
    const none = await app.request('POST', '/contacts', { body: [] });
    expect([none.status, none.body]).toEqual([201, { data: [] }]);
    const quiet = await app.request('POST', '/contacts', { body: [{ last_name: 'Q' }], headers: { Prefer: 'return=minimal' } });
    expect([quiet.status, quiet.body]).toEqual([201, '']);
  });
});

describe('upsert', () => {
  test('creates, then updates the record with the same value', async () => {
    const put = (body: unknown, headers = {}) => app.request('POST', '/contacts?onConflict=external_id', { body, headers });
    const made = await put({ last_name: 'First', external_id: 'x-1' });
    expect(made.status).toBe(201);
    const changed = await put({ last_name: 'Second', external_id: 'x-1' });
    expect([changed.status, changed.body['data']?.['id'], changed.headers.get('location')]).toEqual([
      200,
      made.body['data']?.['id'],
      null,
    ]);
    expect(changed.body['data']).toMatchObject({ last_name: 'Second', version: 2 });
    expect((await put({ last_name: 'Third', external_id: 'x-1' }, { Prefer: 'return=minimal' })).status).toBe(204);
    const both = await put([
      { last_name: 'Fourth', external_id: 'x-1' },
      { last_name: 'New', external_id: 'x-2' },
    ]);
    expect([both.status, (both.body['data'] as never as { version: number }[]).map((record) => record.version)]).toEqual([
      201,
      [4, 1],
    ]);
    expect((await put([{ last_name: 'Fifth', external_id: 'x-1' }])).status).toBe(200);
  });

  test('without the value to match on it is refused', async () => {
    const { status, body } = await app.request('POST', '/contacts?onConflict=external_id', { body: { last_name: 'A' } });
    expect([status, body['errors']?.[0]?.['pointer']]).toEqual([422, '/external_id']);
  });
});
