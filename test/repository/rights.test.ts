// Rights by roles: teams and managers, record filters, field rights, shares, records that belong to others, and who gets what.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { actorOf } from '../../server/auth/actor-of.ts';
import { reachOf } from '../../server/auth/reach.ts';
import type { EntityGrant, RoleMetadata } from '../../server/metadata/types.ts';
import { parseListQuery } from '../../server/query/parse.ts';
import { seenBy } from '../../server/repository/access.ts';
import { type Context, systemContext } from '../../server/repository/context.ts';
import { type Desk, openDesk, outcome, type Row } from './support/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.stop());

type Roles = Readonly<Record<string, Readonly<Record<string, EntityGrant>>>>;

const people: Record<string, EntityGrant> = { users: { read: 'all' }, teams: { read: 'all' }, team_members: { read: 'all' } };

/** A new user with these roles, all of them. */
async function someone(roles: Roles): Promise<Context> {
  const values = { email: `u${randomUUID()}@example.com`, first_name: 'A', last_name: 'User' };
  const { id } = await desk.repository.create(systemContext(desk.registry), 'users', values);
  return again(id, roles);
}

/** The same user with other roles, or with the teams of now. */
async function again(id: string, roles: Roles): Promise<Context> {
  const made = Object.entries(roles).map(([name, entities]): [string, RoleMetadata] => [
    name,
    { id: `role_${name}`, name, label: { en: name }, entities: { ...people, ...entities } },
  ]);
  const registry = { ...desk.registry, roles: new Map(made) };
  const reach = await reachOf(desk.database.knex, registry, id);
  const user = { id, email: 'u@example.com', name: 'U', roles: Object.keys(roles), language: null, active: true, reach };
  return { ...systemContext(registry, 'api'), actor: actorOf(user, registry) };
}

async function list(context: Context, entity: string, query = ''): Promise<readonly Row[]> {
  const seen = seenBy(context);
  const asked = parseListQuery(seen, seen.entities.get(entity) ?? desk.entity(entity), new URLSearchParams(query));
  return (await desk.repository.list(context, asked)).rows.map((row) => JSON.parse(row) as Row);
}

const ids = async (context: Context, entity: string, query = '') =>
  (await list(context, entity, `sort=id&limit=200&${query}`)).map((row) => row['id']);

const read = async (context: Context, entity: string, id: string): Promise<Row> =>
  JSON.parse(await desk.repository.read(context, entity, id)) as Row;

const orderOf = (context: Context, more: object = {}): Promise<string> =>
  desk.create('orders', { owner_id: context.actor.id, ...more });

/** A team, and who is in it. */
async function team(members: readonly Context[], more: object = {}, roles: readonly string[] = []): Promise<string> {
  const system = systemContext(desk.registry);
  const { id } = await desk.repository.create(system, 'teams', { name: `Team ${randomUUID()}`, ...more });
  for (const [at, { actor }] of members.entries())
    await desk.repository.create(system, 'team_members', { team_id: id, user_id: actor.id, role: roles[at] ?? 'member' });
  return id;
}

describe('team', () => {
  const roles: Roles = { rep: { orders: { read: 'team', update: 'team' } } };

  test('reaches the records of one’s teams, of sub-teams of those that one heads, and of those below oneself', async () => {
    const [boss, lead, peer, below, report, stranger] = await Promise.all(Array.from({ length: 6 }, () => someone(roles)));
    if (!boss || !lead || !peer || !below || !report || !stranger) throw new Error('no users');
    const upper = await team([boss], { manager_id: boss.actor.id });
    const middle = await team([lead, peer], { parent_id: upper }, ['lead']);
    await team([below], { parent_id: middle });
    await desk.repository.update(systemContext(desk.registry), 'users', report.actor.id, { manager_id: peer.actor.id });
    const orders = await Promise.all([boss, lead, peer, below, report, stranger].map((one) => orderOf(one)));
    const seen = async (one: Context) => {
      const found = await ids(await again(one.actor.id, roles), 'orders', `id[in]=${orders.join()}`);
      return orders.map((id) => (found.includes(id) ? 'x' : '-')).join('');
    };
    //                            boss lead peer below report stranger
    expect(await seen(boss)).toBe('xxxxx-'.replace('xxxxx', 'xxxx-'));
    expect(await seen(lead)).toBe('-xxx--');
    expect(await seen(peer)).toBe('-xx-x-');
    expect(await seen(below)).toBe('---x--');
    expect(await seen(report)).toBe('----x-');
    expect(await seen(stranger)).toBe('-----x');
  });

  test('ends with the membership, and with the team', async () => {
    const [one, other] = [await someone(roles), await someone(roles)];
    const id = await team([one, other]);
    const order = await orderOf(other);
    const sees = async () => (await ids(await again(one.actor.id, roles), 'orders', `id[eq]=${order}`)).length;
    expect(await sees()).toBe(1);
    await desk.repository.update(systemContext(desk.registry), 'teams', id, { active: false });
    expect(await sees()).toBe(0);
    await desk.repository.update(systemContext(desk.registry), 'teams', id, { active: true });
    expect(await sees()).toBe(1);
    await desk.sql(`UPDATE ${desk.entity('team_members').qualifiedTable} SET deleted_at = now() WHERE team_id = '${id}'`);
    expect(await sees()).toBe(0);
  });
});

