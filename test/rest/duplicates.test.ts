// Duplicate rules on every path: what blocks, what warns, who is told of what, rules made at run time, many writers at once.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type MetadataApi, metadataApi, recordOf } from '../studio/support/metadata-api.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import type { Answer } from '../support/requests.ts';
import { signIn } from '../support/requests.ts';

let app: TestApp;
let meta: MetadataApi;
beforeAll(async () => {
  app = await startTestApp({ live: true });
  meta = metadataApi(app);
});
afterAll(() => app.stop());

const post = (entity: string, body: unknown, headers: Record<string, string> = {}, token?: string): Promise<Answer> =>
  app.request('POST', `/${entity}`, { body, headers, ...(token === undefined ? {} : { token }) });
const made = async (entity: string, body: object): Promise<string> => String(recordOf(await post(entity, body))['id']);
const strict = { Prefer: 'return=minimal, handling=strict' };
const warningsOf = ({ body }: Answer) => (body['warnings'] ?? []) as unknown as Record<string, unknown>[];

describe('a rule that blocks', () => {
  test('answers 409 with the fields that tell, and the record that is there', async () => {
    const id = await made('contacts', { first_name: 'Ana', last_name: 'Weiß', email: 'ana@müller.example' });
    const answer = await post('contacts', { last_name: 'Other', email: 'Ana@xn--mller-kva.example' });
    expect([answer.status, answer.body['code']]).toEqual([409, 'duplicate']);
    expect(answer.body['detail']).toBe('There is such a contact already: Ana Weiß.');
    expect(answer.body['errors']).toEqual([{ pointer: '/email', code: 'same_email', detail: 'Same e-mail address' }]);
    const finding = { rule: 'same_email', action: 'block', pointers: ['/email'], others: false };
    expect(answer.body['duplicates']).toEqual([{ ...finding, records: [{ id, display_name: 'Ana Weiß', score: 1 }] }]);
  });

  test('does so on update, in an array and over GraphQL; a record is not its own duplicate', async () => {
    const first = await made('contacts', { last_name: 'First', email: 'first@bücher.example' });
    const second = await made('contacts', { last_name: 'Second', email: 'second@bücher.example' });
    const same = 'first@xn--bcher-kva.example';
    const updated = await app.request('PATCH', `/contacts/${second}`, { body: { email: same } });
    expect([updated.status, updated.body['code']]).toEqual([409, 'duplicate']);
    expect((await app.request('PATCH', `/contacts/${first}`, { body: { email: same } })).status).toBe(200);
    const array = await post('contacts', [
      { last_name: 'Third' },
      { last_name: 'Fourth', email: 'second@xn--bcher-kva.example' },
    ]);
    expect(array.status).toBe(409);
    expect(array.body['errors']).toMatchObject([{ pointer: '/1/email' }]);
    const query = 'mutation { createContact(input: { last_name: "Fifth", email: "second@xn--bcher-kva.example" }) { id } }';
    const graph = await app.request('POST', '/graphql', { body: { query } });
    expect(graph.body['errors']?.[0]?.['extensions']).toMatchObject({ code: 'duplicate', duplicates: [{ rule: 'same_email' }] });
    await app.request('DELETE', `/contacts/${second}`);
    expect((await post('contacts', { last_name: 'Sixth', email: 'second@xn--bcher-kva.example' })).status).toBe(201);
  });

  test('does so for a record that comes back: another like it may have come', async () => {
    const gone = await made('products', { name: 'Gone', code: 'G', barcode: 'X-100' });
    await app.request('DELETE', `/products/${gone}`);
    const other = await made('products', { name: 'Other', code: 'O', barcode: 'x-100' });
    const refused = await post(`products/${gone}/restore`, {});
    expect([refused.status, refused.body['code']]).toEqual([409, 'duplicate']);
    expect(refused.body['errors']).toMatchObject([{ pointer: '/barcode', code: 'same_barcode' }]);
    expect((await app.request('GET', `/products/${gone}`)).status).toBe(404);
    await app.request('PATCH', `/products/${other}`, { body: { barcode: null, name: 'Gone' } });
    const back = await post(`products/${gone}/restore`, {});
    expect([back.status, warningsOf(back).map(({ rule }) => rule)]).toEqual([200, ['same_name']]);
  });

  test('lets one of a hundred writers at once pass', async () => {
    const rule = { name: 'one_name', action: 'block', match: [{ field: 'last_name', method: 'normalized', as: 'person' }] };
    await meta.applied({ op: 'setDuplicateRule', entity: 'contacts', rule });
    const names = ['Zápotocký', 'ZAPOTOCKY', 'zapotocky', 'Ｚａｐｏｔｏｃｋｙ', 'Za\u0301potocky\u0301'];
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) => post('contacts', { last_name: names[at % names.length] })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect([statuses.filter((status) => status === 201).length, statuses.filter((status) => status === 409).length]).toEqual([
      1, 99,
    ]);
    await meta.applied({ op: 'retireDuplicateRule', entity: 'contacts', name: 'one_name' });
  });
});

