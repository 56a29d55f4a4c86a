// Roll-ups and formulas are exact at every commit: whatever is written, moved, deleted, brought back, and however many do it at once.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Desk, openDesk, outcome, type Values } from './support/desk.ts';
import { ledgerRegistry } from './support/ledger.ts';

let desk: Desk;
let customer: string;
beforeAll(async () => {
  desk = await openDesk([], ledgerRegistry(), ledgerRegistry());
});
afterAll(() => desk.stop());
beforeEach(async () => {
  customer = await desk.create('customers', { name: 'C' });
});

const update = (entity: string, id: string, values: Values) => desk.repository.update(desk.me, entity, id, values);
const remove = (entity: string, id: string) => desk.repository.remove(desk.me, entity, id);
const restore = (entity: string, id: string) => desk.repository.restore(desk.me, entity, id);
const sums = (id = customer) => desk.read('customers', id);

describe('a formula', () => {
  test('is there at once, follows every write, and is held to the rules', async () => {
    const line = await desk.create('lines', { quantity: 3, price: '0.1' });
    expect(await desk.read('lines', line)).toMatchObject({ total: '0.3000', version: 1 });
    await update('lines', line, { quantity: 7 });
    expect(await desk.read('lines', line)).toMatchObject({ total: '0.7000', version: 2 });
    await update('lines', line, { price: null });
    expect((await desk.read('lines', line))['total']).toBeNull();
    expect(await outcome(update('lines', line, { price: '-1' }))).toBe('validation_failed · /price not_below_zero');
  });

  test('may name a number that is only given with the record, is cut to its length, and names the record', async () => {
    const order = await desk.create('orders', { name: 'A rather long name of an order' });
    const { number, title, display_name } = await desk.read('orders', order);
    expect(title).toBe(`${String(number)}: A rather long`.slice(0, 20));
    expect(display_name).toBe(title);
  });

  test('cannot be set, not even by a workflow', async () => {
    expect(await outcome(desk.create('lines', { total: '1' }))).toBe('validation_failed · /total read_only');
    expect(await outcome(desk.create('lines', { total: '1' }, { ...desk.me, source: 'workflow' }))).toBe(
      'validation_failed · /total read_only',
    );
  });

  test('that would be too large for its field refuses the write with a pointer', async () => {
    expect(await outcome(desk.create('lines', { quantity: 2_000_000_000, price: '999999999999' }))).toBe(
      'validation_failed · /total out_of_range',
    );
  });

  test('filters, sorts and is told of in the audit log', async () => {
    const line = await desk.create('lines', { quantity: 2, price: '50.5' });
    const found = await desk.list('lines', `total[eq]=101&sort=-total`);
    expect(found.data.map(({ id }) => id)).toContain(line);
    await update('lines', line, { quantity: 4 });
    const [row] = await desk.sql(`SELECT changes FROM workshop.ws_auditlog WHERE record_id = ? AND operation = 'update'`, line);
    expect(row?.['changes']).toEqual({ quantity: { before: 2, after: 4 }, total: { before: '101.0000', after: '202.0000' } });
  });
});