describe('record filters', () => {
  const drafts = { filter: { fact: 'state', operator: 'equal', value: 'draft' } } as const;

  test('limit every right, also what a record may become', async () => {
    const user = await someone({
      clerk: { orders: { create: true, read: 'all', update: 'all', delete: 'all', assign: 'all', ...drafts } },
    });
    const draft = await orderOf(user);
    const paid = await orderOf(user, { state: 'paid', paid_on: '2026-01-01' });
    expect(await ids(user, 'orders', `id[in]=${draft},${paid}`)).toEqual([draft]);
    const { repository } = desk;
    expect(await outcome(repository.read(user, 'orders', paid))).toBe('not_found');
    expect(await outcome(repository.update(user, 'orders', paid, { total: '1' }))).toBe('not_found');
    expect(await outcome(repository.remove(user, 'orders', paid))).toBe('not_found');
    expect(await outcome(repository.update(user, 'orders', draft, { state: 'paid', paid_on: '2026-01-01' }))).toBe('forbidden');
    expect(await read(user, 'orders', draft)).toMatchObject({ state: 'draft', version: 1 });
    expect(await outcome(repository.update(user, 'orders', draft, { total: '1' }))).toBe('ok');
    expect(await outcome(repository.create(user, 'orders', { name: 'x', state: 'paid', paid_on: '2026-01-01' }))).toBe(
      'forbidden',
    );
    expect(await outcome(repository.create(user, 'orders', { name: 'x' }))).toBe('ok');
  });

  test('of several roles add up, each with its own level', async () => {
    const user = await someone({
      clerk: { orders: { read: 'own' } },
      cashier: { orders: { read: 'all', filter: { fact: 'state', operator: 'equal', value: 'paid' } } },
    });
    const [own, others, paid] = [
      await orderOf(user),
      await desk.create('orders', {}),
      await desk.create('orders', { state: 'paid', paid_on: '2026-01-01' }),
    ];
    expect(await ids(user, 'orders', `id[in]=${own},${others},${paid}`)).toEqual([own, paid].sort());
  });

  test('may look at what the actor may not see, and at who they are', async () => {
    const groups = { fact: 'group.level', operator: 'greaterThan', value: 5 } as const;
    const user = await someone({ clerk: { orders: { read: 'all', filter: groups } } });
    const [low, high] = [await desk.create('groups', { level: 3 }), await desk.create('groups', { level: 9 })];
    const [below, above] = [await desk.create('orders', { group_id: low }), await desk.create('orders', { group_id: high })];
    expect(await ids(user, 'orders', `id[in]=${below},${above}`)).toEqual([above]);
    await expect(list(user, 'orders', 'group.level[gt]=1')).rejects.toMatchObject({ code: 'invalid_query' });
    const mine = { fact: 'owner_id', operator: 'equal', value: { fact: 'actor.id' } } as const;
    const owner = await someone({ clerk: { orders: { read: 'all', filter: mine } } });
    const order = await orderOf(owner);
    expect(await ids(owner, 'orders')).toEqual([order]);
  });
});

