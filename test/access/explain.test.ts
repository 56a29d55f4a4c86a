// Why somebody may do something with a record: the answer agrees with what really happens, and names who says so.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { actorsOf } from '../../server/auth/actors.ts';
import { type Explanation, explainable } from '../../server/auth/explain.ts';
import type { Context } from '../../server/repository/context.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
const users = new Map<string, { readonly id: string; readonly token: string }>();

beforeAll(async () => {
  app = await startTestApp();
  for (const [name, role] of [
    ['rep', 'sales_rep'],
    ['peer', 'sales_rep'],
    ['stranger', 'sales_rep'],
    ['agent', 'support'],
    ['writer', 'marketing'],
    ['boss', 'manager'],
  ] as const) {
    const login = { email: `${name}@example.com`, password: 'long enough for all' };
    const made = await app.request('POST', '/users', { body: { first_name: 'T', last_name: name, roles: [role], ...login } });
    const { body } = await app.request('POST', '/auth/login', { body: login, token: null });
    users.set(name, { id: String(made.body['data']?.['id']), token: String(body['data']?.['access_token']) });
  }
  const team = await app.repository.create(app.context(), 'teams', { name: 'North' });
  for (const name of ['rep', 'peer'])
    await app.repository.create(app.context(), 'team_members', { team_id: team.id, user_id: user(name).id });
});
afterAll(() => app.stop());

function user(name: string) {
  const found = users.get(name);
  if (found === undefined) throw new Error(name);
  return found;
}

async function contextOf(name: string): Promise<Context> {
  const actor = await actorsOf(app.knex).byId(app.registry, user(name).id);
  if (actor === undefined) throw new Error(name);
  return { ...app.context(), actor };
}

async function ask(path: string, token?: string): Promise<{ status: number; data: Explanation; code: unknown }> {
  const { status, body } = await app.request('GET', path, token === undefined ? {} : { token });
  return { status, data: body['data'] as unknown as Explanation, code: body['code'] };
}

const owned = (name: string): Promise<{ id: string }> =>
  app.repository.create(app.context(), 'leads', { last_name: `Of ${name}`, company: 'Co', owner_id: user(name).id });

/** What really happens, without doing it: in a transaction that is taken back. */
async function happens(context: Context, entity: string, id: string, action: string): Promise<boolean> {
  const undone = new Error('taken back');
  try {
    await app.repository.transaction(context, async (inner) => {
      if (action === 'read') await app.repository.read(inner, entity, id);
      if (action === 'update') await app.repository.update(inner, entity, id, {});
      if (action === 'delete') await app.repository.remove(inner, entity, id);
      if (action === 'purge') await app.repository.purge(inner, entity, id);
      throw undone;
    });
  } catch (error) {
    return error === undone;
  }
  return false;
}

