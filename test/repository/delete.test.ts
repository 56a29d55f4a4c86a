// Deleting: restrict holds, cascade takes along, detach lets go; a restore brings back exactly what that delete took.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Desk, failure, openDesk, outcome } from './support/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.stop());

const remove = (entity: string, id: string) => outcome(desk.repository.remove(desk.me, entity, id));
const restore = (entity: string, id: string) => outcome(desk.repository.restore(desk.me, entity, id));
const purge = (entity: string, id: string) => outcome(desk.repository.purge(desk.me, entity, id));
const alive = async (...records: readonly (readonly [entity: string, id: string])[]): Promise<readonly boolean[]> =>
  Promise.all(records.map(async ([entity, id]) => (await outcome(desk.read(entity, id))) === 'ok'));
const field = async (entity: string, id: string, name: string) => (await desk.read(entity, id))[name];

/** An order with a line that has a part, a memo, a tag on each of order and line. */
async function family() {
  const order = await desk.create('orders');
  const line = await desk.create('lines', { order_id: order });
  const part = await desk.create('parts', { line_id: line });
  const memo = await desk.create('memos', { order_id: order });
  const tag = await desk.create('tags', { name: `tag ${order}` });
  const link = async (record_type: string, record_id: string) =>
    (await desk.repository.create(desk.me, 'tag_links', { tag_id: tag, record_type, record_id })).id;
  return { order, line, part, memo, tag, orderTag: await link('orders', order), lineTag: await link('lines', line) };
}

describe('a delete', () => {
  test('is held back by what refers with restrict, and then nothing has happened', async () => {
    const { order, line, memo } = await family();
    const payment = await desk.create('payments', { order_id: order });
    const refused = await failure(desk.repository.remove(desk.me, 'orders', order));
    expect([refused.code, refused.detail]).toEqual([
      'in_use',
      'There are still payments that refer to this order as their order.',
    ]);
    expect(await alive(['orders', order], ['lines', line])).toEqual([true, true]);
    expect(await field('memos', memo, 'order_id')).toBe(order);
    await remove('payments', payment);
    expect(await remove('orders', order)).toBe('ok');
  });

  test('is held back without a declared inverse too: who owns or checks something stays', async () => {
    const someone = await desk.someone({});
    const user = someone.actor.id;
    const order = await desk.create('orders', { owner_id: user });
    expect(await remove('users', user)).toBe('in_use ·  in_use');
    await desk.repository.update(desk.me, 'orders', order, { owner_id: desk.me.actor.id });
    const line = await desk.create('lines', { order_id: order, checker_id: user });
    expect(await remove('users', user)).toBe('in_use ·  in_use');
    await remove('lines', line);
    expect(await remove('users', user)).toBe('ok');
  });

  test('is not held back by having created or changed something', async () => {
    const someone = await desk.someone({ '*': 'all' });
    const region = await desk.create('regions', {}, someone);
    expect(await remove('users', someone.actor.id)).toBe('ok');
    expect(await field('regions', region, 'created_by')).toBe(someone.actor.id);
    expect((await desk.read('regions', region, 'include=creator'))['creator']).toBeNull();
  });

  test('takes along over every level, taggings too, and lets go of the rest', async () => {
    const { order, line, part, memo, tag, orderTag, lineTag } = await family();
    const note = await desk.create('notes', { about_type: 'orders', about_id: order });
    expect(await remove('orders', order)).toBe('ok');
    const gone: (readonly [string, string])[] = [
      ['orders', order],
      ['lines', line],
      ['parts', part],
      ['tag_links', orderTag],
      ['tag_links', lineTag],
    ];
    expect(await alive(...gone)).toEqual(gone.map(() => false));
    expect(await alive(['memos', memo], ['tags', tag])).toEqual([true, true]);
    expect(await desk.read('memos', memo)).toMatchObject({ order_id: null, version: 2 });
    expect(await desk.read('notes', note)).toMatchObject({ about_type: null, about_id: null });
    expect(await remove('orders', order)).toBe('not_found');
  });

  test('takes more than one batch along', async () => {
    const order = await desk.create('orders');
    await desk.sql(
      `INSERT INTO workshop.ws_lines (id, version, display_name, created_at, updated_at, name, order_id)
       SELECT gen_random_uuid(), 1, '', now(), now(), 'l', ?::uuid FROM generate_series(1, 1100)`,
      order,
    );
    expect(await remove('orders', order)).toBe('ok');
    expect((await desk.list('lines', `order_id[eq]=${order}`)).data).toEqual([]);
    expect(await restore('orders', order)).toBe('ok');
    expect((await desk.list('lines', `order_id[eq]=${order}&count=exact&limit=1`)).page.total).toBe(1100);
  });
});

