// The figures of the application over HTTP: from the lines of a deal to what its account still owes, in two currencies.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newPerson } from '../auth/support/people.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let account: string;
beforeAll(async () => {
  app = await startTestApp();
  await made('exchange_rates', { from_currency: 'EUR', to_currency: 'USD', rate: '1.25', valid_from: '2020-01-01' });
  account = await made('accounts', { name: 'Acme' });
});
afterAll(() => app.stop());

const made = async (entity: string, body: object): Promise<string> => {
  const answer = await app.request('POST', `/${entity}`, { body });
  expect([entity, answer.status, answer.body['errors']]).toEqual([entity, 201, undefined]);
  return String(answer.body['data']?.['id']);
};
const changed = async (path: string, body: object): Promise<void> => {
  const answer = await app.request('PATCH', path, { body });
  expect([path, answer.status, answer.body['errors']]).toEqual([path, 200, undefined]);
};
const read = async (path: string): Promise<Readonly<Record<string, unknown>>> =>
  (await app.request('GET', path)).body['data'] as Readonly<Record<string, unknown>>;
const refusal = async (method: string, path: string, body: object) => {
  const answer = await app.request(method, path, { body });
  return [answer.status, [...(answer.body['errors'] ?? [])].map((error) => `${error['pointer']} ${error['code']}`)];
};

