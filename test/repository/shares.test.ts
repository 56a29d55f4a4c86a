// One record opened to somebody, records that belong to others, and to whom records may be given.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Context } from '../../server/repository/context.ts';
import { actorWith, type Desk, openDesk, outcome, type Rights } from './support/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.stop());

const as = (context: Context, rights: Rights): Context => ({ ...context, actor: actorWith(context.actor.id, rights) });
const share = (record: string, user: Context, more: object = {}): Promise<string> =>
  desk.create('shares', { name: undefined, record_type: 'orders', record_id: record, user_id: user.actor.id, ...more });

describe('shares', () => {
  test('open one record for reading, or for changing, and nothing else', async () => {
    const own: Rights = { orders: { read: 'own', update: 'own', delete: 'own' } };
    const user = await desk.someone(own);
    const order = await desk.create('orders', {});
    const read = (): Promise<string> => outcome(desk.repository.read(user, 'orders', order));
    const change = (total: string): Promise<string> => outcome(desk.repository.update(user, 'orders', order, { total }));
    expect([await read(), await change('1')]).toEqual(['not_found', 'not_found']);
    const made = await share(order, user);
    expect([await read(), await change('1')]).toEqual(['ok', 'forbidden']);
    expect((await desk.list('orders', 'limit=200', user)).data.map((row) => row['id'])).toEqual([order]);
    await desk.repository.update(desk.me, 'shares', made, { access: 'write' });
    expect([await read(), await change('2')]).toEqual(['ok', 'ok']);
    expect(await outcome(desk.repository.remove(user, 'orders', order))).toBe('forbidden');
    await desk.repository.update(desk.me, 'shares', made, { expires_at: '2020-01-01T00:00:00Z' });
    expect(await read()).toBe('not_found');
    await desk.repository.update(desk.me, 'shares', made, { expires_at: null });
    expect(await read()).toBe('ok');
    await desk.repository.remove(desk.me, 'shares', made);
    expect(await read()).toBe('not_found');
  });

  test('need a right to the entity, and reach those in the team', async () => {
    const user = await desk.someone({ orders: { read: 'own' } });
    const order = await desk.create('orders', {});
    const team = await desk.create('teams', { name: `Shared ${order}` });
    await share(order, user, { user_id: null, team_id: team });
    const member = {
      ...user,
      actor: actorWith(user.actor.id, { orders: { read: 'own' } }, { users: [user.actor.id], teams: [team] }),
    };
    expect(await outcome(desk.repository.read(user, 'orders', order))).toBe('not_found');
    expect(await outcome(desk.repository.read(member, 'orders', order))).toBe('ok');
    const without = as(user, {});
    await share(order, user);
    expect(await outcome(desk.repository.read(without, 'orders', order))).toBe('not_found');
  });

  test('are given by those who may change the record, to one user or one team', async () => {
    const rights: Rights = { orders: { read: 'all', update: 'own' }, shares: { '*': 'own' }, users: 'all', teams: 'all' };
    const user = await desk.someone(rights);
    const [own, other] = [await desk.create('orders', { owner_id: user.actor.id }), await desk.create('orders', {})];
    const give = (record_id: string, more: object = { user_id: desk.me.actor.id }) =>
      outcome(desk.repository.create(user, 'shares', { record_type: 'orders', record_id, ...more }));
    expect(await give(own)).toBe('ok');
    expect(await give(other)).toBe('forbidden');
    expect(await give(own, {})).toBe('validation_failed · /user_id share_needs_receiver');
    const team = await desk.create('teams', { name: `Both ${own}` });
    expect(await give(own, { user_id: user.actor.id, team_id: team })).toBe(
      'validation_failed · /team_id share_has_one_receiver',
    );
    const shares = await desk.list('shares', `record_id[in]=${own},${other}`, user);
    expect(new Set(shares.data.map((row) => row['record_id']))).toEqual(new Set([own]));
  });
});

