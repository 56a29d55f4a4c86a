// An entity that is off: gone from REST, GraphQL, OpenAPI, forms, navigation and whatever leads to it; on again, nothing is lost.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { metadataApi } from '../studio/support/metadata-api.ts';
import { type Answer, startTestApp, type TestApp } from '../support/app.ts';
import { type Flags, flagsOf, type Person, person, told } from './support.ts';

let app: TestApp;
let flags: Flags;
let rep: Person;
let account: string;
let quote: string;
let invoice: string;
const made = async (entity: string, body: object): Promise<string> => {
  const answer = await app.request('POST', `/${entity}`, { body });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return String(answer.body['data']?.['id']);
};
const get = (path: string, token?: string): Promise<Answer> => app.request('GET', path, token === undefined ? {} : { token });
const graphql = (query: string, token?: string): Promise<Answer> =>
  app.request('POST', '/graphql', { body: { query }, ...(token === undefined ? {} : { token }) });

beforeAll(async () => {
  app = await startTestApp({ live: true });
  flags = flagsOf(app);
  await metadataApi(app).applied({
    ...{ op: 'addField', entity: 'accounts' },
    field: {
      ...{ name: 'quote_count', type: 'rollup', relation: 'quotes', function: 'count' },
      label: { en: 'Quotes', ar: 'عروض', he: 'הצעות' },
    },
  });
  rep = await person(app, 'rep', 'sales_rep');
  account = await made('accounts', { name: 'Engines' });
  quote = await made('quotes', { name: 'First', account_id: account, status: 'draft', owner_id: rep.id });
  await made('quote_lines', { quote_id: quote, description: 'A line', quantity: 1, unit_price: '5.00' });
  invoice = await made('invoices', { account_id: account, quote_id: quote });
});
afterEach(() => flags.clear());
afterAll(() => app.stop());

