// Rules of the metadata: validation and the conditions on fields, on create and update, over related and previous values.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Desk, failure, openDesk, outcome } from './support/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.stop());

const create = (values: Record<string, unknown>) => outcome(desk.repository.create(desk.me, 'orders', { name: 'x', ...values }));
const update = (id: string, values: Record<string, unknown>) => outcome(desk.repository.update(desk.me, 'orders', id, values));

describe('rules', () => {
  test('hold on create and on update, with the message in the language asked for', async () => {
    expect(await create({ total: '-1' })).toBe('validation_failed · /total total_not_negative');
    const id = await desk.create('orders', { total: '1' });
    expect(await update(id, { total: '-1' })).toBe('validation_failed · /total total_not_negative · /total never_down');
    const { errors } = await failure(
      desk.repository.create({ ...desk.me, language: 'ar' }, 'orders', { name: 'x', total: '-1' }),
    );
    expect(errors[0]?.detail).toBe('المجموع سالب.');
    const english = await failure(desk.repository.create({ ...desk.me, language: 'fr' }, 'orders', { name: 'x', total: '-1' }));
    expect(english.errors[0]?.detail).toBe('The total is negative.');
  });

  test('compare decimals as numbers, with what the record was', async () => {
    const id = await desk.create('orders', { total: '9' });
    expect(await update(id, { total: '10' })).toBe('ok');
    expect(await update(id, { total: '9.9999' })).toBe('validation_failed · /total never_down');
    expect(await update(id, { total: '10.0' })).toBe('ok');
    expect(await update(id, { total: null })).toBe('ok');
  });

  test('look into the parts of a value', async () => {
    expect(await create({ bill_to: { city: 'Nowhere' } })).toBe('validation_failed · /bill_to not_from_nowhere');
    const id = await desk.create('orders', { bill_to: { city: 'Bonn' } });
    expect(await update(id, { bill_to: { street: 'Way 1' } })).toBe('ok');
    expect(await update(id, { bill_to: { city: 'Nowhere' } })).toBe('validation_failed · /bill_to not_from_nowhere');
    expect(await update(id, { bill_to: null })).toBe('ok');
  });

  test('look at what the record refers to, and at what it referred to', async () => {
    const [low, high, higher] = [
      await desk.create('groups', { level: 1 }),
      await desk.create('groups', { level: 5 }),
      await desk.create('groups', { level: 6 }),
    ];
    expect(await create({ group_id: low })).toBe('validation_failed ·  low_group');
    const id = await desk.create('orders', { group_id: high });
    expect(await update(id, { group_id: higher })).toBe('ok');
    expect(await update(id, { group_id: high })).toBe('validation_failed ·  group_climbs');
    expect(await update(id, { group_id: null })).toBe('ok');
    expect(await update(id, { group_id: low })).toBe('ok');
  });

  test('ask the related records of a to-many relation, rights aside', async () => {
    expect(await create({ state: 'sent' })).toBe('validation_failed ·  sent_with_lines');
    const id = await desk.create('orders');
    expect(await update(id, { state: 'sent' })).toBe('validation_failed ·  sent_with_lines');
    await desk.create('lines', { order_id: id, amount: 0 });
    expect(await update(id, { state: 'sent' })).toBe('validation_failed ·  sent_with_lines');
    const line = await desk.create('lines', { order_id: id, amount: 2 });
    const blind = await desk.someone({ '*': 'all', lines: 'none' });
    expect(await outcome(desk.repository.update(blind, 'orders', id, { state: 'sent' }))).toBe('ok');
    await desk.repository.remove(desk.me, 'lines', line);
    expect(await update(id, { name: 'y' })).toBe('validation_failed ·  sent_with_lines');
  });
});

describe('required-when', () => {
  test('asks for a value exactly while its condition holds', async () => {
    expect(await create({ state: 'paid' })).toBe('validation_failed · /paid_on required');
    expect(await create({ state: 'paid', paid_on: '2024-01-01' })).toBe('ok');
    const id = await desk.create('orders');
    expect(await update(id, { state: 'paid' })).toBe('validation_failed · /paid_on required');
    expect(await update(id, { state: 'paid', paid_on: '2024-01-01' })).toBe('ok');
    expect(await update(id, { paid_on: null })).toBe('validation_failed · /paid_on required');
    expect(await update(id, { paid_on: null, state: 'draft' })).toBe('ok');
  });

  test('a malformed value is told of once, beside the findings of the rules', async () => {
    expect(await create({ state: 'paid', paid_on: 'soon', total: '-1' })).toBe(
      'validation_failed · /paid_on date · /total total_not_negative',
    );
  });
});

