// Amounts of a document and its lines are in one currency, taken from the document: summed up exactly, never mixed.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Desk, openDesk, outcome, type Values } from './support/desk.ts';
import { changedLedger } from './support/ledger.ts';
import { entity } from './support/workshop.ts';

const paid = { type: 'money', currencyFrom: 'bill.currency' };
const worked = (expression: string, currencyFrom: string) => ({ type: 'formula', returns: 'money', expression, currencyFrom });
const registry = changedLedger((entities) => [
  ...entities,
  entity(
    'bills',
    'bill',
    {
      name: { type: 'text' },
      currency: { type: 'currency', default: 'EUR' },
      shipping: { type: 'money', currencyFrom: 'currency' },
      discount: { type: 'percent' },
      subtotal: {
        type: 'rollup',
        relation: 'items',
        function: 'sum',
        field: 'amount',
        returns: 'money',
        currencyFrom: 'currency',
      },
      dearest: {
        type: 'rollup',
        relation: 'items',
        function: 'max',
        field: 'amount',
        returns: 'money',
        currencyFrom: 'currency',
      },
      total: worked('ROUND(subtotal * (100 - COALESCE(discount, 0)) / 100, 2) + COALESCE(shipping, 0)', 'currency'),
    },
    { operations: ['create', 'read', 'update', 'delete', 'restore', 'purge', 'merge'] },
  ),
  entity(
    'items',
    'item',
    {
      name: { type: 'text' },
      quantity: { type: 'decimal', default: '1' },
      price: paid,
      amount: worked('quantity * price', 'bill.currency'),
    },
    { relations: { bill: { entity: 'bills', field: 'bill_id', inverse: 'items', onDelete: 'cascade' } } },
  ),
]);

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk([], registry, registry);
});
afterAll(() => desk.stop());

const update = (name: string, id: string, values: Values) => desk.repository.update(desk.me, name, id, values);
const bill = (currency: string, more: Values = {}) => desk.create('bills', { currency, ...more });
const item = (bill_id: string, price: string, quantity = '1') => desk.create('items', { bill_id, price, quantity });

describe('lines', () => {
  test('are in the currency of their document, and add up to it without any rate', async () => {
    const id = await bill('CHF', { discount: '10', shipping: '4.5' });
    const first = await item(id, '19.95', '3');
    await item(id, '0.1');
    expect(await desk.read('items', first)).toMatchObject({ price_currency: 'CHF', amount: '59.85', amount_currency: 'CHF' });
    expect(await desk.read('bills', id)).toMatchObject({
      ...{ subtotal: '59.95', subtotal_currency: 'CHF', dearest: '59.85', shipping_currency: 'CHF' },
      ...{ total: '58.46', total_currency: 'CHF' },
    });
    await update('items', first, { quantity: '1' });
    expect(await desk.read('bills', id)).toMatchObject({ subtotal: '20.05', total: '22.55' });
  });

  test('are rounded to what can be paid in it', async () => {
    const yen = await bill('JPY', { discount: '7' });
    const one = await item(yen, '333', '1.5');
    expect(await desk.read('items', one)).toMatchObject({ amount: '500.00', amount_currency: 'JPY' });
    expect(await desk.read('bills', yen)).toMatchObject({ subtotal: '500.00', total: '465.00' });
    expect(await outcome(item(yen, '0.5'))).toBe('validation_failed · /price minor_units');
    expect(await outcome(bill('JPY', { shipping: '0.5' }))).toBe('validation_failed · /shipping minor_units');
  });

  test('take no currency of their own, and none that is another than their amount was in', async () => {
    const [francs, euros] = [await bill('CHF'), await bill('EUR')];
    expect(await outcome(desk.create('items', { bill_id: francs, price: '1', price_currency: 'USD' }))).toBe(
      'validation_failed · /price_currency read_only',
    );
    const line = await item(francs, '10');
    expect(await outcome(update('items', line, { bill_id: euros }))).toContain('/bill_id currency');
    expect(await outcome(update('items', line, { bill_id: null }))).toContain('/bill_id currency');
    await update('items', line, { bill_id: await bill('CHF') });
    expect(await desk.read('bills', francs)).toMatchObject({ subtotal: '0.00', dearest: null });
    const unpriced = await desk.create('items', { bill_id: francs });
    await update('items', unpriced, { bill_id: euros });
    expect(await desk.read('items', unpriced)).toMatchObject({ price: null, price_currency: 'EUR' });
  });
});

describe('the currency of a document', () => {
  test('stays while there are amounts in it, deleted ones aside', async () => {
    const id = await bill('CHF');
    const line = await item(id, '10');
    expect(await outcome(update('bills', id, { currency: 'EUR' }))).toBe('validation_failed · /currency in_use');
    await desk.repository.remove(desk.me, 'items', line);
    await update('bills', id, { currency: 'EUR' });
    expect(await desk.read('bills', id)).toMatchObject({ subtotal: '0.00', subtotal_currency: 'EUR' });
    expect(await outcome(desk.repository.restore(desk.me, 'items', line))).toContain('validation_failed');
  });

  test('and the lines stay one, however many write at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await bill('CHF');
      const added = Array.from({ length: 8 }, () => item(id, '1.1'));
      const changed = update('bills', id, { currency: 'EUR' });
      await Promise.allSettled([...added, changed]);
      const { currency, subtotal } = await desk.read('bills', id);
      const lines = await desk.sql('SELECT price_currency, amount_currency FROM workshop.ws_items WHERE bill_id = ?', id);
      expect(subtotal).toBe((1.1 * lines.length).toFixed(2));
      expect(new Set(lines.flatMap((line) => [line['price_currency'], line['amount_currency']]))).toEqual(new Set([currency]));
    }
  });

  test('is no reason to merge documents of two', async () => {
    const [francs, euros] = [await bill('CHF'), await bill('EUR')];
    await item(francs, '10');
    await item(euros, '10');
    expect(await outcome(desk.repository.merge(desk.me, 'bills', francs, { records: [euros] }))).toContain('validation_failed');
    expect(await desk.read('bills', francs)).toMatchObject({ subtotal: '10.00' });
  });
});
