// Many records changed at once: by a filter and by an array, within what the caller may change in a mass; and the batch.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newPerson } from '../auth/support/people.ts';
import { type Answer, startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

let made = 0;
/** A company name that nobody else has, and leads of it. */
async function leads(count: number, more: object = {}): Promise<{ company: string; ids: readonly string[] }> {
  made += 1;
  const company = `Company ${made}`;
  const body = Array.from({ length: count }, (_, at) => ({ last_name: `Lead ${at}`, company, ...more }));
  const answer = await app.request('POST', '/leads', { body });
  return { company, ids: (answer.body['data'] as never as { id: string }[]).map(({ id }) => id) };
}
const patch = (path: string, body: unknown, more: object = {}): Promise<Answer> =>
  app.request('PATCH', path, { body, ...more } as never);
const of = (company: string, most: number | string = 10): string => `/leads?company[eq]=${company}&maxAffected=${most}`;
const list = async (company: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  (await app.request('GET', `/leads?company[eq]=${company}&sort=last_name`)).body['data'] as never;
const findings = ({ status, body }: Answer) => [
  status,
  [...(body['errors'] ?? [])].map((one) => `${one['pointer']} ${one['code']}`),
];

describe('a change of all that a filter finds', () => {
  test('is told by number and ids; what has the value already is not changed', async () => {
    const { company, ids } = await leads(3);
    await patch(`/leads/${ids[1]}`, { city: 'Oslo' });
    const { status, body } = await patch(of(company), { city: 'Oslo' });
    expect([status, body['data']]).toEqual([200, { matched: 3, changed: 2, ids: [ids[0], ids[2]] }]);
    expect((await list(company)).map(({ city, version }) => [city, version])).toEqual([
      ['Oslo', 2],
      ['Oslo', 2],
      ['Oslo', 2],
    ]);
    const quiet = await patch(of(company), { city: 'Rome' }, { headers: { Prefer: 'return=minimal' } });
    expect([quiet.status, quiet.body]).toEqual([204, '']);
  });

  test('is done to all or to none: one that is refused is named', async () => {
    const { company, ids } = await leads(3);
    await patch(`/leads/${ids[2]}`, { email: 'taken@example.com', external_id: company });
    const answer = await patch(of(company), { external_id: company });
    expect([answer.status, answer.body['code'], answer.body['record']]).toEqual([409, 'unique_conflict', ids[0]]);
    expect((await list(company)).map(({ version }) => version)).toEqual([1, 1, 2]);
  });

  test('goes no further than it was allowed to', async () => {
    const { company } = await leads(3);
    const answer = await patch(of(company, 2), { city: 'Oslo' });
    expect([answer.status, answer.body['code']]).toEqual([409, 'too_many_affected']);
    expect((await list(company)).map(({ city }) => city)).toEqual([null, null, null]);
    expect((await patch(of(company, 3), { city: 'Oslo' })).body['data']).toMatchObject({ changed: 3 });
  });

  test('says what it is about', async () => {
    expect(findings(await patch('/leads', { city: 'Oslo' }))).toEqual([400, ['?filter required', '?maxAffected required']]);
    expect(findings(await patch('/leads?company[eq]=x&maxAffected=0', {}))).toEqual([400, ['?maxAffected range']]);
    expect(findings(await patch('/leads?company[eq]=x&maxAffected=1001&q=a&q=b&sort=id', {}))).toEqual([
      400,
      ['?q repeated', '?sort unknown_parameter', '?maxAffected range'],
    ]);
    expect(findings(await patch('/leads?filter={&maxAffected=1', {}))).toEqual([400, ['?filter malformed_json']]);
    expect(findings(await patch('/leads?company[eq]=x&maxAffected=1', 7))).toEqual([422, [' type']]);
    expect((await patch('/leads?company[eq]=nobody&maxAffected=1', { city: 'Oslo' })).body['data']).toEqual({
      matched: 0,
      changed: 0,
      ids: [],
    });
    const none = await app.request('PATCH', '/leads?q=x&maxAffected=1', {
      body: { city: 'X' },
      headers: { 'Idempotency-Key': '' },
    });
    expect([none.status, none.body['code']]).toEqual([400, 'idempotency_key_missing']);
  });

  test('is done once a key', async () => {
    const { company } = await leads(2);
    const headers = { 'Idempotency-Key': randomUUID() };
    const first = await patch(of(company), { city: 'Oslo' }, { headers });
    const again = await patch(of(company), { city: 'Oslo' }, { headers });
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([first.body, 'true']);
  });

  test('is about what its caller may change so, and about nothing for who may change but not in a mass', async () => {
    const [rep, colleague] = [await newPerson(app, ['sales_rep']), await newPerson(app, ['sales_rep'])];
    const team = (await app.request('POST', '/teams', { body: { name: 'Mass' } })).body['data']?.['id'];
    for (const { id } of [rep, colleague]) await app.request('POST', '/team_members', { body: { team_id: team, user_id: id } });
    const own = await leads(2, { owner_id: rep.id });
    await patch(of(own.company), { company: 'Shared' });
    const theirs = await leads(1, { owner_id: colleague.id });
    await patch(of(theirs.company), { company: 'Shared' });
    const token = await rep.token();
    expect((await app.request('GET', '/leads?company[eq]=Shared&count=exact', { token })).body['page']).toMatchObject({
      total: 3,
    });
    expect((await patch(of('Shared'), { city: 'Oslo' }, { token })).body['data']).toEqual({
      matched: 2,
      changed: 2,
      ids: own.ids,
    });
    const deleted = await app.request('DELETE', of('Shared'), { token });
    expect(deleted.body['data']).toEqual({ matched: 2, changed: 2, ids: own.ids });
    expect((await list('Shared')).map(({ id }) => id)).toEqual(theirs.ids);
    const support = await (await newPerson(app, ['support'])).token();
    const refused = await patch('/contacts?last_name[eq]=x&maxAffected=1', { job_title: 'X' }, { token: support });
    expect([refused.status, refused.body['detail']]).toEqual([403, 'You may not change many contacts at once.']);
    const closed = await patch('/products?cost[gt]=1&maxAffected=1', { name: 'X' }, { token });
    expect(closed.status).toBe(400);
  });
});

describe('a delete of all that a filter finds', () => {
  test('can be taken back record by record', async () => {
    const { company, ids } = await leads(2);
    const { status, body } = await app.request('DELETE', of(company));
    expect([status, body['data']]).toEqual([200, { matched: 2, changed: 2, ids }]);
    expect(await list(company)).toEqual([]);
    await app.request('POST', `/leads/${ids[0]}/restore`);
    expect((await list(company)).map(({ id }) => id)).toEqual([ids[0]]);
    expect(findings(await app.request('DELETE', '/leads'))).toEqual([400, ['?filter required', '?maxAffected required']]);
  });
});

describe('an array of changes', () => {
  test('changes each of its records, held to the versions that it names', async () => {
    const { ids } = await leads(2);
    const { status, body } = await patch('/leads?fields=id,city', [
      { id: ids[0], city: 'Oslo', version: 1 },
      { id: ids[1], city: 'Rome' },
    ]);
    expect([status, body['data']]).toEqual([
      200,
      [
        { id: ids[0], city: 'Oslo' },
        { id: ids[1], city: 'Rome' },
      ],
    ]);
    const stale = await patch('/leads', [
      { id: ids[1], city: 'Bern' },
      { id: ids[0], city: 'Bern', version: 1 },
    ]);
    expect(findings(stale)).toEqual([412, ['/1 stale_version']]);
    expect((await app.request('GET', `/leads/${ids[1]}`)).body['data']).toMatchObject({ city: 'Rome', version: 2 });
  });

  test('tells the findings of all, each at its place', async () => {
    const { ids } = await leads(1);
    const answer = await patch('/leads', [{ id: ids[0], email: 'x' }, { city: 'Oslo' }, 7, { id: ids[0], version: 'x' }]);
    expect(findings(answer)).toEqual([422, ['/0/email format', '/1/id type', '/2 type', '/3/version type']]);
    expect(findings(await patch('/leads', [{ id: randomUUID(), city: 'Oslo' }]))).toEqual([404, ['/0 not_found']]);
    expect(
      findings(
        await patch(
          '/leads',
          Array.from({ length: 1001 }, () => ({ id: ids[0] })),
        ),
      ),
    ).toEqual([422, [' too_many']]);
    expect((await patch('/leads', [])).body['data']).toEqual([]);
  });
});

describe('a batch', () => {
  const batch = (operations: unknown, more: object = {}): Promise<Answer> =>
    app.request('POST', '/batch', { body: { operations }, ...more } as never);

  test('makes, changes and deletes in one go, with what went before', async () => {
    const { status, body } = await batch([
      { op: 'create', entity: 'accounts', data: { name: 'Batch Ltd' } },
      { op: 'create', entity: 'contacts', data: { last_name: '$$0.id', account_id: '$0.id' } },
      {
        op: 'update',
        entity: 'accounts',
        id: '$0.id',
        version: 1,
        data: { primary_contact_id: '$1.id', description: 'By $1.id' },
      },
      { op: 'upsert', entity: 'tags', onConflict: 'name', data: { name: 'Batch tag' } },
      { op: 'delete', entity: 'contacts', id: '$1.id' },
      { op: 'restore', entity: 'contacts', id: '$4.id' },
    ]);
    expect([status, body['errors']]).toEqual([200, undefined]);
    const results = body['data'] as never as { op: string; created: boolean; record: Readonly<Record<string, unknown>> | null }[];
    expect(results.map(({ op, created, record }) => [op, created, record === null])).toEqual([
      ['create', true, false],
      ['create', true, false],
      ['update', false, false],
      ['upsert', true, false],
      ['delete', false, true],
      ['restore', false, false],
    ]);
    const [account, contact, changed, , , back] = results.map(({ record }) => record);
    expect(contact).toMatchObject({ last_name: '$0.id', account_id: account?.['id'] });
    expect(changed).toMatchObject({
      primary_contact_id: contact?.['id'],
      version: 2,
      description: 'By $1.id',
      contacts_count: 1,
    });
    expect(back).toMatchObject({ id: contact?.['id'], version: 3 });
  });

  test('leaves nothing behind when one of it is refused, and says which', async () => {
    const before = (await app.request('GET', '/accounts?name[eq]=Nothing&count=exact')).body['page']?.['total'];
    const answer = await batch([
      { op: 'create', entity: 'accounts', data: { name: 'Nothing' } },
      { op: 'create', entity: 'contacts', data: { last_name: 'X', email: 'x', account_id: '$0.id' } },
      { op: 'create', entity: 'contacts', data: {} },
    ]);
    expect(findings(answer)).toEqual([422, ['/operations/1/data/email format', '/operations/2/data/last_name required']]);
    expect(findings(await batch([{ op: 'update', entity: 'accounts', id: randomUUID(), data: { name: 'X' } }]))).toEqual([
      404,
      ['/operations/0 not_found'],
    ]);
    expect((await app.request('GET', '/accounts?name[eq]=Nothing&count=exact')).body['page']?.['total']).toBe(before);
  });

  test.each([
    [[{ op: 'merge', entity: 'leads' }], '/operations/0/op unknown_value'],
    [[{ op: 'create', data: {} }], '/operations/0/entity required'],
    [[{ op: 'create', entity: 'leads' }], '/operations/0/data type'],
    [[{ op: 'create', entity: 'leads', id: 'x', data: {} }], '/operations/0/id unknown'],
    [[{ op: 'update', entity: 'leads', data: {} }], '/operations/0/id required'],
    [[{ op: 'delete', entity: 'leads', id: 'x', data: {} }], '/operations/0/data type'],
    [[{ op: 'upsert', entity: 'tags', data: {} }], '/operations/0/onConflict unknown'],
    [[{ op: 'restore', entity: 'leads', id: 'x', version: 1 }], '/operations/0/version type'],
    [[{ op: 'create', entity: 'leads', data: {}, when: 1 }], '/operations/0/when unknown'],
    [[7], '/operations/0 type'],
    [[{ op: 'create', entity: 'leads', data: { company: '$0.id' } }], '/operations/0/data/company reference'],
    [[{ op: 'create', entity: 'nothing', data: {} }], '/operations/0 not_found'],
    [Array.from({ length: 101 }, () => ({})), '/operations too_many'],
    ['x', ' required'],
  ])('%j is refused at its place', async (operations, place) => {
    const answer = await batch(operations);
    expect([...(answer.body['errors'] ?? [])].map((one) => `${one['pointer']} ${one['code']}`)).toContain(place);
  });

  test('asks for each right, and makes no metadata by the way', async () => {
    const token = await (await newPerson(app, ['marketing'])).token();
    const refused = await batch([{ op: 'create', entity: 'products', data: { name: 'X' } }], { token });
    expect([refused.status, findings(refused)[1]]).toEqual([403, ['/operations/0 forbidden']]);
    const field = {
      op: 'create',
      entity: 'custom_fields',
      data: { entity: 'leads', name: 'size', type: 'text', label: { en: 'S', ar: 'S', he: 'S' } },
    };
    expect((await batch([{ op: 'create', entity: 'tags', data: { name: 'By the way' } }, field])).status).toBe(409);
    expect((await app.request('GET', '/tags?name[eq]=By the way')).body['data']).toEqual([]);
  });
});