describe('off for everybody', () => {
  const unknown = 'qwzxqw';
  const requests: readonly (readonly [string, string, object?])[] = [
    ['GET', '/quotes'],
    ['HEAD', '/quotes'],
    ['OPTIONS', '/quotes'],
    ['POST', '/quotes', { name: 'x' }],
    ['PATCH', '/quotes?maxAffected=1', { name: 'x' }],
    ['DELETE', '/quotes?maxAffected=1'],
    ['POST', '/quotes/query', {}],
    ['GET', '/quotes/aggregate'],
    ['GET', '/quotes/ID'],
    ['PATCH', '/quotes/ID', { name: 'x' }],
    ['DELETE', '/quotes/ID'],
    ['POST', '/quotes/ID/restore'],
    ['POST', '/quotes/ID/merge', { records: [] }],
    ['POST', '/quotes/duplicates', {}],
    ['GET', '/quotes/ID/access'],
    ['GET', '/quotes/export'],
    ['POST', '/quotes/import?mapping=none', {}],
    ['GET', '/quotes/ID/files/photo'],
    ['GET', '/meta/forms/quotes'],
    ['GET', '/search?q=first&entities=quotes'],
    ['GET', '/accounts?include=quotes'],
    ['GET', '/invoices?fields=quotes_id'],
    ['GET', '/accounts?sort=quotes'],
    ['GET', '/accounts?quotes.name[eq]=First'],
  ];

  test('it answers like one that does not exist, byte for byte, on every path', async () => {
    await flags.set('quotes', { enabled: false });
    for (const token of [undefined, rep.token]) {
      for (const [method, path, body] of requests) {
        const ask = (to: string) =>
          app.request(method, to.replace('ID', quote), {
            ...(body === undefined ? {} : { body }),
            ...(token === undefined ? {} : { token }),
          });
        const [off, missing] = [await ask(path), await ask(path.replaceAll('quotes', unknown))];
        const where = `${method} ${path} `;
        expect(where + told(off)).toBe(where + told(missing, [unknown, 'quotes']));
        expect(off.status).toBeGreaterThanOrEqual(400);
      }
    }
  });

  test('GraphQL has no type, no query, no mutation, no relation of it, and suggests none', async () => {
    const types = async (): Promise<readonly string[]> => {
      const { body } = await graphql('{ __schema { types { name } } }');
      return [...(body['data']?.['__schema']?.['types'] ?? [])].map(({ name }) => String(name));
    };
    expect(await types()).toEqual(expect.arrayContaining(['Quote', 'QuoteLine', 'QuoteCreate']));
    await flags.set('quotes', { enabled: false });
    expect((await types()).filter((name) => /^Quote/.test(name))).toEqual([]);
    for (const query of [
      '{ NAME { nodes { id } } }',
      '{ accounts { nodes { NAME { nodes { id } } } } }',
      'mutation { NAME(id: "x") { id } }',
    ]) {
      const [off, missing] = [await graphql(query.replace('NAME', 'quotes')), await graphql(query.replace('NAME', unknown))];
      expect(told(off)).toBe(told(missing, [unknown, 'quotes']));
    }
  });

  test('OpenAPI, navigation, views, layouts and forms do not know it', async () => {
    const seen = async (): Promise<string> => {
      const answers = await Promise.all(
        ['/openapi.json', '/meta', '/meta/forms/invoices', '/meta/forms/accounts', '/meta/forms/activities'].map((path) =>
          get(path),
        ),
      );
      return JSON.stringify(answers.map(({ body }) => body));
    };
    const named = async () => new Set((await seen()).match(/"[^" ]*\bquote(s|_lines)\b[^" ]*"/g));
    expect([...(await named())]).toEqual(expect.arrayContaining(['"quotes"', '"quote_lines"', '"/quotes/{id}"']));
    await flags.set('quotes', { enabled: false });
    expect(await named()).toEqual(new Set());
  });

  test('its lines, references to it and what is summed up of it go with it; search and timeline do not tell of it', async () => {
    const find = async (): Promise<string> => JSON.stringify((await get('/search?q=First')).body);
    const story = async (): Promise<string> => JSON.stringify((await get(`/timeline?parent_id[eq]=${quote}`)).body);
    const audit = async (): Promise<string> => JSON.stringify((await get(`/auditlog?record_id[eq]=${quote}`)).body);
    expect([await find(), await story(), await audit()]).toEqual([
      expect.stringContaining(quote),
      expect.stringContaining(quote),
      expect.stringContaining(quote),
    ]);
    const kept = (await get(`/accounts/${account}`)).body['data'];
    expect(kept).toMatchObject({ quote_count: 1 });
    await flags.set('quotes', { enabled: false });
    expect((await get('/quote_lines')).status).toBe(404);
    expect([await find(), await story(), await audit()].join()).not.toContain(quote);
    expect((await get(`/accounts/${account}`)).body['data']).not.toHaveProperty('quote_count');
    const read = (await get(`/invoices/${invoice}`)).body['data'];
    expect(read).not.toHaveProperty('quote_id');
    const refused = await app.request('PATCH', `/invoices/${invoice}`, { body: { quote_id: quote } });
    expect([refused.status, refused.body['errors']]).toMatchObject([422, [{ pointer: '/quote_id', code: 'unknown_field' }]]);
  });

  test('what is written meanwhile loses nothing of it, and on again everything is there', async () => {
    const state = async () => ({
      quote: (await get(`/quotes/${quote}?include=lines`)).body['data'],
      invoice: (await get(`/invoices/${invoice}?fields=quote_id`)).body['data'],
      count: (await get(`/accounts/${account}?fields=quote_count`)).body['data'],
      document: JSON.stringify((await get('/openapi.json')).body),
    });
    const before = await state();
    await flags.set('quotes', { enabled: false });
    const changed = await app.request('PATCH', `/invoices/${invoice}`, { body: { notes: 'meanwhile' } });
    expect(changed.status).toBe(200);
    await app.repository.create(app.context(), 'quotes', { name: 'By the engine', account_id: account });
    await flags.set('quotes', { enabled: true });
    const after = await state();
    expect(after).toEqual({ ...before, count: { ...(before.count as object), quote_count: 2 } });
    await app.knex.raw(`UPDATE crm_core.crm_quotes SET deleted_at = now() WHERE name = 'By the engine'`);
  });
});

