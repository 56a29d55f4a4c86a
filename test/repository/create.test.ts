// Creating: what input is taken, what the engine adds, and what is refused with which finding.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Desk, failure, openDesk, outcome } from './support/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.stop());

const tryCreate = (entity: string, values: Record<string, unknown>) => outcome(desk.repository.create(desk.me, entity, values));

describe('what a new record holds', () => {
  test('defaults, the system fields and its name', async () => {
    const id = await desk.create('samples', { name: 'Ada', code: 'a1' });
    const record = await desk.read('samples', id);
    expect(record).toMatchObject({
      id,
      version: 1,
      display_name: 'Ada a1',
      status: 'open',
      fixed: 'as made',
      created_by: desk.me.actor.id,
      updated_by: desk.me.actor.id,
      deleted_at: null,
    });
    expect(record['created_at']).toBe(record['updated_at']);
    expect(record).not.toHaveProperty('search_text');
    expect(record).not.toHaveProperty('deletion_id');
  });

  test('what is given as null stays empty though there is a default', async () => {
    const order = await desk.create('orders');
    const id = await desk.create('lines', { order_id: order, amount: null });
    expect(await desk.read('lines', id)).toMatchObject({ amount: null });
  });

  test('an amount without a currency is of the base currency, one with it keeps it', async () => {
    const bare = await desk.create('samples', { price: '5' });
    const dollars = await desk.create('samples', { price: '5', price_currency: 'USD' });
    expect(await desk.read('samples', bare)).toMatchObject({ price: '5.00', price_currency: 'EUR' });
    expect(await desk.read('samples', dollars)).toMatchObject({ price: '5.00', price_currency: 'USD' });
    expect(await desk.read('samples', await desk.create('samples'))).toMatchObject({ price: null, price_currency: null });
  });

  test('an owner not given is the caller, nobody for the system', async () => {
    const id = await desk.create('orders', { owner_id: null });
    expect(await desk.read('orders', id)).toMatchObject({ owner_id: desk.me.actor.id });
    const { systemContext } = await import('../../server/repository/context.ts');
    const system = systemContext(desk.registry);
    expect(await outcome(desk.repository.create(system, 'orders', { name: 'x' }))).toBe('validation_failed · /owner_id required');
    const region = await desk.create('regions', {}, system);
    expect(await desk.read('regions', region)).toMatchObject({ created_by: null, updated_by: null });
  });

  test('a phone number is of the country beside it, else of the application’s', async () => {
    const there = await desk.create('samples', { phone: '020 7946 0958', home: { country: 'GB' } });
    const here = await desk.create('samples', { phone: '030 12345678' });
    expect(await desk.read('samples', there)).toMatchObject({ phone: '+442079460958' });
    expect(await desk.read('samples', here)).toMatchObject({ phone: '+493012345678' });
  });

  test('a running number begins where its field says', async () => {
    const [first, second] = [await desk.create('payments'), await desk.create('payments')];
    expect([(await desk.read('payments', first))['slip'], (await desk.read('payments', second))['slip']]).toEqual([
      'P100',
      'P101',
    ]);
  });

  test('a long name is cut without breaking a character', async () => {
    const id = await desk.create('samples', { name: `${'a'.repeat(99)}${'😀'.repeat(200)}`, code: 'b'.repeat(200) });
    const record = await desk.read('samples', id);
    expect(String(record['display_name'])).toHaveLength(399);
    expect(String(record['display_name'])).not.toMatch(/\p{Surrogate}/u);
  });
});

describe('what is refused', () => {
  test('all findings are told at once, each with its place', async () => {
    const values = {
      nam: 'x',
      id: '1',
      version: 3,
      fixed: 'y',
      count: 'many',
      labels: ['a', 'z'],
      home: { town: 1 },
      due: '2023-99-99',
    };
    expect(await tryCreate('samples', values)).toBe(
      'validation_failed · /nam unknown_field · /id read_only · /version read_only · /fixed read_only · /count type · ' +
        '/labels/1 option · /home/town unknown · /due date · /name required',
    );
    const { errors } = await failure(desk.repository.create(desk.me, 'samples', { nam: 'x' }));
    expect(errors[0]?.detail).toBe('samples has no field "nam". Did you mean "name"?');
  });

  test.each(['search_text', 'deletion_id', 'constructor', '__proto__', 'group'])('%s is no field to be set', async (name) => {
    const input = JSON.parse(`{"name":"x","${name}":"y"}`) as Record<string, unknown>;
    expect(await tryCreate('samples', input)).toBe(`validation_failed · /${name} unknown_field`);
  });

  test.each(['created_at', 'created_by', 'updated_by', 'deleted_at', 'deleted_by', 'display_name'])(
    '%s is read-only',
    async (name) => {
      expect(await tryCreate('samples', { name: 'x', [name]: null })).toBe(`validation_failed · /${name} read_only`);
    },
  );

  test.each(['', null, undefined, '   '])('a required text is not %p', async (name) => {
    expect(await tryCreate('groups', { name })).toMatch(/^validation_failed · \/name (required|min_length)$/);
  });

  test('a number of its own is not taken for an automatic one', async () => {
    expect(await tryCreate('orders', { name: 'x', number: 'O-9999' })).toBe('validation_failed · /number read_only');
  });

  test('an entity that does not exist or offers no create', async () => {
    expect(await tryCreate('nothing', {})).toBe('not_found');
    expect(await tryCreate('auditlog', {})).toBe('method_not_allowed');
  });

  test('references to nothing, to another kind, and half of a reference', async () => {
    const group = await desk.create('groups');
    const none = '01890000-0000-7000-8000-000000000001';
    expect(await tryCreate('samples', { name: 'x', group_id: none, parent_id: group })).toBe(
      'validation_failed · /group_id reference_missing · /parent_id reference_missing',
    );
    expect(await tryCreate('samples', { name: 'x', group_id: 'me' })).toBe('validation_failed · /group_id id');
    expect(await tryCreate('notes', { name: 'x', about_type: 'samples' })).toBe('validation_failed · /about_id required');
    expect(await tryCreate('notes', { name: 'x', about_id: none })).toBe('validation_failed · /about_type required');
    expect(await tryCreate('notes', { name: 'x', about_type: 'groups', about_id: group })).toBe(
      'validation_failed · /about_type option',
    );
    expect(await tryCreate('notes', { name: 'x', about_type: 'orders', about_id: group })).toBe(
      'validation_failed · /about_id reference_missing',
    );
  });

  test('with onFieldIssue a bad value of a field that may be empty is left out and told', async () => {
    const told: unknown[] = [];
    const options = { onFieldIssue: (issue: unknown) => told.push(issue) };
    const { id } = await desk.repository.create(desk.me, 'samples', { name: 'x', count: 'many', due: '2024-02-29' }, options);
    expect(await desk.read('samples', id)).toMatchObject({ count: null, due: '2024-02-29' });
    expect(told).toEqual([{ pointer: '/count', code: 'type', detail: 'Expected a whole number.', value: 'many' }]);
    expect(await outcome(desk.repository.create(desk.me, 'samples', { name: 7, status: 'x' }, options))).toBe(
      'validation_failed · /name type · /status option',
    );
  });
});