describe('a restore', () => {
  test('brings back what its delete took, and not what went before by itself', async () => {
    const { order, line, part, memo, orderTag, lineTag } = await family();
    const early = await desk.create('lines', { order_id: order });
    await remove('lines', early);
    await remove('orders', order);
    expect(await restore('orders', order)).toBe('ok');
    expect(
      await alive(['orders', order], ['lines', line], ['parts', part], ['tag_links', orderTag], ['tag_links', lineTag]),
    ).toEqual([true, true, true, true, true]);
    expect(await alive(['lines', early])).toEqual([false]);
    expect(await field('memos', memo, 'order_id')).toBe(order);
    expect(await desk.read('orders', order)).toMatchObject({ version: 3, deleted_at: null, deleted_by: null });
    expect(await restore('orders', order)).toBe('not_found');
  });

  test('leaves alone what has been attached elsewhere since', async () => {
    const { order, memo } = await family();
    const other = await desk.create('orders');
    const note = await desk.create('notes', { about_type: 'orders', about_id: order });
    const kept = await desk.create('notes', { about_type: 'orders', about_id: order });
    await remove('orders', order);
    await desk.repository.update(desk.me, 'memos', memo, { order_id: other });
    await desk.repository.update(desk.me, 'notes', note, { about_type: 'orders', about_id: other });
    await restore('orders', order);
    expect(await field('memos', memo, 'order_id')).toBe(other);
    expect(await field('notes', note, 'about_id')).toBe(other);
    expect(await desk.read('notes', kept)).toMatchObject({ about_type: 'orders', about_id: order });
  });

  test('of a part of it waits for the whole', async () => {
    const { order, line } = await family();
    await remove('orders', order);
    expect(await restore('lines', line)).toBe('conflict · /order_id reference_missing');
    expect(await restore('orders', order)).toBe('ok');
    expect(await alive(['lines', line])).toEqual([true]);
  });

  test('manages records that refer to each other', async () => {
    const { order, line } = await family();
    await desk.repository.update(desk.me, 'orders', order, { main_line_id: line });
    await remove('orders', order);
    expect(await restore('orders', order)).toBe('ok');
    expect(await field('orders', order, 'main_line_id')).toBe(line);
    expect(await field('lines', line, 'order_id')).toBe(order);
  });

  test('comes back without what would have let go of it meanwhile', async () => {
    const group = await desk.create('groups');
    const { order, line } = await family();
    await desk.repository.update(desk.me, 'lines', line, { group_id: group });
    await remove('orders', order);
    await remove('groups', group);
    expect(await restore('orders', order)).toBe('ok');
    expect(await field('lines', line, 'group_id')).toBeNull();
  });

  test('is held back by a deleted record that would have held that delete back', async () => {
    const checker = await desk.someone({});
    const { order, line } = await family();
    await desk.repository.update(desk.me, 'lines', line, { checker_id: checker.actor.id });
    await remove('orders', order);
    await remove('users', checker.actor.id);
    expect(await restore('orders', order)).toBe('conflict · /checker_id reference_missing');
    expect(await restore('users', checker.actor.id)).toBe('ok');
    expect(await restore('orders', order)).toBe('ok');
    expect(await alive(['lines', line])).toEqual([true]);
  });

  test('leaves away a link whose other end is deleted now', async () => {
    const { order, tag, orderTag } = await family();
    await remove('tags', tag);
    expect(await alive(['tag_links', orderTag])).toEqual([false]);
    await remove('orders', order);
    expect(await restore('tags', tag)).toBe('ok');
    expect(await alive(['tags', tag], ['tag_links', orderTag])).toEqual([true, false]);
    expect(await restore('orders', order)).toBe('ok');
  });

  test('does not attach to what stays deleted', async () => {
    const { order, memo } = await family();
    await remove('orders', order);
    await desk.sql('UPDATE workshop.ws_memos SET deleted_at = now() WHERE id = ?', memo);
    expect(await restore('orders', order)).toBe('ok');
    const [row] = await desk.sql('SELECT order_id FROM workshop.ws_memos WHERE id = ?', memo);
    expect(row).toEqual({ order_id: null });
  });

  test('asks no rights of what the record refers to', async () => {
    const narrow = await desk.someone({ orders: 'all', lines: 'all' });
    const { order, line } = await family();
    await remove('orders', order);
    expect(await outcome(desk.repository.restore(narrow, 'orders', order))).toBe('ok');
    expect(await alive(['lines', line])).toEqual([true]);
  });
});

describe('a purge', () => {
  test('is refused while anything refers, with or without a foreign key, deleted or not', async () => {
    const { order, line, part, orderTag, memo } = await family();
    expect(await purge('lines', line)).toBe('in_use ·  in_use');
    await remove('parts', part);
    const refused = await failure(desk.repository.purge(desk.me, 'lines', line));
    expect(refused.detail).toMatch(/^There are still (parts|tag_links), deleted ones included, that refer to this line\.$/);
    const note = await desk.create('notes', { about_type: 'orders', about_id: order });
    for (const [entity, id] of [
      ['parts', part],
      ['memos', memo],
      ['tag_links', orderTag],
    ] as const)
      expect(await purge(entity, id)).toBe('ok');
    const lineTag = (await desk.list('tag_links', `record_id[eq]=${line}`)).data[0]?.['id'];
    await purge('tag_links', String(lineTag));
    expect(await purge('lines', line)).toBe('ok');
    expect(await purge('orders', order)).toBe('in_use ·  in_use');
    expect(await purge('notes', note)).toBe('ok');
    expect(await purge('orders', order)).toBe('ok');
    expect(await restore('orders', order)).toBe('not_found');
    expect(await purge('orders', order)).toBe('not_found');
  });

  test('is held back by a deleted reference that no foreign key knows', async () => {
    const order = await desk.create('orders');
    const note = await desk.create('notes', { about_type: 'orders', about_id: order });
    await remove('notes', note);
    expect(await purge('orders', order)).toBe('in_use ·  in_use');
    await purge('notes', note);
    expect(await purge('orders', order)).toBe('ok');
  });

  test('takes a record that refers to itself, and a deleted one', async () => {
    const id = await desk.create('samples');
    await desk.repository.update(desk.me, 'samples', id, { parent_id: id });
    await remove('samples', id);
    expect(await purge('samples', id)).toBe('ok');
  });
});
