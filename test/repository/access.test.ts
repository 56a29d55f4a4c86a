// Rights: rows that an actor may not touch are as if missing, on every path to them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Operation } from '../../server/metadata/types.ts';
import { readableEntities } from '../../server/repository/access.ts';
import type { Context } from '../../server/repository/context.ts';
import { actorWith, type Desk, openDesk, outcome, type Rights, type Row } from './support/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.stop());

/** The same user with other rights. */
const as = (context: Context, rights: Rights): Context => ({ ...context, actor: actorWith(context.actor.id, rights) });

/** A user with an order of their own, and one of somebody else. */
async function two(rights: Rights) {
  const user = await desk.someone({ '*': 'all' });
  const mine = await desk.create('orders', { name: 'Mine' }, user);
  const theirs = await desk.create('orders', { name: 'Theirs' });
  return { user: as(user, rights), mine, theirs };
}

describe.each(['own', 'team'] as const)('%s', (level) => {
  test('reads, lists, counts and searches only own records', async () => {
    const { user, mine, theirs } = await two({ orders: level });
    expect(await outcome(desk.read('orders', mine, '', user))).toBe('ok');
    expect(await outcome(desk.read('orders', theirs, '', user))).toBe('not_found');
    const { data, page } = await desk.list('orders', 'count=exact', user);
    expect([data.map((row) => row['id']), page.total]).toEqual([[mine], 1]);
  });

  test('changes, deletes, restores and purges only own records; others are missing or, where readable, forbidden', async () => {
    const { repository } = desk;
    const acts: readonly [Operation, (context: Context, id: string) => Promise<unknown>][] = [
      ['update', (context, id) => repository.update(context, 'orders', id, { memo: 'x' })],
      ['delete', (context, id) => repository.remove(context, 'orders', id)],
      ['restore', (context, id) => repository.restore(context, 'orders', id)],
      ['purge', (context, id) => repository.purge(context, 'orders', id)],
    ];
    const { user, mine, theirs } = await two({});
    for (const [operation, act] of acts) {
      if (operation === 'restore') await repository.remove(desk.me, 'orders', theirs);
      const hidden = as(user, { orders: level });
      const visible = as(user, { orders: { read: 'all', '*': level } });
      const none = as(user, { orders: { read: 'all' } });
      expect([operation, await outcome(act(hidden, theirs))]).toEqual([operation, 'not_found']);
      expect([operation, await outcome(act(visible, theirs))]).toEqual([operation, 'forbidden']);
      expect([operation, await outcome(act(none, mine))]).toEqual([operation, 'forbidden']);
      expect([operation, await outcome(act(hidden, mine))]).toEqual([operation, 'ok']);
    }
  });

  test('sees deleted records only where it may restore them', async () => {
    const { user, mine, theirs } = await two({ orders: { read: 'all', delete: 'all' } });
    await desk.repository.remove(desk.me, 'orders', mine);
    await desk.repository.remove(desk.me, 'orders', theirs);
    expect(await outcome(desk.list('orders', 'deleted=only', user))).toBe('forbidden');
    const restorer = as(user, { orders: { read: 'all', restore: level } });
    expect((await desk.list('orders', 'deleted=only', restorer)).data.map((row) => row['id'])).toEqual([mine]);
    const with_ = (await desk.list('orders', 'deleted=with&limit=200', restorer)).data.map((row) => row['id']);
    expect([with_.includes(mine), with_.includes(theirs)]).toEqual([true, false]);
    const read = (id: string, context: Context) => outcome(desk.repository.read(context, 'orders', id, { deleted: 'with' }));
    expect([await read(mine, restorer), await read(theirs, restorer), await read(mine, user)]).toEqual([
      'ok',
      'not_found',
      'forbidden',
    ]);
  });
});

describe('rows that may not be read', () => {
  test('are null, absent or false beside and inside of others', async () => {
    const { user, mine, theirs } = await two({ orders: 'own', lines: 'all', memos: 'all', notes: 'all' });
    const line = await desk.create('lines', { order_id: theirs });
    const own = await desk.create('lines', { order_id: mine });
    const note = await desk.create('notes', { about_type: 'orders', about_id: theirs });
    expect((await desk.read('lines', line, 'include=order', user))['order']).toBeNull();
    expect((await desk.read('lines', own, 'include=order', user))['order']).toMatchObject({ id: mine });
    expect((await desk.read('notes', note, 'include=about', user))['about']).toBeNull();
    const named = async (operator: string, name: string) =>
      (await desk.list('lines', `order.name[${operator}]=${name}&sort=id&limit=200`, user)).data.map((row) => row['id']);
    expect(await named('eq', 'Theirs')).toEqual([]);
    expect(await named('eq', 'Mine')).toEqual([own]);
    expect(await named('ne', 'Mine')).toContain(line);
    const other = as(user, { orders: 'all', lines: 'own' });
    expect((await desk.read('orders', theirs, 'include=lines', other))['lines']).toMatchObject({ data: [] });
    const some = (relation: string) => encodeURIComponent(JSON.stringify({ some: { relation } }));
    expect((await desk.list('orders', `filter=${some('lines')}&id[eq]=${theirs}`, other)).data).toEqual([]);
    expect((await desk.list('orders', `filter=${some('lines')}&id[eq]=${theirs}`)).data).toHaveLength(1);
  });

  test('cannot be referred to; oneself always can', async () => {
    const { user, mine, theirs } = await two({ orders: 'own', lines: 'all', memos: 'all' });
    const memo = (order_id: string) => desk.repository.create(user, 'memos', { name: 'x', order_id });
    expect(await outcome(memo(theirs))).toBe('validation_failed · /order_id reference_missing');
    expect(await outcome(memo(mine))).toBe('ok');
    const blind = as(user, { orders: 'all', lines: 'all' });
    const order = await desk.create('orders', {}, blind);
    expect(await desk.read('orders', order)).toMatchObject({ owner_id: user.actor.id });
    const stranger = await desk.repository
      .update(blind, 'orders', order, { owner_id: desk.me.actor.id })
      .catch((error: Error) => error);
    expect(String(stranger)).toMatch(/There is no users record/);
  });

  test('do not betray themselves by an upsert', async () => {
    const user = await desk.someone({ samples: { '*': 'own', create: 'all' } });
    await desk.create('samples', { code: 'hidden' });
    const upsert = (code: string) => desk.repository.upsert(user, 'samples', { name: 'x', code }, 'code');
    expect(await outcome(upsert('hidden'))).toBe('unique_conflict · /code unique');
    expect(await upsert('new')).toMatchObject({ created: true });
    expect(await upsert('new')).toMatchObject({ created: false });
  });
});