describe('the figures', () => {
  test('of deals are weighted, and come together on their account in the base currency', async () => {
    const deal = { account_id: account, close_date: '2030-01-01' };
    const euros = await made('opportunities', {
      ...{ ...deal, name: 'Euros', amount: '1000', amount_currency: 'EUR', probability: '20' },
    });
    await made('opportunities', { ...deal, name: 'Dollars', amount: '100.10', probability: '50' });
    expect(await read(`/opportunities/${euros}`)).toMatchObject({
      ...{
        amount_base: '1250.00',
        expected_revenue: '200.00',
        expected_revenue_currency: 'EUR',
        expected_revenue_base: '250.00',
      },
    });
    expect(await read(`/accounts/${account}`)).toMatchObject({
      ...{ open_opportunities: 2, pipeline_value: '1350.10', pipeline_value_currency: 'USD', weighted_pipeline: '300.05' },
      ...{ won_opportunities: 0, won_value: '0.00', last_won_on: null },
    });
    await changed(`/opportunities/${euros}`, { stage: 'closed_won', probability: '100' });
    expect(await read(`/accounts/${account}`)).toMatchObject({
      ...{
        open_opportunities: 1,
        pipeline_value: '100.10',
        won_opportunities: 1,
        won_value: '1250.00',
        last_won_on: '2030-01-01',
      },
    });
  });

  test('of a quote follow its lines, their discounts and taxes, and the discount on the whole', async () => {
    const quote = await made('quotes', { name: 'Offer', account_id: account, currency: 'EUR', shipping_total: '9.90' });
    const line = { quote_id: quote, tax_rate: '19' };
    await made('quote_lines', { ...line, quantity: '3', unit_price: '33.3333', discount: '10' });
    await made('quote_lines', { ...line, quantity: '1', unit_price: '50' });
    const extra = await made('quote_lines', { ...line, quantity: '1', unit_price: '1000', optional: true });
    expect(await read(`/quotes/${quote}`)).toMatchObject({
      ...{ lines_count: 3, subtotal: '140.00', subtotal_currency: 'EUR', lines_tax: '26.6000', discount_total: '0.00' },
      ...{ tax_total: '26.60', total: '176.50', total_currency: 'EUR', total_base: '220.63' },
    });
    await changed(`/quotes/${quote}`, { discount: '5' });
    expect(await read(`/quotes/${quote}`)).toMatchObject({ discount_total: '7.00', tax_total: '25.27', total: '168.17' });
    await changed(`/quote_lines/${extra}`, { optional: false });
    expect(await read(`/quotes/${quote}`)).toMatchObject({ subtotal: '1140.00', total: '1298.67' });
    expect(await refusal('PATCH', `/quotes/${quote}`, { currency: 'USD' })).toEqual([422, ['/currency in_use']]);
    expect(await refusal('PATCH', `/quotes/${quote}`, { total: '1' })).toEqual([422, ['/total read_only']]);
    const empty = await made('quotes', { name: 'Empty', account_id: account });
    expect(await refusal('PATCH', `/quotes/${empty}`, { status: 'sent' })).toEqual([422, ['/status sent_with_lines']]);
  });

  test('of an invoice tell what is paid and what is left, on the account in the base currency', async () => {
    const invoice = await made('invoices', {
      ...{ account_id: account, currency: 'EUR', status: 'overdue', invoice_date: '2026-01-10', due_date: '2026-02-10' },
    });
    await made('invoice_lines', { invoice_id: invoice, quantity: '2', unit_price: '50', tax_rate: '20' });
    const payment = { account_id: account, invoice_id: invoice };
    const first = await made('payments', { ...payment, amount: '70', status: 'succeeded', paid_on: '2026-02-01' });
    await made('payments', { ...payment, amount: '50', status: 'failed' });
    expect(await read(`/invoices/${invoice}`)).toMatchObject({
      ...{
        subtotal: '100.00',
        tax_total: '20.00',
        total: '120.00',
        amount_paid: '70.00',
        balance: '50.00',
        balance_base: '62.50',
      },
    });
    expect(await read(`/accounts/${account}`)).toMatchObject({ open_balance: '62.50', overdue_balance: '62.50' });
    await changed(`/payments/${first}`, { status: 'partially_refunded', refunded: '20' });
    expect(await read(`/invoices/${invoice}`)).toMatchObject({ amount_paid: '50.00', balance: '70.00' });
    await changed(`/invoices/${invoice}`, { discount_total: '10' });
    expect(await read(`/invoices/${invoice}`)).toMatchObject({ tax_total: '18.00', total: '108.00', balance: '58.00' });
    expect(await refusal('PATCH', `/invoices/${invoice}`, { discount_total: '101' })).toEqual([
      422,
      ['/discount_total discount_within_subtotal'],
    ]);
    await changed(`/invoices/${invoice}`, { status: 'void', void_reason: 'Wrong address' });
    expect(await read(`/accounts/${account}`)).toMatchObject({ open_balance: '0.00', overdue_balance: '0.00' });
  });

  test('of subscriptions are per month and year while they run, and lost when they end', async () => {
    const subscription = await made('subscriptions', {
      ...{ name: 'Seats', account_id: account, quantity: '10', unit_price: '120', unit_price_currency: 'EUR', discount: '10' },
      ...{ billing_period: 'yearly', status: 'active', start_date: '2026-01-01' },
    });
    expect(await read(`/subscriptions/${subscription}`)).toMatchObject({
      ...{ monthly_price: '90.00', mrr: '90.00', arr: '1080.00', arr_currency: 'EUR', churned_mrr: '0.00' },
    });
    expect(await read(`/accounts/${account}`)).toMatchObject({ active_subscriptions: 1, mrr: '112.50', arr: '1350.00' });
    await changed(`/subscriptions/${subscription}`, {
      ...{ status: 'cancelled', cancelled_on: '2026-06-01', cancellation_reason: 'price' },
    });
    expect(await read(`/subscriptions/${subscription}`)).toMatchObject({ mrr: '0.00', churned_mrr: '90.00' });
    expect(await read(`/accounts/${account}`)).toMatchObject({ active_subscriptions: 0, mrr: '0.00', arr: '0.00' });
  });

  test('of a campaign tell its response and its return', async () => {
    const campaign = await made('campaigns', { name: 'Spring', actual_cost: '500', actual_cost_currency: 'EUR' });
    for (const status of ['sent', 'responded', 'attended', 'bounced']) {
      const contact_id = await made('contacts', { last_name: status });
      await made('campaign_members', { campaign_id: campaign, contact_id, status });
    }
    await made('opportunities', {
      ...{
        name: 'Won',
        account_id: account,
        campaign_id: campaign,
        amount: '2500',
        stage: 'closed_won',
        close_date: '2026-03-01',
      },
    });
    expect(await read(`/campaigns/${campaign}`)).toMatchObject({
      ...{ members_count: 4, responded_count: 2, response_rate: '50.00', cost_per_response: '250.00', won_value: '2500.00' },
      ...{ opportunities_count: 1, roi: '300.00' },
    });
  });

  test('that tell of records of others are not shown to who may not read all of them, unless their role says so', async () => {
    const rep = await newPerson(app, ['sales_rep']);
    await changed(`/accounts/${account}`, { owner_id: rep.id });
    const { body } = await app.request('GET', `/accounts/${account}`, { token: await rep.token() });
    expect(body['data']).toMatchObject({ contacts_count: 0, open_opportunities: 1, open_tickets: 0 });
    for (const closed of ['pipeline_value', 'won_value', 'mrr', 'open_balance']) expect(body['data']).not.toHaveProperty(closed);
    const sorted = await app.request('GET', '/accounts?sort=-won_value', { token: await rep.token() });
    expect(sorted.status).toBe(400);
  });
});