describe('what belongs to a record of any kind', () => {
  test('is read by who may read that, and written by who may change that', async () => {
    const rights: Rights = { orders: { read: 'all', update: 'own' }, tag_links: { '*': 'own' }, tags: 'all', users: 'all' };
    const user = await desk.someone(rights);
    const tag = await desk.create('tags', { name: `t${user.actor.id.slice(-8)}` });
    const [own, other] = [await desk.create('orders', { owner_id: user.actor.id }), await desk.create('orders', {})];
    const sample = await desk.create('samples', {});
    const link = (type: string, id: string) => ({ tag_id: tag, record_type: type, record_id: id });
    const create = (type: string, id: string) => outcome(desk.repository.create(user, 'tag_links', link(type, id)));
    expect([await create('orders', own), await create('orders', other)]).toEqual(['ok', 'forbidden']);
    expect(await create('samples', sample)).toBe('validation_failed · /record_id reference_missing');
    await desk.create('tag_links', { name: undefined, ...link('orders', other) });
    const hidden = await desk.create('tag_links', { name: undefined, ...link('samples', sample) });
    const seen = (await desk.list('tag_links', `tag_id[eq]=${tag}`, user)).data.map((row) => row['record_id']);
    expect(new Set(seen)).toEqual(new Set([own, other]));
    expect(await outcome(desk.repository.read(user, 'tag_links', hidden))).toBe('not_found');
    const narrow = as(user, { ...rights, orders: { read: 'own', update: 'own' } });
    expect((await desk.list('tag_links', `tag_id[eq]=${tag}`, narrow)).data.map((row) => row['record_id'])).toEqual([own]);
  });

  test('the story of a record is for who may read it', async () => {
    const user = await desk.someone({ orders: { read: 'own' }, timeline: { read: 'own' }, auditlog: { read: 'own' } });
    const [own, other] = [await desk.create('orders', { owner_id: user.actor.id }), await desk.create('orders', {})];
    for (const [entity, id] of [
      ['timeline', 'parent_id'],
      ['auditlog', 'record_id'],
    ] as const) {
      expect((await desk.list(entity, `${id}[eq]=${own}`, user)).data).toHaveLength(1);
      expect((await desk.list(entity, `${id}[eq]=${other}`, user)).data).toEqual([]);
      expect((await desk.list(entity, 'limit=200', user)).data.every((row) => row[id] === own)).toBe(true);
    }
  });
});

describe('giving records away', () => {
  const give = (context: Context, id: string, owner_id: string | null) =>
    outcome(desk.repository.update(context, 'orders', id, { owner_id }));

  test('goes as far as the right to assign: oneself, one’s reach, anybody', async () => {
    const user = await desk.someone({});
    const [peer, stranger] = [await desk.someone({}), await desk.someone({})];
    const reach = { users: [user.actor.id, peer.actor.id], teams: [] };
    const to = (assign: 'none' | 'own' | 'team' | 'all'): Context => ({
      ...user,
      actor: actorWith(user.actor.id, { orders: { '*': 'all', assign }, users: 'all' }, reach),
    });
    const given = async (assign: 'none' | 'own' | 'team' | 'all') => {
      const results: string[] = [];
      for (const receiver of [user, peer, stranger]) {
        const order = await desk.create('orders', {});
        results.push(await give(to(assign), order, receiver.actor.id));
      }
      return results.map((result) => (result === 'ok' ? 'x' : '-')).join('');
    };
    expect([await given('none'), await given('own'), await given('team'), await given('all')]).toEqual([
      '---',
      'x--',
      'xx-',
      'xxx',
    ]);
    const refused = await desk.create('orders', {});
    expect(await give(to('own'), refused, stranger.actor.id)).toBe('validation_failed · /owner_id forbidden');
    // A new record is its maker's, whatever they may give away; for others it takes the right.
    const make = (context: Context, owner_id?: string) =>
      outcome(desk.repository.create(context, 'orders', { name: 'x', ...(owner_id === undefined ? {} : { owner_id }) }));
    expect([await make(to('none')), await make(to('none'), user.actor.id)]).toEqual(['ok', 'ok']);
    expect(await make(to('team'), stranger.actor.id)).toBe('validation_failed · /owner_id forbidden');
    expect(await make(to('team'), peer.actor.id)).toBe('ok');
  });
});