describe('an entity that may not be read', () => {
  const without = () => desk.someone({ '*': 'all', groups: 'none' });

  test('does not exist, for any method', async () => {
    const user = await without();
    const id = await desk.create('groups');
    const { repository } = desk;
    for (const work of [
      desk.list('groups', '', user),
      desk.read('groups', id, '', user),
      repository.create(user, 'groups', { name: 'x' }),
      repository.update(user, 'groups', id, { name: 'x' }),
      repository.remove(user, 'groups', id),
      repository.restore(user, 'groups', id),
      repository.purge(user, 'groups', id),
      repository.upsert(user, 'groups', { name: 'x' }, 'name'),
    ])
      expect(await outcome(work)).toBe('not_found');
    expect(readableEntities(user).map((entity) => entity.name)).not.toContain('groups');
  });

  test('cannot be included, filtered through, compared with, quantified over or referred to', async () => {
    const user = await without();
    const group = await desk.create('groups');
    const sample = await desk.create('samples', { group_id: group });
    const filter = (tree: unknown) => desk.list('samples', `filter=${encodeURIComponent(JSON.stringify(tree))}`, user);
    for (const work of [
      desk.read('samples', sample, 'include=group', user),
      desk.read('samples', sample, 'include=friends', user),
      desk.read('samples', sample, 'include=parent.group', user),
      desk.list('samples', 'group.name[eq]=x', user),
      desk.list('samples', 'parent.group.name[eq]=x', user),
      filter({ fact: 'count', operator: 'equal', value: { fact: 'group.level' } }),
      filter({ some: { relation: 'friends' } }),
      filter({ some: { relation: 'children', where: { fact: 'group.name', operator: 'equal', value: 'x' } } }),
    ])
      expect(await outcome(work)).toBe('invalid_query');
    expect(await outcome(desk.repository.update(user, 'samples', sample, { group_id: await desk.create('groups') }))).toBe(
      'validation_failed · /group_id reference_missing',
    );
    expect(await desk.read('samples', sample, '', user)).toMatchObject({ group_id: group });
  });

  test('is null where a reference may lead to any kind', async () => {
    const user = await desk.someone({ notes: 'all' });
    const order = await desk.create('orders');
    const note = await desk.create('notes', { about_type: 'orders', about_id: order });
    expect(((await desk.read('notes', note, 'include=about', user)) as Row)['about']).toBeNull();
  });
});

describe('an operation', () => {
  test('that the actor may not do at all is forbidden before any row is looked for', async () => {
    const user = await desk.someone({ orders: { read: 'all' } });
    const none = '01890000-0000-7000-8000-000000000001';
    expect(await outcome(desk.repository.update(user, 'orders', none, {}))).toBe('forbidden');
    expect(await outcome(desk.repository.create(user, 'orders', {}))).toBe('forbidden');
  });

  test('that the entity does not offer is refused, but for the system itself', async () => {
    const [row] = await desk.sql('SELECT id FROM workshop.ws_auditlog LIMIT 1');
    expect(await outcome(desk.repository.update(desk.me, 'auditlog', String(row?.['id']), {}))).toBe('method_not_allowed');
    expect(await outcome(desk.repository.update({ ...desk.me, source: 'system' }, 'auditlog', String(row?.['id']), {}))).toBe(
      'ok',
    );
  });

  test('of the system or of a workflow may set what is read-only, never the system’s fields', async () => {
    const id = await desk.create('samples');
    const update = (source: Context['source'], values: Row) =>
      outcome(desk.repository.update({ ...desk.me, source }, 'samples', id, values));
    expect(await update('ui', { fixed: 'x' })).toBe('validation_failed · /fixed read_only');
    expect(await update('workflow', { fixed: 'x' })).toBe('ok');
    expect(await update('system', { fixed: 'y' })).toBe('ok');
    expect(await update('system', { created_by: null })).toBe('validation_failed · /created_by read_only');
  });
});