describe('a roll-up', () => {
  test('begins at zero, or at nothing', async () => {
    expect(await sums()).toMatchObject({
      orders_count: 0,
      turnover: '0.0000',
      average: null,
      first_due: null,
      points: '0.0000',
      billed: '0.00',
      billed_currency: 'EUR',
      rank: 'none',
    });
  });

  test('follows creates, updates, filters, deletes, restores and moves, up through formulas and other roll-ups', async () => {
    const other = await desk.create('customers');
    const order = await desk.create('orders', { customer_id: customer, due: '2026-01-10', state: 'paid', discount: '10' });
    const line = await desk.create('lines', { order_id: order, quantity: 2, price: '1000' });
    const second = await desk.create('lines', { order_id: order, quantity: 1, price: '0.5' });
    expect(await desk.read('orders', order)).toMatchObject({ lines_total: '2000.5000', total: '1800.4500', version: 1 });
    expect(await sums()).toMatchObject({
      orders_count: 1,
      open_count: 0,
      turnover: '1800.4500',
      average: '1800.4500',
      rank: 'gold',
      version: 1,
    });
    await update('lines', line, { quantity: 1 });
    expect(await sums()).toMatchObject({ turnover: '900.4500', rank: 'blue' });
    await remove('lines', second);
    expect(await sums()).toMatchObject({ turnover: '900.0000' });
    await restore('lines', second);
    await update('orders', order, { state: 'open' });
    expect(await sums()).toMatchObject({ turnover: '0.0000', open_count: 1, average: '900.4500' });
    await update('orders', order, { customer_id: other, state: 'paid' });
    expect(await sums()).toMatchObject({ orders_count: 0, open_count: 0, average: null, first_due: null });
    expect(await sums(other)).toMatchObject({ orders_count: 1, turnover: '900.4500', first_due: '2026-01-10' });
    // The lines go and come with their order.
    await remove('orders', order);
    expect(await sums(other)).toMatchObject({ orders_count: 0, turnover: '0.0000' });
    await restore('orders', order);
    expect(await sums(other)).toMatchObject({ orders_count: 1, turnover: '900.4500' });
    expect(await desk.read('orders', order)).toMatchObject({ lines_total: '1000.5000' });
    await remove('lines', second);
    await desk.repository.purge(desk.me, 'lines', second);
    expect(await desk.read('orders', order)).toMatchObject({ lines_total: '1000.0000' });
  });

  test('of a deleted parent goes on, and is right when that comes back', async () => {
    const order = await desk.create('orders', { customer_id: customer });
    const line = await desk.create('lines', { order_id: order, price: '5' });
    await remove('customers', customer);
    await update('lines', line, { price: '6' });
    await restore('customers', customer);
    expect(await sums()).toMatchObject({ orders_count: 1, average: '6.0000' });
  });

  test('keeps the earliest and the latest when the one that was it changes, goes or comes', async () => {
    const due = (value: string | null) => desk.create('orders', { customer_id: customer, due: value });
    const first = await due('2026-03-01');
    const second = await due('2026-02-01');
    await due(null);
    expect(await sums()).toMatchObject({ first_due: '2026-02-01', last_due: '2026-03-01' });
    await update('orders', second, { due: '2026-02-15' });
    expect(await sums()).toMatchObject({ first_due: '2026-02-15' });
    await remove('orders', first);
    expect(await sums()).toMatchObject({ first_due: '2026-02-15', last_due: '2026-02-15' });
    await remove('orders', second);
    expect(await sums()).toMatchObject({ first_due: null, last_due: null, orders_count: 1 });
    await restore('orders', first);
    expect(await sums()).toMatchObject({ first_due: '2026-03-01', last_due: '2026-03-01' });
  });

  test('over links counts each record once, and follows the link as well as what it leads to', async () => {
    const badge = await desk.create('badges', { points: '5' });
    const link = await desk.create('wearings', { customer_id: customer, badge_id: badge });
    await desk.create('wearings', { customer_id: customer, badge_id: badge });
    expect(await sums()).toMatchObject({ points: '5.0000', badges_count: 1 });
    await update('badges', badge, { points: '7.5' });
    expect(await sums()).toMatchObject({ points: '7.5000' });
    await remove('wearings', link);
    expect(await sums()).toMatchObject({ points: '7.5000' });
    await remove('badges', badge);
    expect(await sums()).toMatchObject({ points: '0.0000', badges_count: 0 });
    await restore('badges', badge);
    expect(await sums()).toMatchObject({ points: '7.5000', badges_count: 1 });
  });

  test('over records of any kind counts those of its own', async () => {
    const order = await desk.create('orders', {});
    const remark = await desk.create('remarks', { about_type: 'customers', about_id: customer, loud: true });
    await desk.create('remarks', { about_type: 'customers', about_id: customer, loud: false });
    await desk.create('remarks', { about_type: 'orders', about_id: order, loud: true });
    expect(await sums()).toMatchObject({ remarks_count: 1 });
    await update('remarks', remark, { about_type: 'orders', about_id: order });
    expect(await sums()).toMatchObject({ remarks_count: 0 });
  });

  test('adds amounts in the base currency, by the rate of their day; without a rate they are left out', async () => {
    const rate = (valid_from: string, value: string) =>
      desk.repository.create(desk.me, 'exchange_rates', { from_currency: 'USD', to_currency: 'EUR', rate: value, valid_from });
    await rate('2026-01-01', '0.9');
    await rate('2026-02-01', '0.8');
    const fee = (amount: string, currency: string, due: string) =>
      desk.create('orders', { customer_id: customer, fee: amount, fee_currency: currency, due });
    await fee('100', 'EUR', '2026-01-15');
    const dollars = await fee('100', 'USD', '2026-01-31');
    await fee('100', 'USD', '2026-02-01');
    const pounds = await fee('100', 'GBP', '2026-02-01');
    expect(await desk.read('orders', dollars)).toMatchObject({ fee: '100.00', fee_currency: 'USD', fee_base: '90.00' });
    expect((await desk.read('orders', pounds))['fee_base']).toBeNull();
    expect(await sums()).toMatchObject({ billed: '270.00', billed_currency: 'EUR' });
    await update('orders', dollars, { due: '2025-12-31' });
    expect(await sums()).toMatchObject({ billed: '180.00' });
  });

  test('of what is merged is that of both, and comes apart again', async () => {
    const other = await desk.create('customers', { name: 'Other' });
    const badge = await desk.create('badges', { points: '5' });
    await desk.create('wearings', { customer_id: other, badge_id: badge });
    for (const [id, price] of [
      [customer, '1'],
      [other, '2'],
    ] as const) {
      const order = await desk.create('orders', { customer_id: id, state: 'paid' });
      await desk.create('lines', { order_id: order, price });
    }
    const before = [await sums(), await sums(other)].map(({ turnover, orders_count, points }) => [
      turnover,
      orders_count,
      points,
    ]);
    await desk.repository.merge(desk.me, 'customers', customer, { records: [other] });
    expect(await sums()).toMatchObject({ turnover: '3.0000', orders_count: 2, points: '5.0000' });
    await desk.repository.unmerge(desk.me, 'customers', customer);
    expect(
      [await sums(), await sums(other)].map(({ turnover, orders_count, points }) => [turnover, orders_count, points]),
    ).toEqual(before);
  });

  test('is read as it stands inside of the transaction that changes it', async () => {
    const order = await desk.create('orders', {});
    await desk.repository.transaction(desk.me, async (inner) => {
      await desk.create('lines', { order_id: order, price: '5' }, inner);
      expect(await desk.read('orders', order, '', inner)).toMatchObject({ total: '5.0000' });
      await desk.create('lines', { order_id: order, price: '6' }, inner);
      expect((await desk.list('orders', `id[eq]=${order}`, inner)).data[0]).toMatchObject({ total: '11.0000' });
    });
    expect(await desk.read('orders', order)).toMatchObject({ total: '11.0000' });
  });

  test('of a write that is undone is undone with it', async () => {
    const order = await desk.create('orders', {});
    const undone = desk.repository.transaction(desk.me, async (inner) => {
      await desk.create('lines', { order_id: order, price: '5' }, inner);
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    expect(await desk.read('orders', order)).toMatchObject({ total: '0.0000' });
  });
});

describe('a hundred writers at once', () => {
  /** What the database says when it is asked anew. */
  async function expectExact(): Promise<void> {
    const wrong = await desk.sql(`SELECT o.id FROM workshop.ws_orders o
      WHERE o.lines_total IS DISTINCT FROM (SELECT coalesce(sum(l.total), 0) FROM workshop.ws_lines l WHERE l.order_id = o.id AND l.deleted_at IS NULL)`);
    expect(wrong).toEqual([]);
    const customers = await desk.sql(`SELECT c.id FROM workshop.ws_customers c
      WHERE c.orders_count IS DISTINCT FROM (SELECT count(*) FROM workshop.ws_orders o WHERE o.customer_id = c.id AND o.deleted_at IS NULL)
         OR c.turnover IS DISTINCT FROM (SELECT coalesce(sum(o.total), 0) FROM workshop.ws_orders o WHERE o.customer_id = c.id AND o.deleted_at IS NULL AND o.state = 'paid')
         OR c.last_due IS DISTINCT FROM (SELECT max(o.due) FROM workshop.ws_orders o WHERE o.customer_id = c.id AND o.deleted_at IS NULL)
         OR c.points IS DISTINCT FROM (SELECT coalesce(sum(b.points), 0) FROM workshop.ws_badges b WHERE b.deleted_at IS NULL AND b.id IN
              (SELECT w.badge_id FROM workshop.ws_wearings w WHERE w.customer_id = c.id AND w.deleted_at IS NULL))`);
    expect(customers).toEqual([]);
  }

  test('on one parent: creates, changes, deletes, restores and moves, twenty rounds', async () => {
    const orders = [
      await desk.create('orders', { customer_id: customer }),
      await desk.create('orders', { customer_id: customer, state: 'paid' }),
    ];
    const badges = [await desk.create('badges', { points: '1' }), await desk.create('badges', { points: '2' })];
    const lines: string[] = [];
    const links: string[] = [];
    for (let round = 0; round < 20; round++) {
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, async (_, at) => {
          const order = orders[at % 2] ?? '';
          const [line = '', link = ''] = [
            lines[(at * 7 + round) % (lines.length || 1)],
            links[(at * 3 + round) % (links.length || 1)],
          ];
          const act = (at + round) % 10;
          if (act < 3 || lines.length < 10)
            lines.push(await desk.create('lines', { order_id: order, quantity: at, price: '1.5' }));
          else if (act === 3) return outcome(update('lines', line, { quantity: at + round }));
          else if (act === 4) return outcome(update('lines', line, { order_id: orders[round % 2] }));
          else if (act === 5) return outcome(remove('lines', line));
          else if (act === 6) return outcome(restore('lines', line));
          else if (act === 7)
            return outcome(update('orders', order, { state: at % 3 === 0 ? 'open' : 'paid', due: `2026-01-${10 + (at % 20)}` }));
          else if (act === 8) {
            if (links.length < 6) links.push(await desk.create('wearings', { customer_id: customer, badge_id: badges[at % 2] }));
            else return outcome(at % 4 === 0 ? restore('wearings', link) : remove('wearings', link));
          } else return outcome(update('badges', badges[at % 2] ?? '', { points: String(at) }));
          return 'ok';
        }),
      );
      // A record that another has just deleted, or restored, is not there for the next.
      expect(outcomes.filter((one) => !['ok', 'not_found', 'conflict'].includes(one))).toEqual([]);
      await expectExact();
    }
    expect(Number((await sums())['orders_count'])).toBe(2);
  }, 240_000);
});
