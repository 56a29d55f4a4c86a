// Bad input: each kind gets its own problem, and none of them is a server error.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let id: string;
beforeAll(async () => {
  app = await startTestApp();
  const { body } = await app.request('POST', '/contacts', { body: { last_name: 'Lovelace' } });
  id = String(body['data']?.['id']);
});
afterAll(() => app.stop());

const json = { 'Content-Type': 'application/json' };

interface Case {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly token?: string | null;
  readonly status: number;
  readonly code: string;
  readonly pointer?: string;
}

const cases: readonly Case[] = [
  { name: 'malformed JSON', body: '{"last_name": "Love', headers: json, status: 400, code: 'malformed_json' },
  { name: 'an empty body', body: '', headers: json, status: 400, code: 'malformed_json' },
  { name: 'a key twice', body: '{"last_name":"A","last_name":"B"}', headers: json, status: 400, code: 'malformed_json' },
  { name: '__proto__', body: '{"last_name":"A","__proto__":{"admin":true}}', headers: json, status: 400, code: 'malformed_json' },
  {
    name: 'constructor',
    body: { last_name: 'A', constructor: 'x' },
    status: 422,
    code: 'validation_failed',
    pointer: '/constructor',
  },
  { name: 'nesting without end', body: '['.repeat(100_000), headers: json, status: 400, code: 'malformed_json' },
  {
    name: 'another content type',
    body: 'last_name=A',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'unsupported_media_type',
  },
  { name: 'a text as body', body: '"Lovelace"', headers: json, status: 422, code: 'validation_failed', pointer: '' },
  { name: 'null as body', body: 'null', headers: json, status: 422, code: 'validation_failed', pointer: '' },
  {
    name: 'an unknown field',
    body: { last_name: 'A', lastname: 'B' },
    status: 422,
    code: 'validation_failed',
    pointer: '/lastname',
  },
  { name: 'a wrong type', body: { last_name: 42 }, status: 422, code: 'validation_failed', pointer: '/last_name' },
  {
    name: 'an object for a text',
    body: { last_name: { $gt: '' } },
    status: 422,
    code: 'validation_failed',
    pointer: '/last_name',
  },
  {
    name: 'a text that is too long',
    body: { last_name: 'x'.repeat(100_000) },
    status: 422,
    code: 'validation_failed',
    pointer: '/last_name',
  },
  { name: 'a NUL byte', body: { last_name: 'a\0b' }, status: 422, code: 'validation_failed', pointer: '/last_name' },
  {
    name: 'a lone surrogate',
    body: '{"last_name":"\\ud800"}',
    headers: json,
    status: 422,
    code: 'validation_failed',
    pointer: '/last_name',
  },
  { name: 'a required value missing', body: {}, status: 422, code: 'validation_failed', pointer: '/last_name' },
  {
    name: 'no e-mail address',
    body: { last_name: 'A', email: 'not an address' },
    status: 422,
    code: 'validation_failed',
    pointer: '/email',
  },
  {
    name: 'a reference to nothing',
    body: { last_name: 'A', account_id: '00000000-0000-7000-8000-000000000000' },
    status: 422,
    code: 'validation_failed',
    pointer: '/account_id',
  },
  {
    name: 'a reference that is no id',
    body: { last_name: 'A', account_id: "1' OR '1'='1" },
    status: 422,
    code: 'validation_failed',
    pointer: '/account_id',
  },
  {
    name: 'a read-only field',
    body: { last_name: 'A', version: 7 },
    status: 422,
    code: 'validation_failed',
    pointer: '/version',
  },
  { name: 'an unknown entity', path: '/contact', body: {}, status: 404, code: 'not_found' },
  { name: 'an entity called like a member of objects', path: '/__proto__', body: {}, status: 404, code: 'not_found' },
  {
    name: 'an unknown filter operator',
    method: 'GET',
    path: '/contacts?last_name[is]=A',
    status: 400,
    code: 'invalid_query',
    pointer: '?last_name[is]',
  },
  {
    name: 'an unknown filter field',
    method: 'GET',
    path: '/contacts?surname[eq]=A',
    status: 400,
    code: 'invalid_query',
    pointer: '?surname[eq]',
  },
  {
    name: 'an unknown parameter',
    method: 'GET',
    path: '/contacts?limits=10',
    status: 400,
    code: 'invalid_query',
    pointer: '?limits',
  },
  {
    name: 'an unknown field to answer with',
    method: 'GET',
    path: '/contacts?fields=name_of',
    status: 400,
    code: 'invalid_query',
    pointer: '?fields',
  },
  {
    name: 'an unknown relation to include',
    method: 'GET',
    path: '/contacts?include=accounts',
    status: 400,
    code: 'invalid_query',
    pointer: '?include',
  },
  { name: 'an unknown sort', method: 'GET', path: '/contacts?sort=-agee', status: 400, code: 'invalid_query', pointer: '?sort' },
  { name: 'a limit of zero', method: 'GET', path: '/contacts?limit=0', status: 400, code: 'invalid_query', pointer: '?limit' },
  { name: 'a made-up cursor', method: 'GET', path: '/contacts?after=abc', status: 400, code: 'invalid_query' },
  {
    name: 'a filter that is no JSON',
    method: 'GET',
    path: '/contacts?filter={',
    status: 400,
    code: 'invalid_query',
    pointer: '?filter',
  },
  { name: 'a NUL in a filter', method: 'GET', path: '/contacts?last_name[eq]=%00', status: 400, code: 'invalid_query' },
  { name: 'a NUL in a search', method: 'GET', path: '/contacts?q=%00', status: 400, code: 'invalid_query', pointer: '?q' },
  { name: 'a NUL in the global search', method: 'GET', path: '/search?q=%00', status: 400, code: 'invalid_query', pointer: '?q' },
  {
    name: 'no Idempotency-Key',
    body: { last_name: 'A' },
    headers: { 'Idempotency-Key': '' },
    status: 400,
    code: 'idempotency_key_missing',
  },
  {
    name: 'a key that is too long',
    body: { last_name: 'A' },
    headers: { 'Idempotency-Key': 'k'.repeat(256) },
    status: 400,
    code: 'bad_request',
  },
  { name: 'no token', body: { last_name: 'A' }, token: null, status: 401, code: 'unauthenticated' },
  { name: 'a token that is none', body: { last_name: 'A' }, token: 'abc', status: 401, code: 'unauthenticated' },
  {
    name: 'an unknown parameter of a write',
    path: '/contacts?dry=true',
    body: { last_name: 'A' },
    status: 400,
    code: 'invalid_query',
  },
  {
    name: 'an upsert on a field that is not unique',
    path: '/contacts?onConflict=last_name',
    body: { last_name: 'A' },
    status: 400,
    code: 'invalid_query',
  },
];