describe('a rule that warns', () => {
  test('reports in the answer, and refuses those who want to be asked', async () => {
    const id = await made('accounts', { name: 'Żabka Sp. z o.o.' });
    const refused = await post('accounts', { name: 'ZABKA' }, strict);
    expect([refused.status, refused.body['code']]).toEqual([409, 'possible_duplicate']);
    const answer = await post('accounts', { name: 'ZABKA' });
    expect(answer.status).toBe(201);
    expect(warningsOf(answer)).toContainEqual({
      code: 'possible_duplicate',
      rule: 'same_name',
      action: 'warn',
      pointers: ['/name'],
      records: [{ id, display_name: 'Żabka Sp. z o.o.', score: 1 }],
      others: false,
    });
    const { body } = await app.request('GET', '/accounts?name[eq]=ZABKA&count=exact');
    expect(body['page']?.['total']).toBe(1);
  });

  test('reports in an array under the place of the record, and over GraphQL beside the data', async () => {
    await made('accounts', { name: 'Acme Foods Ltd', website: 'https://www.acme-foods.example/' });
    const array = await post('accounts', [
      { name: 'Nothing like it' },
      { name: 'Other', website: 'http://acme-foods.example/about' },
    ]);
    expect(warningsOf(array)).toMatchObject([{ rule: 'same_website', pointers: ['/1/website'] }]);
    const query = 'mutation { mine: createAccount(input: { name: "ACME FOODS, Limited" }) { name } }';
    const graph = await app.request('POST', '/graphql', { body: { query } });
    expect(graph.body['data']).toEqual({ mine: { name: 'ACME FOODS, Limited' } });
    expect(graph.body['extensions']?.['warnings']).toMatchObject([{ rule: 'same_name', path: ['mine'] }]);
    const refused = await app.request('POST', '/graphql', { body: { query }, headers: strict });
    expect(refused.body['errors']?.[0]?.['extensions']).toMatchObject({ code: 'possible_duplicate' });
  });

  test('is not asked again by an update that has nothing to do with it', async () => {
    await made('accounts', { name: 'Twice GmbH' });
    const id = await made('accounts', { name: 'Twice' });
    const other = await app.request('PATCH', `/accounts/${id}`, { body: { employees: 5 }, headers: strict });
    expect(other.status).toBe(204);
    const again = await app.request('PATCH', `/accounts/${id}`, { body: { name: 'TWICE' } });
    expect([again.status, warningsOf(again).length]).toEqual([200, 0]);
  });
});

describe('while one types', () => {
  test('the records that are like it are told, malformed and missing values aside', async () => {
    const id = await made('contacts', {
      first_name: 'Katarzyna',
      last_name: 'Wiśniewska',
      phone: '+48 22 635 72 12',
      mobile: '+48601234567',
    });
    const ask = (body: object, at = 'contacts') => app.request('POST', `/${at}/duplicates`, { body });
    const { status, body } = await ask({ last_name: 'wisniewska', phone: '+48 226 357 212', email: 'not yet' });
    expect(status).toBe(200);
    expect(body['data']).toContainEqual(
      expect.objectContaining({ rule: 'same_phone_and_name', records: [expect.objectContaining({ id, score: 1 })] }),
    );
    const like = await ask({ first_name: 'Katarzina', last_name: 'Wisniewska', mobile: '+48601234567' });
    expect(like.body['data']).toMatchObject([{ rule: 'like_person', records: [{ id }] }]);
    expect((await ask({ last_name: 'Wisniewska' })).body['data']).toEqual([]);
    expect((await ask({}, `contacts/${id}`)).body['data']).toEqual([]);
    expect((await ask([])).status).toBe(422);
    expect((await app.request('POST', '/contacts/duplicates?x=1', { body: {} })).status).toBe(400);
    expect((await app.request('GET', '/contacts/duplicates')).status).toBe(405);
  });
});