describe('off for some', () => {
  const sees = async (token: string): Promise<readonly boolean[]> => {
    const [rest, query, document, meta, form] = await Promise.all([
      get('/quotes?limit=1', token),
      graphql('{ quotes(first: 1) { nodes { id } } }', token),
      get('/openapi.json', token),
      get('/meta', token),
      get('/meta/forms/quotes', token),
    ]);
    const { body } = meta;
    return [
      rest.status === 200,
      query.body['data']?.['quotes'] !== undefined,
      document.body['paths']?.['/quotes'] !== undefined,
      body['data']?.['entities']?.['quotes'] !== undefined,
      JSON.stringify(body['data']?.['app']).includes('"quotes"'),
      form.status === 200,
    ];
  };
  const [all, none] = [Array.from({ length: 6 }, () => true), Array.from({ length: 6 }, () => false)];
  let manager: Person;
  beforeAll(async () => {
    manager = await person(app, 'manager', 'manager');
  });

  test('by role', async () => {
    await flags.set('quotes', { roles: ['manager'] });
    expect([await sees(manager.token), await sees(rep.token)]).toEqual([all, none]);
  });

  test('by user, whatever the role says', async () => {
    const id = await flags.set('quotes', { roles: ['support'] });
    const target = await flags.target(id, { user_id: rep.id });
    expect([await sees(manager.token), await sees(rep.token)]).toEqual([none, all]);
    await app.request('DELETE', `/feature_flag_targets/${target}`);
    expect(await sees(rep.token)).toEqual(none);
  });

  test('by team', async () => {
    const team = await made('teams', { name: 'Pilots' });
    const pilot = await person(app, 'pilot', 'sales_rep');
    await made('team_members', { team_id: team, user_id: pilot.id, role: 'member' });
    const id = await flags.set('quotes', {});
    await flags.target(id, { team_id: team });
    // What is known of a session's user holds some seconds: this one signed in before, and is read after.
    const later = await person(app, 'later', 'sales_rep');
    await made('team_members', { team_id: team, user_id: later.id, role: 'member' });
    expect([await sees(pilot.token), await sees(later.token), await sees(rep.token)]).toEqual([all, all, none]);
  });

  test('by percentage: the same people at each look, and all who were in when it grows', async () => {
    const people = [rep, manager, ...(await Promise.all([1, 2, 3, 4, 5, 6].map((at) => person(app, `p${at}`, 'sales_rep'))))];
    const among = async (): Promise<readonly boolean[]> =>
      Promise.all(people.map(async ({ token }) => (await get('/quotes?limit=1', token)).status === 200));
    const looks: (readonly boolean[])[] = [];
    for (const percentage of [0, 25, 60, 100]) {
      await flags.set('quotes', { percentage });
      looks.push(await among());
      expect(await among()).toEqual(looks.at(-1));
    }
    expect(looks[0]).toEqual(people.map(() => false));
    expect(looks[3]).toEqual(people.map(() => true));
    for (const [at, look] of looks.slice(1).entries())
      for (const [who, was] of (looks[at] ?? []).entries()) expect(!was || look[who]).toBe(true);
  });

  test('by an API key: its owner is who counts, with the roles of the key', async () => {
    const key = await app.request('POST', '/auth/keys', { body: { name: 'robot', roles: ['admin'] } });
    const token = String(key.body['data']?.['key']);
    const id = await flags.set('quotes', { roles: ['manager'] });
    expect((await get('/quotes', token)).status).toBe(404);
    await flags.target(id, { user_id: app.adminId });
    expect((await get('/quotes', token)).status).toBe(200);
  });

  test('it answers those like one that does not exist, too', async () => {
    await flags.set('quotes', { roles: ['manager'] });
    for (const path of ['/quotes', `/quotes/${quote}`, '/meta/forms/quotes', '/accounts?include=quotes']) {
      const [off, missing] = [await get(path, rep.token), await get(path.replaceAll('quotes', 'qwzxqw'), rep.token)];
      expect(told(off)).toBe(told(missing, ['qwzxqw', 'quotes']));
    }
  });
});