describe('fields', () => {
  const closed: Roles = {
    clerk: {
      samples: {
        create: true,
        read: 'all',
        update: 'all',
        fields: {
          nick: { read: false },
          code: { read: 'masked', keepEnd: 2 },
          email: { read: true, write: false },
          story: { read: false, write: true },
        },
      },
    },
  };

  test('that are closed do not exist: not in answers, filters, sorts, searches or suggestions', async () => {
    const user = await someone(closed);
    const id = await desk.create('samples', { name: 'Field One', nick: 'canary-nick', story: 'canary-story' });
    const record = await read(user, 'samples', id);
    expect(Object.keys(record)).not.toEqual(expect.arrayContaining(['nick']));
    expect(JSON.stringify(record)).not.toContain('canary');
    for (const query of ['nick[eq]=x', 'sort=nick', 'fields=id,nick', 'nonesuch[eq]=x', 'sort=nonesuch', 'fields=id,nonesuch']) {
      const error = await list(user, 'samples', query).catch((caught: unknown) => caught);
      const [issue] = (error as { errors: readonly { code: string; detail: string }[] }).errors;
      expect(issue?.detail.replace('nonesuch', 'nick')).not.toMatch(/Did you mean "(nick|story)"/);
      expect([query, issue?.code]).toEqual([query, query.includes('[') ? 'unknown_fact' : 'unknown_field']);
    }
    expect(await ids(user, 'samples', 'q=canary')).toEqual([]);
    expect(await desk.repository.search(user, 'canary', { limit: 5 })).toEqual([]);
    expect(await ids(user, 'samples', 'q=field')).toContain(id);
  });

  test('that are masked show that there is a value, and its end, and cannot be asked for', async () => {
    const user = await someone(closed);
    const id = await desk.create('samples', { name: 'Masked', code: 'abcdef' });
    const short = await desk.create('samples', { name: 'Short', code: 'xyz' });
    const none = await desk.create('samples', { name: 'None' });
    expect((await read(user, 'samples', id))['code']).toBe('•••ef');
    expect((await read(user, 'samples', short))['code']).toBe('•••');
    expect((await read(user, 'samples', none))['code']).toBeNull();
    for (const query of ['code[eq]=abcdef', 'sort=code'])
      await expect(list(user, 'samples', query)).rejects.toMatchObject({ status: 400 });
    // The name is made of the code, too: it is masked with it.
    expect(await read(user, 'samples', id)).toMatchObject({ display_name: '•••', name: 'Masked' });
    expect((await desk.repository.search(user, 'abcdef', { limit: 5 })).map((hit) => hit.id)).toEqual([]);
  });

  test('may be set where a role says so, and no further; setting blindly tells nothing', async () => {
    const user = await someone(closed);
    const id = await desk.create('samples', { name: 'Set', nick: 'n', email: 'set@example.com', story: 'told' });
    const set = (values: object) => outcome(desk.repository.update(user, 'samples', id, { ...values }));
    expect(await set({ nick: 'x' })).toBe('validation_failed · /nick unknown_field');
    expect(await set({ code: 'x' })).toBe('validation_failed · /code forbidden');
    expect(await set({ email: 'x@example.com' })).toBe('validation_failed · /email forbidden');
    const before = Number((await read(user, 'samples', id))['version']);
    expect([await set({ story: 'told' }), await set({ story: 'other' })]).toEqual(['ok', 'ok']);
    expect((await read(user, 'samples', id))['version']).toBe(before + 2);
    expect(await read(desk.me, 'samples', id)).toMatchObject({ nick: 'n', email: 'set@example.com', story: 'other' });
    expect(await outcome(desk.repository.create(user, 'samples', { name: 'New', nick: 'x' }))).toBe(
      'validation_failed · /nick unknown_field',
    );
    expect(await outcome(desk.repository.upsert(user, 'samples', { code: 'abc', name: 'U' }, 'code'))).toBe('invalid_query');
  });

  test('of several roles are open in the records of the role that opens them, and nowhere else', async () => {
    const user = await someone({
      wide: { orders: { read: 'all', update: 'all', fields: { memo: { read: false }, total: { read: true, write: false } } } },
      narrow: { orders: { read: 'own', update: 'own' } },
    });
    const [own, other] = [await orderOf(user, { memo: 'mine' }), await desk.create('orders', { memo: 'theirs' })];
    expect([(await read(user, 'orders', own))['memo'], (await read(user, 'orders', other))['memo']]).toEqual(['mine', null]);
    await expect(list(user, 'orders', 'memo[eq]=theirs')).rejects.toMatchObject({ code: 'invalid_query' });
    expect(await outcome(desk.repository.update(user, 'orders', own, { total: '5' }))).toBe('ok');
    expect(await outcome(desk.repository.update(user, 'orders', other, { total: '5' }))).toBe(
      'validation_failed · /total forbidden',
    );
    const open = await someone({
      wide: { orders: { read: 'all', fields: { memo: { read: false } } } },
      all: { orders: { read: 'all' } },
    });
    expect(await ids(open, 'orders', 'memo[eq]=theirs')).toContain(other);
  });

  test('that carry a relation close it on both sides', async () => {
    const user = await someone({
      clerk: { orders: { read: 'all', fields: { group_id: { read: false } } }, groups: { read: 'all' } },
    });
    const group = await desk.create('groups', {});
    await desk.create('orders', { group_id: group });
    expect(seenBy(user).entities.get('orders')?.relations.has('group')).toBe(false);
    expect(seenBy(user).entities.get('groups')?.relations.has('orders')).toBe(false);
    await expect(list(user, 'orders', 'include=group')).rejects.toMatchObject({ code: 'invalid_query' });
  });

  test('are left out of the audit log and the timeline of the record', async () => {
    const user = await someone({
      clerk: {
        samples: { read: 'all', fields: { nick: { read: false } } },
        auditlog: { read: 'own' },
        timeline: { read: 'own' },
      },
    });
    const id = await desk.create('samples', { name: 'Audited', nick: 'canary-one' });
    await desk.repository.update(desk.me, 'samples', id, { nick: 'canary-two', kind: 'red' });
    const audit = await list(user, 'auditlog', `record_id[eq]=${id}`);
    expect(audit).toHaveLength(2);
    expect(JSON.stringify(audit)).not.toMatch(/canary|nick/);
    expect(audit.map((row) => Object.keys(row['changes'] as object))).toEqual(expect.arrayContaining([['kind']]));
    const timeline = await list(user, 'timeline', `parent_id[eq]=${id}`);
    expect(timeline.map((row) => row['data'])).toEqual(expect.arrayContaining([{ changed: ['kind'] }]));
    expect(await list(desk.me, 'auditlog', `record_id[eq]=${id}`)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ changes: expect.objectContaining({ nick: { before: 'canary-one', after: 'canary-two' } }) }),
      ]),
    );
  });
});
