// Idempotency-Key: a repeated write is answered, not repeated.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const withKey = (key: string, more: Record<string, string> = {}) => ({ headers: { 'Idempotency-Key': key, ...more } });
const count = async (name: string) =>
  (await app.request('GET', `/contacts?last_name[eq]=${name}&count=exact`)).body['page']?.['total'] as unknown;

describe('idempotency', () => {
  test('a repeated create gives the first answer again, bare or quoted key alike', async () => {
    const first = await app.request('POST', '/contacts', { body: { last_name: 'Once' }, ...withKey('key-once') });
    const again = await app.request('POST', '/contacts', { body: { last_name: 'Once' }, ...withKey('"key-once"') });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    for (const name of ['etag', 'location', 'content-type']) expect(again.headers.get(name)).toBe(first.headers.get(name));
    expect([first.headers.get('idempotent-replayed'), again.headers.get('idempotent-replayed')]).toEqual([null, 'true']);
    expect(await count('Once')).toBe(1);
  });

  test('many at the same time make one record', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => app.request('POST', '/contacts', { body: { last_name: 'Racer' }, ...withKey('key-race') })),
    );
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    for (const { status, headers, body } of answers) {
      if (status === 409) expect([body['code'], headers.get('retry-after')]).toEqual(['idempotency_in_progress', '1']);
    }
    expect(await count('Racer')).toBe(1);
  });

  test('a repeated delete is a 204 again, with another query it is another request', async () => {
    const made = await app.request('POST', '/contacts', { body: { last_name: 'Gone' } });
    const path = `/contacts/${made.body['data']?.['id']}`;
    expect((await app.request('DELETE', path, withKey('key-delete'))).status).toBe(204);
    const again = await app.request('DELETE', path, withKey('key-delete'));
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([204, 'true']);
    expect((await app.request('DELETE', `${path}?purge=true`, withKey('key-delete'))).body['code']).toBe(
      'idempotency_key_reused',
    );
  });

  test('the same key on another path is another request', async () => {
    const a = await app.request('POST', '/contacts', { body: { last_name: 'Two' }, ...withKey('key-two') });
    const b = await app.request('POST', `/contacts/${a.body['data']?.['id']}/restore`, withKey('key-two'));
    expect([a.status, b.status]).toEqual([201, 404]);
  });

  test('a refusal is stored and given again', async () => {
    const first = await app.request('POST', '/contacts', { body: {}, ...withKey('key-refused') });
    const again = await app.request('POST', '/contacts', { body: {}, ...withKey('key-refused') });
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([422, 422, 'true']);
    expect(again.headers.get('content-type')).toBe('application/problem+json');
    expect(again.body['errors']).toEqual(first.body['errors']);
  });

  test('a minimal answer is minimal again', async () => {
    const options = { body: { last_name: 'Small' }, ...withKey('key-small', { Prefer: 'return=minimal' }) };
    const first = await app.request('POST', '/contacts', options);
    const again = await app.request('POST', '/contacts', options);
    expect([first.body, again.status, again.body, again.headers.get('location')]).toEqual([
      '',
      201,
      '',
      first.headers.get('location'),
    ]);
  });

  test.each(['""', 'k'.repeat(256), '"caf\u00e9"'])('%s is no key', async (key) => {
    const { status } = await app.request('POST', '/contacts', { body: { last_name: 'X' }, ...withKey(key) });
    expect(status).toBe(400);
  });

  test('no body of a replay holds a secret', async () => {
    const password = 'a very secret password';
    const body = { email: 'new@example.com', first_name: 'New', last_name: 'User', password, roles: ['admin'] };
    const made = await app.request('POST', '/users', { body, ...withKey('key-secret') });
    const again = await app.request('POST', '/users', { body, ...withKey('key-secret') });
    expect([made.status, again.status]).toEqual([201, 201]);
    const stored = await app.knex.raw('SELECT body, headers::text FROM crm_core.crm_idempotency_keys WHERE key = ?', [
      'key-secret',
    ]);
    for (const text of [JSON.stringify(made.body), JSON.stringify(again.body), JSON.stringify(stored.rows)]) {
      expect(text).not.toContain(password);
      expect(text).not.toContain('argon2');
    }
  });
});
