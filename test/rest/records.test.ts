// One record's life over REST: create, read, change, delete, restore, purge.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const created = async (values: Record<string, unknown> = {}) =>
  (await app.request('POST', '/contacts', { body: { last_name: 'Lovelace', ...values } })).body['data'] as never as {
    id: string;
    version: number;
  };

describe('create', () => {
  test('answers 201 with the record, its place and its version', async () => {
    const { status, headers, body } = await app.request('POST', '/contacts', {
      body: { first_name: 'Ada', last_name: 'Lovelace', email: 'Ada@Example.com' },
    });
    expect(status).toBe(201);
    const record = body['data'];
    expect(record).toMatchObject({ first_name: 'Ada', email: 'ada@example.com', version: 1, display_name: 'Ada Lovelace' });
    expect(record?.['id']).toMatch(uuid);
    expect(record?.['owner_id']).toBe(app.adminId);
    expect(headers.get('location')).toBe(`/crm/v1/contacts/${record?.['id']}`);
    expect(headers.get('etag')).toBe('"1"');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('with return=minimal answers no body', async () => {
    const { status, headers, body } = await app.request('POST', '/contacts', {
      body: { last_name: 'Quiet' },
      headers: { Prefer: 'respond-async, return=minimal' },
    });
    expect([status, body, headers.get('preference-applied')]).toEqual([201, '', 'return=minimal']);
    expect((await app.request('GET', (headers.get('location') ?? '').replace('/crm/v1', ''))).status).toBe(200);
  });

  test('answers with the fields and relations that are asked for', async () => {
    const { body } = await app.request('POST', '/contacts?fields=last_name&include=owner', { body: { last_name: 'Few' } });
    expect(Object.keys(body['data'] ?? {}).sort()).toEqual(['last_name', 'owner']);
    expect(body['data']?.['owner']).toMatchObject({ email: app.adminEmail });
  });
});

describe('read', () => {
  test('the version as ETag; 304 for whoever has it', async () => {
    const id = (await app.request('POST', '/tags', { body: { name: 'Countess' } })).body['data']?.['id'];
    const first = await app.request('GET', `/tags/${id}`);
    expect([first.status, first.headers.get('etag'), first.body['data']?.['id']]).toEqual([200, '"1"', id]);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    for (const tag of ['"1"', 'W/"1"', '"0", "1"', '*']) {
      const again = await app.request('GET', `/tags/${id}`, { headers: { 'If-None-Match': tag } });
      expect([again.status, again.body]).toEqual([304, '']);
    }
    const other = await app.request('GET', `/tags/${id}`, { headers: { 'If-None-Match': '"2"' } });
    expect(other.status).toBe(200);
  });

  test.each(['', '?include=account'])(
    'what is summed up or included is told by a digest behind the version (%s)',
    async (query) => {
      const account = String((await app.request('POST', '/accounts', { body: { name: 'Engines' } })).body['data']?.['id']);
      const { id } = await created({ account_id: account });
      const path = query === '' ? `/accounts/${account}` : `/contacts/${id}${query}`;
      const change = (): Promise<unknown> =>
        query === ''
          ? created({ account_id: account })
          : app.request('PATCH', `/accounts/${account}`, { body: { name: 'Mills' } });
      const first = await app.request('GET', path);
      const tag = first.headers.get('etag') ?? '';
      expect(tag).toMatch(/^"1-[0-9a-f]{16}"$/);
      expect((await app.request('GET', path, { headers: { 'If-None-Match': '"1"' } })).status).toBe(200);
      expect((await app.request('GET', path, { headers: { 'If-None-Match': tag } })).status).toBe(304);
      await change();
      const later = await app.request('GET', path, { headers: { 'If-None-Match': tag } });
      expect([later.status, later.body['data']?.['version'], later.body]).toEqual([
        200,
        1,
        expect.not.objectContaining(first.body),
      ]);
      // Whoever changes the record means its version, whatever was summed up since.
      const patched = await app.request('PATCH', path.split('?')[0] ?? '', {
        body: { external_id: `x${query}` },
        headers: { 'If-Match': tag },
      });
      expect([patched.status, patched.headers.get('etag')]).toEqual([200, '"2"']);
    },
  );

  test('without the version among the fields there is no ETag', async () => {
    const { id } = await created();
    const { headers, body } = await app.request('GET', `/contacts/${id}?fields=last_name`);
    expect([headers.get('etag'), body]).toEqual([null, { data: { last_name: 'Lovelace' } }]);
  });

  test.each(['00000000-0000-7000-8000-000000000000', 'not-a-uuid', '%00', "1'--", '1'])('%s is not found', async (id) => {
    const { status, body } = await app.request('GET', `/contacts/${id}`);
    expect([status, body['code']]).toEqual([404, 'not_found']);
  });

  test('HEAD has the headers of GET and no body', async () => {
    const { id } = await created();
    const { status, headers, body } = await app.request('HEAD', `/contacts/${id}`);
    const whole = await app.request('GET', `/contacts/${id}`);
    expect([status, headers.get('etag'), body]).toEqual([200, whole.headers.get('etag'), '']);
  });
});

describe('update', () => {
  test.each(['application/merge-patch+json', 'application/json'])('a merge-patch as %s', async (type) => {
    const { id } = await created({ first_name: 'Ada', job_title: 'Countess' });
    const { status, headers, body } = await app.request('PATCH', `/contacts/${id}`, {
      body: JSON.stringify({ job_title: null, last_name: 'King' }),
      headers: { 'Content-Type': type, 'If-Match': '"1"' },
    });
    expect([status, headers.get('etag')]).toEqual([200, '"2"']);
    expect(body['data']).toMatchObject({ first_name: 'Ada', last_name: 'King', job_title: null, version: 2 });
  });

  test('a stale version is a 412 with the current record', async () => {
    const { id } = await created();
    await app.request('PATCH', `/contacts/${id}`, { body: { last_name: 'King' } });
    const { status, headers, body } = await app.request('PATCH', `/contacts/${id}`, {
      body: { last_name: 'Byron' },
      headers: { 'If-Match': '"1"' },
    });
    expect([status, body['code'], headers.get('etag')]).toEqual([412, 'stale_version', '"2"']);
    expect(body['current']).toMatchObject({ id, last_name: 'King', version: 2 });
  });

  test.each(['W/"1"', '"abc"', '"01"'])('a tag that can never match, %s, is a 412', async (tag) => {
    const { id } = await created();
    const { status } = await app.request('PATCH', `/contacts/${id}`, { body: { last_name: 'X' }, headers: { 'If-Match': tag } });
    expect(status).toBe(412);
  });

  test.each(['1', '"1", "2"', '"1'])('a malformed If-Match, %s, is a 400', async (tag) => {
    const { id } = await created();
    const { status, body } = await app.request('PATCH', `/contacts/${id}`, { body: {}, headers: { 'If-Match': tag } });
    expect([status, body['code']]).toEqual([400, 'bad_request']);
  });

  test('If-Match: * changes whatever version there is, and minimal answers 204', async () => {
    const { id } = await created();
    const { status, headers } = await app.request('PATCH', `/contacts/${id}`, {
      body: { last_name: 'Any' },
      headers: { 'If-Match': '*', Prefer: 'return=minimal' },
    });
    expect([status, headers.get('etag')]).toEqual([204, '"2"']);
  });

  test('a patch that changes nothing makes no new version', async () => {
    const { id } = await created();
    const { headers } = await app.request('PATCH', `/contacts/${id}`, { body: { last_name: 'Lovelace' } });
    expect(headers.get('etag')).toBe('"1"');
  });

  test('a missing record is a 404', async () => {
    expect((await app.request('PATCH', '/contacts/nothing', { body: {} })).status).toBe(404);
  });
});

describe('delete, restore, purge', () => {
  test('a deleted record is not found until it is restored', async () => {
    const { id } = await created();
    expect((await app.request('DELETE', `/contacts/${id}`, { headers: { 'If-Match': '"9"' } })).status).toBe(412);
    const gone = await app.request('DELETE', `/contacts/${id}`, { headers: { 'If-Match': '"1"' } });
    expect([gone.status, gone.body]).toEqual([204, '']);
    expect((await app.request('GET', `/contacts/${id}`)).status).toBe(404);
    expect((await app.request('DELETE', `/contacts/${id}`)).status).toBe(404);
    const back = await app.request('POST', `/contacts/${id}/restore`);
    expect([back.status, back.body['data']?.['id'], back.headers.get('etag')]).toEqual([200, id, '"3"']);
    expect((await app.request('GET', `/contacts/${id}`)).status).toBe(200);
    expect((await app.request('POST', `/contacts/${id}/restore`)).status).toBe(404);
  });

  test('a restore may answer nothing', async () => {
    const { id } = await created();
    await app.request('DELETE', `/contacts/${id}`);
    expect((await app.request('POST', `/contacts/${id}/restore`, { headers: { Prefer: 'return=minimal' } })).status).toBe(204);
  });

  test('a purged record cannot be restored', async () => {
    const { id } = await created();
    expect((await app.request('DELETE', `/contacts/${id}?purge=true`)).status).toBe(204);
    expect((await app.request('POST', `/contacts/${id}/restore`)).status).toBe(404);
  });

  test('purge=false is a soft delete, purge=maybe and purg=true are refused', async () => {
    const { id } = await created();
    expect((await app.request('DELETE', `/contacts/${id}?purge=maybe`)).body['code']).toBe('invalid_query');
    const typo = await app.request('DELETE', `/contacts/${id}?purg=true`);
    expect([typo.body['code'], typo.body['detail']]).toEqual([
      'unknown_parameter',
      'There is no parameter "purg" here. Did you mean "purge"?',
    ]);
    expect((await app.request('DELETE', `/contacts/${id}?purge=true&purge=true`)).body['code']).toBe('invalid_query');
    expect((await app.request('DELETE', `/contacts/${id}?purge=false`)).status).toBe(204);
    expect((await app.request('POST', `/contacts/${id}/restore`)).status).toBe(200);
  });
});