describe('read-only-when', () => {
  test('locks a value while the condition holds before and after', async () => {
    const id = await desk.create('orders', { memo: 'a' });
    await desk.create('lines', { order_id: id });
    expect(await update(id, { memo: 'b' })).toBe('ok');
    expect(await update(id, { state: 'sent', memo: 'c' })).toBe('ok');
    expect(await update(id, { memo: 'd' })).toBe('validation_failed · /memo read_only');
    expect(await update(id, { memo: 'c', name: 'other' })).toBe('ok');
    expect(await update(id, { memo: 'd', state: 'draft' })).toBe('ok');
  });

  test('does not keep a new record from its first value', async () => {
    const id = await desk.create('orders', { state: 'draft', memo: 'first' });
    expect((await desk.read('orders', id))['memo']).toBe('first');
  });
});

const job = (values: Record<string, unknown>) => outcome(desk.repository.create(desk.me, 'jobs', { name: 'x', ...values }));
const change = (id: string, values: Record<string, unknown>) => outcome(desk.repository.update(desk.me, 'jobs', id, values));

describe('visible-when', () => {
  test('refuses a value of a field that the record does not show, with all that belongs to it', async () => {
    expect(await job({ deposit: '5' })).toBe('validation_failed · /deposit not_applicable · /deposit_currency not_applicable');
    expect(await job({ kind: 'rental', deposit: '5' })).toBe('ok');
    const id = await desk.create('jobs', { kind: 'repair' });
    expect(await change(id, { deposit: '5' })).toContain('/deposit not_applicable');
    expect(await change(id, { deposit: null })).toBe('ok');
    expect(await change(id, { deposit: '5', kind: 'rental', phase: 'lent' })).toBe('ok');
  });

  test('lets a value that was there stay unseen, and come back', async () => {
    const id = await desk.create('jobs', { kind: 'rental', deposit: '7' });
    expect(await change(id, { kind: 'repair', phase: 'asked' })).toBe('ok');
    expect(await change(id, { name: 'y' })).toBe('ok');
    expect(await change(id, { deposit: '8' })).toContain('/deposit not_applicable');
    expect(await change(id, { kind: 'rental', phase: 'back' })).toBe('ok');
    expect((await desk.read('jobs', id))['deposit']).toBe('7.00');
  });

  test('does not mind a default, and nothing that is not shown is required', async () => {
    const id = await desk.create('jobs', { kind: 'repair' });
    expect((await desk.read('jobs', id))['days']).toBe('1.0000');
    expect(await job({ kind: 'rental', name: 'broken' })).toBe('ok');
    expect(await job({ kind: 'repair', name: 'broken' })).toBe('validation_failed · /fault required');
  });
});

describe('options-when', () => {
  test('the first condition that holds says which options are open, looking at related records too', async () => {
    expect(await job({ kind: 'repair', phase: 'lent' })).toBe('validation_failed · /phase option');
    const { errors } = await failure(desk.repository.create(desk.me, 'jobs', { name: 'x', phase: 'back' }));
    expect(errors[0]?.detail).toBe('"back" is not open to this record; choose one of asked, mended.');
    const high = await desk.create('groups', { level: 6 });
    expect(await job({ kind: 'rental', group_id: high, phase: 'back' })).toBe('validation_failed · /phase option');
    expect(await job({ kind: 'rental', phase: 'back' })).toBe('ok');
    expect(await job({ kind: null, phase: 'back' })).toBe('ok');
    expect(await job({ extras: ['box', 'seat'] })).toBe('validation_failed · /extras option');
    expect(await job({ extras: ['box', 'bag'] })).toBe('ok');
  });

  test('what decides does not change without what it decides', async () => {
    const id = await desk.create('jobs', { kind: 'repair', phase: 'mended' });
    expect(await change(id, { kind: 'rental' })).toBe('validation_failed · /phase option');
    expect(await change(id, { kind: 'rental', phase: 'lent' })).toBe('ok');
  });

  test('an old choice that is not open any more keeps nobody from changing something else', async () => {
    const id = await desk.create('jobs', { kind: 'repair' });
    await desk.sql(`UPDATE ${desk.entity('jobs').qualifiedTable} SET phase = 'back' WHERE id = ?`, id);
    expect(await change(id, { name: 'y' })).toBe('ok');
    expect(await change(id, { phase: 'lent' })).toBe('validation_failed · /phase option');
    expect(await change(id, { phase: 'mended' })).toBe('ok');
  });

  test('a default that is not open gives way to the first option that is', async () => {
    const id = await desk.create('jobs', { kind: 'rental' });
    expect((await desk.read('jobs', id))['phase']).toBe('lent');
    expect(await job({ kind: 'rental', phase: 'asked' })).toBe('validation_failed · /phase option');
  });
});