describe('of what one may not read', () => {
  test('nothing is told but that it is there', async () => {
    await post('users', {
      first_name: 'Rep',
      last_name: 'One',
      email: 'rep@dup.example',
      password: 'long enough for all',
      roles: ['sales_rep'],
    });
    const rep = await signIn(app.base, 'rep@dup.example', 'long enough for all');
    await made('leads', { last_name: 'Secretive', company: 'Hidden Ltd', email: 'secret@lead.example' });
    const mine = await post('leads', { last_name: 'X', company: 'Y', email: 'secret@lead.example' }, {}, rep);
    expect(mine.status).toBe(201);
    expect(warningsOf(mine)).toEqual([
      { code: 'possible_duplicate', rule: 'same_email', action: 'warn', pointers: ['/email'], records: [], others: true },
    ]);
    const asked = await app.request('POST', '/leads/duplicates', { body: { email: 'secret@lead.example' }, token: rep });
    expect(JSON.stringify(asked.body)).not.toContain('Secretive');
    const known = await app.request('POST', '/leads/duplicates', { body: { email: 'secret@lead.example' } });
    expect(JSON.stringify(known.body)).toContain('Secretive');
    expect((await app.request('POST', '/users/duplicates', { body: {}, token: rep })).status).toBe(403);
  });
});

describe('a rule made at run time', () => {
  const rule = {
    name: 'same_job',
    action: 'warn',
    on: ['create'],
    when: { fact: 'lifecycle', operator: 'equal', value: 'customer' },
    match: [
      { field: 'job_title', method: 'similar', similarity: 0.4 },
      { field: 'department', method: 'phonetic' },
      { field: 'mailing_address.city', method: 'folded' },
    ],
  };
  const like = { lifecycle: 'customer', department: 'Finanse', mailing_address: { city: 'ZÜRICH' } };

  test('is planned with its columns, indexes and the keys of what is there, and then finds it', async () => {
    const there = await made('contacts', {
      last_name: 'There',
      job_title: 'Chief accountant',
      ...like,
      department: 'Finance',
      mailing_address: { city: 'zurich' },
    });
    const plan = await meta.plan({ op: 'setDuplicateRule', entity: 'contacts', rule });
    const steps = plan.body['data']?.['steps'] as unknown as { kind: string; up: string[] }[];
    expect(steps.map(({ kind }) => kind).sort()).toEqual([
      ...['addColumn', 'addColumn', 'addColumn', 'computeColumns', 'createIndex', 'createIndex', 'createIndex'],
    ]);
    expect(steps.find(({ kind }) => kind === 'computeColumns')?.up[0]).toMatch(/^-- computed: .*\nSELECT .* FOR NO KEY UPDATE$/);
    const version = await meta.applied({ op: 'setDuplicateRule', entity: 'contacts', rule });
    const answer = await post('contacts', { last_name: 'New', job_title: 'chief accountants', ...like });
    expect(warningsOf(answer)).toMatchObject([{ rule: 'same_job', records: [{ id: there }] }]);
    const pointers = ['/job_title', '/department', '/mailing_address/city'];
    expect(warningsOf(answer)[0]?.['pointers']).toEqual(pointers);
    for (const other of [
      { lifecycle: 'prospect' },
      { department: 'Sales' },
      { mailing_address: { city: 'Bern' } },
      { job_title: 'Cook' },
    ])
      expect(warningsOf(await post('contacts', { last_name: 'New', job_title: 'Chief accountant', ...like, ...other }))).toEqual(
        [],
      );
    await meta.rolledBack(version - 1);
    expect(warningsOf(await post('contacts', { last_name: 'New', job_title: 'chief accountant', ...like }))).toEqual([]);
    // What was written meanwhile has its keys again when the rule comes back.
    const between = await made('contacts', { last_name: 'Between', job_title: 'Lighthouse keeper', ...like });
    await meta.applied({ op: 'setDuplicateRule', entity: 'contacts', rule });
    const again = await post('contacts', { last_name: 'New', job_title: 'Lighthouse keepers', ...like });
    expect(warningsOf(again)).toMatchObject([{ records: [{ id: between }] }]);
  });

  test.each([
    ['a field that there is not', { match: [{ field: 'nme', method: 'exact' }] }, '/changes/0/rule/match/0/field'],
    ['an address as a whole', { match: [{ field: 'mailing_address', method: 'folded' }] }, '/changes/0/rule/match/0/field'],
    ['a number by its sound', { match: [{ field: 'score', method: 'phonetic' }] }, '/changes/0/rule/match/0/field'],
    [
      'a weight without a threshold',
      { match: [{ field: 'email', method: 'exact', weight: 2 }] },
      '/changes/0/rule/match/0/weight',
    ],
    [
      'a likeness for what is exact',
      { match: [{ field: 'email', method: 'exact', similarity: 0.5 }] },
      '/changes/0/rule/match/0/similarity',
    ],
    [
      'a kind of name for an e-mail address',
      { match: [{ field: 'email', method: 'normalized', as: 'person' }] },
      '/changes/0/rule/match/0/field',
    ],
    [
      'a condition on nothing',
      { match: [{ field: 'email', method: 'exact' }], when: { fact: 'nope', operator: 'equal', value: 1 } },
      '/changes/0/rule/when/fact',
    ],
  ])('that compares %s is refused', async (_what, given, pointer) => {
    const { status, body } = await meta.apply([{ op: 'setDuplicateRule', entity: 'contacts', rule: { name: 'bad', ...given } }]);
    expect([status, [...(body['errors'] ?? [])].map((error) => error['pointer'])]).toEqual([422, [pointer]]);
  });
});

