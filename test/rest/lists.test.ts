// Lists over REST: filters, sort, pages, counts, includes, and the same as a body.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  const account = await app.request('POST', '/accounts', { body: { name: 'Analytical Engines' } });
  const account_id = account.body['data']?.['id'];
  const people = ['Ada', 'Charles', 'Grace', 'Alan', 'Edsger'].map((first_name, index) => ({
    first_name,
    last_name: 'Pioneer',
    ...(index < 2 ? { account_id } : {}),
  }));
  await app.request('POST', '/contacts', { body: people });
});
afterAll(() => app.stop());

const names = (body: { readonly [key: string]: unknown }) =>
  (body['data'] as { first_name: string }[]).map((record) => record.first_name);

describe('lists', () => {
  test('records and page, newest first', async () => {
    const { status, headers, body } = await app.request('GET', '/contacts');
    expect(status).toBe(200);
    expect(names(body)).toHaveLength(5);
    expect(body['page']).toEqual({ limit: 50, hasNext: false, hasPrev: false, next: null, prev: null });
    expect([headers.get('link'), headers.get('x-total-count'), headers.get('cache-control')]).toEqual([
      null,
      null,
      'private, no-cache',
    ]);
  });

  test('a page links to the next one with the same question, to the end and back', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/contacts?sort=first_name&limit=2&fields=first_name&last_name[eq]=Pioneer';
    let pages = 0;
    while (path !== undefined) {
      const { headers, body } = await app.request('GET', path);
      seen.push(...names(body));
      pages += 1;
      path = /<\/crm\/v1([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
    expect([pages, seen]).toEqual([3, ['Ada', 'Alan', 'Charles', 'Edsger', 'Grace']]);
    const first = await app.request('GET', '/contacts?sort=first_name&limit=2');
    const second = await app.request('GET', `/contacts?sort=first_name&limit=2&after=${first.body['page']?.['next']}`);
    const back = /<\/crm\/v1([^>]+)>; rel="prev"/.exec(second.headers.get('link') ?? '')?.[1] ?? '';
    expect(names((await app.request('GET', back)).body)).toEqual(['Ada', 'Alan']);
  });

  test('the count is given when it is asked for', async () => {
    const { headers, body } = await app.request('GET', '/contacts?count=exact&limit=1&first_name[in]=Ada,Grace');
    expect([headers.get('x-total-count'), body['page']?.['total'], body['page']?.['totalIs']]).toEqual(['2', 2, 'exact']);
  });

  test('filters over a relation, and includes', async () => {
    const { body } = await app.request('GET', '/contacts?account.name[startsWith]=Analytical&include=account&sort=first_name');
    expect(names(body)).toEqual(['Ada', 'Charles']);
    expect(body['data']?.[0]?.['account']).toMatchObject({ name: 'Analytical Engines' });
  });

  test('the same question as a body needs no key and may hold a tree', async () => {
    const { status, body } = await app.request('POST', '/contacts/query', {
      body: {
        filter: {
          any: [
            { fact: 'first_name', operator: 'equal', value: 'Ada' },
            { fact: 'first_name', operator: 'equal', value: 'Grace' },
          ],
        },
        fields: ['first_name'],
        sort: '-first_name',
        limit: 10,
        count: 'exact',
      },
      headers: { 'Idempotency-Key': '' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ data: [{ first_name: 'Grace' }, { first_name: 'Ada' }], page: { total: 2 } });
  });

  test('a bad body question says where', async () => {
    const { body } = await app.request('POST', '/contacts/query', { body: { limits: 1, sort: 'nothing' } });
    expect((body['errors'] as never as { pointer: string }[]).map((issue) => issue.pointer).sort()).toEqual(['/limits', '/sort']);
    expect((await app.request('POST', '/contacts/query', { body: [] })).status).toBe(422);
    expect((await app.request('POST', '/contacts/query?limit=1', { body: {} })).body['code']).toBe('unknown_parameter');
  });
});

describe('search', () => {
  test('finds records of several entities', async () => {
    const { status, body } = await app.request('GET', '/search?q=analytical');
    expect(status).toBe(200);
    expect(body['data']?.[0]).toMatchObject({ entity: 'accounts', display_name: 'Analytical Engines' });
  });

  test('is narrowed by entities and limit', async () => {
    expect((await app.request('GET', '/search?q=pioneer&entities=contacts&limit=2')).body['data']).toHaveLength(2);
    expect((await app.request('GET', '/search?q=pioneer&entities=accounts')).body['data']).toEqual([]);
  });

  test.each([
    ['/search', '?q'],
    ['/search?q=%20', '?q'],
    [`/search?q=${'x'.repeat(201)}`, '?q'],
    ['/search?q=a&limit=51', '?limit'],
    ['/search?q=a&limit=ten', '?limit'],
    ['/search?q=a&entities=contact', '?entities'],
    ['/search?q=a&q=b', '?q'],
  ])('%s is refused at %s', async (path, pointer) => {
    const { status, body } = await app.request('GET', path);
    expect([status, body['code'], body['errors']?.[0]?.['pointer']]).toEqual([400, 'invalid_query', pointer]);
  });

  test('an unknown parameter is told', async () => {
    expect((await app.request('GET', '/search?query=a')).body['code']).toBe('unknown_parameter');
  });
});
