// Figures by groups over REST and GraphQL: the same as adding up what a list gives, by rights, periods and currencies.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newPerson } from '../auth/support/people.ts';
import { type Answer, startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let account: string;
const deals = [
  { stage: 'closed_won', amount: '100.10', close_date: '2026-01-31', source: 'event' },
  { stage: 'closed_won', amount: '200.20', close_date: '2026-02-01', amount_currency: 'EUR', source: 'event' },
  { stage: 'prospecting', amount: '0.05', close_date: '2026-02-28', source: 'referral' },
  { stage: 'prospecting', close_date: '2026-12-31' },
];

beforeAll(async () => {
  app = await startTestApp();
  const rate = { from_currency: 'EUR', to_currency: 'USD', rate: '1.1', valid_from: '2020-01-01' };
  await app.request('POST', '/exchange_rates', { body: rate });
  account = String((await app.request('POST', '/accounts', { body: { name: 'Acme' } })).body['data']?.['id']);
  const body = deals.map((deal, at) => ({ name: `Deal ${at}`, account_id: account, ...deal }));
  expect((await app.request('POST', '/opportunities', { body })).status).toBe(201);
});
afterAll(() => app.stop());

const ask = (query: string, token?: string): Promise<Answer> =>
  app.request('GET', `/opportunities/aggregate?${query}`, token === undefined ? {} : { token });
const data = async (query: string): Promise<unknown> => {
  const { status, body } = await ask(query);
  expect([status, body['errors']]).toEqual([200, undefined]);
  return body['data'];
};
const findings = async (query: string) => {
  const { status, body } = await ask(query);
  return [status, [...(body['errors'] ?? [])].map((error) => `${error['pointer']} ${error['code']}`)];
};

describe('figures', () => {
  test('of all records, and by groups in their order', async () => {
    expect(await data('')).toEqual([{ group: {}, count: 4 }]);
    expect(await data('groupBy=stage&count=*,amount&min=close_date&max=close_date')).toEqual([
      {
        ...{ group: { stage: 'closed_won' }, count: 2, countOf: { amount: 2 } },
        ...{ min: { close_date: '2026-01-31' }, max: { close_date: '2026-02-01' } },
      },
      {
        ...{ group: { stage: 'prospecting' }, count: 2, countOf: { amount: 1 } },
        ...{ min: { close_date: '2026-02-28' }, max: { close_date: '2026-12-31' } },
      },
    ]);
    expect(await data('groupBy=source&sort=-count,source')).toEqual([
      { group: { source: 'event' }, count: 2 },
      { group: { source: 'referral' }, count: 1 },
      { group: { source: null }, count: 1 },
    ]);
  });

  test('of money are in the base currency, or in each by itself', async () => {
    const { body } = await ask('groupBy=stage&sum=amount&avg=amount&sort=-sum(amount)');
    expect(body).toMatchObject({
      data: [
        { group: { stage: 'closed_won' }, sum: { amount: '320.32' }, avg: { amount: '160.1600' } },
        { group: { stage: 'prospecting' }, sum: { amount: '0.05' } },
      ],
      currencies: { amount: 'USD' },
    });
    const apart = await ask('groupBy=amount_currency&sum=amount');
    expect(apart.body['data']).toEqual([
      { group: { amount_currency: 'EUR' }, sum: { amount: '200.20' } },
      { group: { amount_currency: 'USD' }, sum: { amount: '100.15' } },
      { group: { amount_currency: null }, sum: { amount: null } },
    ]);
    expect(apart.body['currencies']).toBeUndefined();
    expect(await findings('sum=budget')).toEqual([400, ['?sum currencies']]);
    const sums = await app.request('GET', '/accounts/aggregate?sum=won_value');
    expect(sums.body).toMatchObject({ data: [{ sum: { won_value: '320.32' } }], currencies: { won_value: 'USD' } });
  });

  test('by periods of dates and times, which begin where the reader is', async () => {
    const groups = async (query: string) =>
      ((await data(query)) as { group: Record<string, unknown>; count: number }[]).map(({ group, count }) => [
        ...Object.values(group),
        count,
      ]);
    expect(await groups('groupBy=month(close_date)')).toEqual([
      ['2026-01', 1],
      ['2026-02', 2],
      ['2026-12', 1],
    ]);
    expect(await groups('groupBy=quarter(close_date),stage')).toEqual([
      ['2026-Q1', 'closed_won', 2],
      ['2026-Q1', 'prospecting', 1],
      ['2026-Q4', 'prospecting', 1],
    ]);
    expect(await groups('groupBy=week(close_date)&limit=2')).toEqual([
      ['2026-W05', 2],
      ['2026-W09', 1],
    ]);
    expect(await groups('groupBy=weekday(close_date)')).toEqual([
      ['4', 1],
      ['6', 2],
      ['7', 1],
    ]);
    expect(await groups('groupBy=year(close_date)')).toEqual([['2026', 4]]);
    await app.knex.raw(`UPDATE crm_core.crm_opportunities SET created_at = '2026-03-31T23:30:00Z' WHERE name = 'Deal 0'`);
    const when = 'name[eq]=Deal 0&groupBy=day(created_at),hour(created_at)';
    expect(await groups(when)).toEqual([['2026-03-31', '2026-03-31T23', 1]]);
    expect(await groups(`${when}&timeZone=Europe/Berlin`)).toEqual([['2026-04-01', '2026-04-01T01', 1]]);
  });

  test('by what records refer to come with the names of these, by filters and search like a list', async () => {
    const { body } = await ask('groupBy=account_id&close_date[gte]=2026-02-01&account.name[eq]=Acme');
    expect(body).toMatchObject({ data: [{ group: { account_id: account }, count: 3 }], names: { [account]: 'Acme' } });
    const filter = encodeURIComponent(JSON.stringify({ not: { fact: 'stage', operator: 'equal', value: 'closed_won' } }));
    expect(await data(`filter=${filter}&name[contains]=Deal`)).toEqual([{ group: {}, count: 2 }]);
    expect(await data('q=deal')).toEqual([{ group: {}, count: 4 }]);
    const gone = await app.request('POST', '/opportunities', { body: { name: 'Gone', account_id: account } });
    await app.request('DELETE', `/opportunities/${gone.body['data']?.['id']}`);
    expect([await data('deleted=only'), await data('')]).toEqual([[{ group: {}, count: 1 }], [{ group: {}, count: 4 }]]);
  });

  test('are of as many groups as are asked for, and tell that there are more', async () => {
    const { body } = await ask('groupBy=name&limit=3');
    expect([(body['data'] as unknown as unknown[]).length, body['page']]).toEqual([3, { limit: 3, hasNext: true }]);
    expect((await ask('groupBy=name&limit=4')).body['page']).toEqual({ limit: 4, hasNext: false });
  });

  test('are refused with a word on each mistake', async () => {
    expect(await findings('groupBy=stag')).toEqual([400, ['?groupBy unknown_field']]);
    expect((await ask('groupBy=stag')).body['errors']?.[0]?.['detail']).toContain('Did you mean "stage"?');
    expect(await findings('groupBy=tags&sum=name&sort=-sum(amount)&limit=0&colour=red&timeZone=Mars')).toEqual([
      400,
      [
        '?colour unknown_parameter',
        '?groupBy unknown_field',
        '?sum unknown_field',
        '?sort unknown_field',
        '?limit range',
        '?timeZone time_zone',
      ],
    ]);
    expect(await findings('groupBy=hour(close_date),fortnight(close_date),month(stage)')).toEqual([
      400,
      ['?groupBy period', '?groupBy unknown_period', '?groupBy period'],
    ]);
    expect(await findings('groupBy=a,b,c,d,e')).toMatchObject([400, expect.arrayContaining(['?groupBy unknown_field'])]);
    expect(await findings('sum=amount&sum=amount')).toEqual([400, ['?sum repeated']]);
    expect(await findings('filter={&stage=closed_won')).toEqual([400, ['?filter malformed_json', '?stage unknown_parameter']]);
    expect((await app.request('GET', '/nothing/aggregate')).status).toBe(404);
  });

  test('count only what the caller may read, and nothing of what is closed to them', async () => {
    const rep = await newPerson(app, ['sales_rep']);
    const token = await rep.token();
    expect((await ask('', token)).body['data']).toEqual([{ group: {}, count: 0 }]);
    await app.request('POST', '/opportunities', { body: { name: 'Own', account_id: account, owner_id: rep.id, amount: '5' } });
    expect((await ask('groupBy=account_id&sum=amount', token)).body).toEqual({
      data: [{ group: { account_id: account }, sum: { amount: '5.00' } }],
      page: { limit: 100, hasNext: false },
      currencies: { amount: 'USD' },
    });
    const support = await (await newPerson(app, ['support'])).token();
    for (const query of ['sum=amount', 'min=expected_revenue', 'count=amount', 'groupBy=amount']) {
      const closed = await ask(query, support);
      const never = await ask(query.replace(/=.*/, '=never_was'), support);
      expect([closed.status, JSON.stringify(closed.body['errors']).replace(/amount|expected_revenue/g, 'never_was')]).toEqual([
        400,
        JSON.stringify(never.body['errors']),
      ]);
    }
  });

  test('are the same over GraphQL', async () => {
    const query = `{ opportunitiesAggregate(filter: { stage: { eq: "closed_won" } }, groupBy: ["stage", "month(close_date)"], count: ["*"], sum: ["amount"], sort: "-sum(amount)") {
      groups { group count sum } hasNext currencies } }`;
    const { body } = await app.request('POST', '/graphql', { body: { query } });
    expect(body['errors']).toBeUndefined();
    expect(body['data']?.['opportunitiesAggregate']).toEqual({
      groups: [
        { group: { stage: 'closed_won', 'month(close_date)': '2026-02' }, count: 1, sum: { amount: '220.22' } },
        { group: { stage: 'closed_won', 'month(close_date)': '2026-01' }, count: 1, sum: { amount: '100.10' } },
      ],
      hasNext: false,
      currencies: { amount: 'USD' },
    });
    const wrong = await app.request('POST', '/graphql', {
      body: { query: '{ opportunitiesAggregate(groupBy: ["stag"]) { hasNext } }' },
    });
    expect(wrong.body['errors']?.[0]?.['extensions']).toMatchObject({ code: 'invalid_query', errors: [{ pointer: '/groupBy' }] });
  });
});