test('every comparison of the rules has its index', async () => {
  const { rows } = (await app.knex.raw(
    `SELECT indexdef FROM pg_indexes WHERE schemaname = 'crm_core' AND tablename = 'crm_contacts' AND indexdef ~ 'match_'`,
  )) as { rows: { indexdef: string }[] };
  const columns = rows.map(({ indexdef }) => /\((match_\w+)/.exec(indexdef)?.[1]);
  const kept = [...(app.parts.registry.current().entities.get('contacts')?.fields.keys() ?? [])].filter((name) =>
    name.startsWith('match_'),
  );
  expect(new Set(columns)).toEqual(new Set(kept));
  expect(rows.some(({ indexdef }) => indexdef.includes('gin_trgm_ops'))).toBe(true);
});

describe('merging over the API', () => {
  test('answers with the record and the merge, tells where a merged record went, and takes apart again', async () => {
    const winner = await made('accounts', { name: 'Merger One' });
    const loser = await made('accounts', { name: 'Other name', employees: 12, website: 'https://merger.example' });
    const contact = await made('contacts', { last_name: 'Mover', account_id: loser });
    const answer = await app.request('POST', `/accounts/${winner}/merge`, {
      body: { records: [loser], fields: { name: loser } },
    });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"2"']);
    expect(answer.body['data']).toMatchObject({ id: winner, name: 'Other name', employees: 12 });
    expect(answer.body['merge']).toMatchObject({ records: [loser], moved: 2, collapsed: 0 });
    const gone = await app.request('GET', `/accounts/${loser}`);
    expect([gone.status, gone.body['code'], gone.body['merged_into']]).toEqual([410, 'merged', winner]);
    expect((await app.request('GET', `/contacts/${contact}`)).body['data']?.['account_id']).toBe(winner);
    const apart = await app.request('POST', `/accounts/${winner}/unmerge`, { body: {} });
    expect([apart.status, apart.body['data']?.['name']]).toEqual([200, 'Merger One']);
    expect((await app.request('GET', `/accounts/${loser}`)).body['data']?.['employees']).toBe(12);
    expect((await app.request('POST', `/accounts/${winner}/unmerge`, { body: {} })).status).toBe(404);
  });

  test('does the same over GraphQL, and refuses what it does not know', async () => {
    const [winner, loser] = [await made('accounts', { name: 'Graph One' }), await made('accounts', { name: 'Graph Two' })];
    const graph = (query: string) => app.request('POST', '/graphql', { body: { query } });
    const done = await graph(
      `mutation { mergeAccount(id: "${winner}", records: ["${loser}"], fields: { name: "${loser}" }) { name } }`,
    );
    expect(done.body).toEqual({ data: { mergeAccount: { name: 'Graph Two' } } });
    const back = await graph(`mutation { unmergeAccount(id: "${winner}") { name } }`);
    expect(back.body).toEqual({ data: { unmergeAccount: { name: 'Graph One' } } });
    const post = (path: string, body: unknown, headers = {}) =>
      app.request('POST', `/accounts/${winner}/${path}`, { body, headers });
    expect((await post('merge', { records: [loser], winner: 1 })).body['errors']?.[0]?.['pointer']).toBe('/winner');
    expect((await post('merge', { records: [loser] }, { 'If-Match': '"1"' })).status).toBe(412);
    expect((await post('unmerge', { merge: 7 })).status).toBe(422);
    expect((await app.request('POST', '/campaigns/00000000-0000-7000-8000-000000000000/merge', { body: {} })).status).toBe(405);
  });
});
