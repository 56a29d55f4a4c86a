// The northwind set: national phone numbers read in the country of their row, in 21 countries.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { dataFile, imports } from './import-support.ts';

const present = dataFile('northwind/customers.csv') !== undefined;

describe('the northwind set', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  (present ? test : test.skip)('reads national phone numbers in the country of their row', async () => {
    const { rejects, ...totals } = await imports(app, 'imp_northwind_customers', {
      path: dataFile('northwind/customers.csv') ?? '',
    });
    expect(totals).toMatchObject({ read: 91, accepted: 91, rejected: 0, created: 91 });
    const rows = await app.knex
      .withSchema('crm_core')
      .from('crm_accounts')
      .select('external_id', 'phone', 'billing_address_country');
    expect(new Set(rows.map((row) => row.billing_address_country)).size).toBe(21);
    const of = (id: string) => rows.find((row) => row.external_id === id);
    expect(of('ALFKI')).toMatchObject({ billing_address_country: 'DE', phone: '+49300074321' });
    expect(rejects.every(({ field, rowRejected }) => (field === 'phone' || field === 'fax') && !rowRejected)).toBe(true);
    const kept = rows.filter((row) => row.phone !== null).length;
    expect(kept + rejects.filter(({ field }) => field === 'phone').length).toBe(91);
  });

  (present ? test : test.skip)(
    'brings orders and their lines to the customers and products, and sums them up',
    async () => {
      for (const [mapping, file, rows, unreadable] of [
        ['imp_northwind_categories', 'categories', 8, []],
        ['imp_northwind_products', 'products', 77, []],
        ['imp_northwind_contacts', 'customers', 91, ['phone', 'fax']],
        ['imp_northwind_orders', 'orders', 830, []],
        ['imp_northwind_order_details', 'order_details', 2155, []],
      ] as const) {
        const { rejects, ...totals } = await imports(app, mapping, { path: dataFile(`northwind/${file}.csv`) ?? '' });
        expect({ mapping, ...totals }).toMatchObject({ mapping, read: rows, created: rows, rejected: 0 });
        // Numbers of the nineties, or made up: none of them can be called today. All else is taken.
        expect(new Set(rejects.map(({ field }) => field))).toEqual(new Set(unreadable));
      }
    },
    300_000,
  );
});