describe('bad input', () => {
  test.each(cases)('$name is a $status $code', async (each) => {
    const { status, headers, body } = await app.request(each.method ?? 'POST', each.path ?? '/contacts', {
      ...(each.body === undefined ? {} : { body: each.body }),
      ...(each.headers === undefined ? {} : { headers: each.headers }),
      ...(each.token === undefined ? {} : { token: each.token }),
    });
    expect([status, body['code']]).toEqual([each.status, each.code]);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body['requestId']).toBe(headers.get('x-request-id'));
    if (each.pointer !== undefined) {
      expect((body['errors'] as never as { pointer: string }[]).map((issue) => issue.pointer)).toContain(each.pointer);
    }
    expect(JSON.stringify(body)).not.toMatch(/select |insert |crm_core|node_modules|at .*\.ts/i);
  });

  test('a typing error is told with what was probably meant', async () => {
    const parameter = await app.request('GET', '/contacts?limt=10');
    expect(parameter.body['errors']?.[0]?.['detail']).toContain('Did you mean "limit"?');
    const field = await app.request('POST', '/contacts', { body: { last_nam: 'A' } });
    expect(JSON.stringify(field.body['errors'])).toContain('Did you mean');
    const entity = await app.request('GET', '/contcts');
    expect(entity.body['detail']).toContain('Did you mean "contacts"?');
  });

  test('a stale If-Match is a 412', async () => {
    await app.request('PATCH', `/contacts/${id}`, { body: { first_name: 'Ada' } });
    const { status, body } = await app.request('PATCH', `/contacts/${id}`, {
      body: { first_name: 'A' },
      headers: { 'If-Match': '"1"' },
    });
    expect([status, body['code']]).toEqual([412, 'stale_version']);
  });

  test('a key that came with another body is a 422', async () => {
    const headers = { 'Idempotency-Key': 'bad-input-reused' };
    await app.request('POST', '/contacts', { body: { last_name: 'A' }, headers });
    const { status, body } = await app.request('POST', '/contacts', { body: { last_name: 'B' }, headers });
    expect([status, body['code']]).toEqual([422, 'idempotency_key_reused']);
  });

  test('all findings come at once', async () => {
    const { body } = await app.request('POST', '/contacts', { body: { email: 'x', nonsense: 1 } });
    const pointers = (body['errors'] as never as { pointer: string }[]).map((issue) => issue.pointer);
    expect(pointers.sort()).toEqual(['/email', '/last_name', '/nonsense']);
  });
});