describe('the answer', () => {
  test('agrees with what happens, for every user, record and action', async () => {
    const leads = new Map<string, string>();
    for (const name of ['rep', 'peer', 'stranger']) leads.set(name, (await owned(name)).id);
    const shared = (await owned('stranger')).id;
    await app.repository.create(app.context(), 'shares', {
      record_type: 'leads',
      record_id: shared,
      user_id: user('rep').id,
      access: 'write',
    });
    leads.set('shared', shared);
    let cases = 0;
    for (const name of users.keys()) {
      const context = await contextOf(name);
      for (const id of leads.values()) {
        for (const action of ['read', 'update', 'delete', 'purge']) {
          const { status, data } = await ask(`/leads/${id}/access?user=${user(name).id}&action=${action}`);
          const really = await happens(context, 'leads', id, action);
          expect([name, id, action, status, data.allowed]).toEqual([name, id, action, 200, really]);
          cases += 1;
        }
      }
    }
    expect(cases).toBe(6 * 4 * 4);
  });

  test('names the role, the file and the place that say so, and the share', async () => {
    const lead = (await owned('peer')).id;
    const { data } = await ask(`/leads/${lead}/access?user=${user('rep').id}&action=update`);
    expect(data).toMatchObject({ allowed: false, action: 'update', user: { roles: ['sales_rep'] } });
    expect(data.because).toContainEqual({
      kind: 'role',
      role: 'sales_rep',
      entry: 'leads',
      level: 'own',
      reaches: false,
      grants: false,
      source: { layer: 'application', file: expect.stringContaining('sales_rep.role.json'), pointer: '/entities/leads/update' },
    });
    const made = await app.repository.create(app.context(), 'shares', {
      record_type: 'leads',
      record_id: lead,
      user_id: user('rep').id,
      access: 'write',
    });
    const shared = await ask(`/leads/${lead}/access?user=${user('rep').id}&action=update`);
    expect(shared.data.allowed).toBe(true);
    expect(shared.data.because).toContainEqual(
      expect.objectContaining({ kind: 'share', share: made.id, access: 'write', grants: true }),
    );
  });

  test('tells the record filter and whether the record is within it, and which fields are closed, masked or locked', async () => {
    const deal = await app.repository.create(app.context(), 'opportunities', {
      name: 'Deal',
      stage: 'qualification',
      close_date: '2030-01-01',
    });
    const { data } = await ask(`/opportunities/${deal.id}/access?user=${user('writer').id}`);
    expect(data.allowed).toBe(false);
    expect(data.because).toContainEqual(
      expect.objectContaining({ role: 'marketing', level: 'all', reaches: true, filter_met: false, grants: false }),
    );
    const contact = await app.repository.create(app.context(), 'contacts', { last_name: 'Fields', mobile: '+4915112345678' });
    const { data: fields } = await ask(`/contacts/${contact.id}/access?user=${user('writer').id}`);
    expect(fields.fields).toMatchObject({
      closed: expect.arrayContaining(['birthdate']),
      masked: ['mobile'],
      locked: ['mobile', 'birthdate'],
    });
  });

  test('leads to the record that a record belongs to', async () => {
    const deal = await app.repository.create(app.context(), 'opportunities', {
      name: 'With lines',
      stage: 'qualification',
      close_date: '2030-01-01',
      owner_id: user('rep').id,
    });
    const product = await app.repository.create(app.context(), 'products', { name: 'P', code: 'P-1' });
    const line = await app.repository.create(app.context(), 'opportunity_lines', {
      opportunity_id: deal.id,
      product_id: product.id,
      quantity: '1',
      unit_price: '1',
    });
    const { data } = await ask(`/opportunity_lines/${line.id}/access?user=${user('stranger').id}&action=update`);
    expect(data.allowed).toBe(false);
    expect(data.because).toContainEqual(
      expect.objectContaining({
        kind: 'parent',
        relation: 'opportunity',
        grants: false,
        of: expect.objectContaining({ id: deal.id, action: 'update' }),
      }),
    );
    expect((await ask(`/opportunity_lines/${line.id}/access?user=${user('rep').id}&action=update`)).data.allowed).toBe(true);
  });

  test('says what stands in the way whatever the roles say', async () => {
    const lead = (await owned('rep')).id;
    const restore = await ask(`/leads/${lead}/access?action=restore`);
    expect(restore.data).toMatchObject({
      allowed: false,
      because: expect.arrayContaining([expect.objectContaining({ kind: 'record' })]),
    });
    await app.repository.remove(app.context(), 'leads', lead);
    expect((await ask(`/leads/${lead}/access?action=restore`)).data.allowed).toBe(true);
    expect((await ask(`/leads/${lead}/access?action=update`)).data.allowed).toBe(false);
  });
});

describe('who may ask', () => {
  test('everybody for themselves, for others who has the right, and nobody of records that they may not read', async () => {
    const lead = (await owned('stranger')).id;
    const own = (await owned('rep')).id;
    expect((await ask(`/leads/${own}/access`, user('rep').token)).data.allowed).toBe(true);
    expect((await ask(`/leads/${own}/access?user=${user('peer').id}`, user('rep').token)).code).toBe('forbidden');
    expect((await ask(`/leads/${own}/access?user=${user('peer').id}`, user('boss').token)).status).toBe(200);
    expect((await ask(`/leads/${lead}/access`, user('rep').token)).code).toBe('not_found');
    const nowhere = await ask('/leads/00000000-0000-7000-8000-000000000000/access', user('rep').token);
    expect(nowhere.code).toBe('not_found');
  });

  test('bad questions are told with their place', async () => {
    const lead = (await owned('rep')).id;
    for (const [query, status, code] of [
      ['action=fly', 400, 'invalid_query'],
      ['action=create', 400, 'invalid_query'],
      ['user=me', 400, 'invalid_query'],
      ['user=00000000-0000-7000-8000-000000000000', 400, 'invalid_query'],
      ['who=me', 400, 'unknown_parameter'],
    ] as const) {
      const answer = await ask(`/leads/${lead}/access?${query}`);
      expect([query, answer.status, answer.code]).toEqual([query, status, code]);
    }
    expect((await ask('/nonesuch/1/access')).code).toBe('not_found');
    expect(explainable).not.toContain('create');
  });
});
