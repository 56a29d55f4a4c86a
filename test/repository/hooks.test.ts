// Hooks around a write: what each may see, set and refuse, and what a failing one does.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Change, HookSet } from '../../server/repository/hooks.ts';
import { outboxChannel } from '../../server/repository/outbox.ts';
import { type Desk, openDesk, outcome } from './support/desk.ts';

let hook: Omit<HookSet, 'name'> = {};
let second: Omit<HookSet, 'name'> = {};
const changeable = (name: string, current: () => Omit<HookSet, 'name'>): HookSet => ({
  name,
  prepare: (context, change) => current().prepare?.(context, change) ?? [],
  beforeSave: (context, change) => current().beforeSave?.(context, change),
  afterSave: (context, change) => current().afterSave?.(context, change),
  afterCommit: (context, changes) => current().afterCommit?.(context, changes),
});

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk([changeable('first', () => hook), changeable('second', () => second)]);
});
beforeEach(() => {
  hook = {};
  second = {};
});
afterAll(() => desk.stop());

const issue = { pointer: '/name', code: 'refused', detail: 'No.' };
const update = (id: string, values: Record<string, unknown>) => outcome(desk.repository.update(desk.me, 'samples', id, values));

describe('prepare', () => {
  test('sees the change outside of any transaction and may refuse it', async () => {
    const id = await desk.create('samples', { count: 1 });
    const seen: [string, boolean, readonly string[]][] = [];
    hook = {
      prepare: (context, change) => {
        seen.push([change.operation, context.transaction === undefined, change.changed]);
        return [issue];
      },
    };
    expect(await outcome(desk.create('samples', { count: 1 }))).toBe('validation_failed · /name refused');
    expect(await update(id, { count: 2 })).toBe('validation_failed · /name refused');
    expect(seen).toEqual([
      ['create', true, ['name', 'count', 'fixed', 'status']],
      ['update', true, ['count']],
    ]);
    expect(await desk.read('samples', id)).toMatchObject({ version: 1 });
  });

  test('is not asked about malformed input or a patch that changes nothing', async () => {
    const id = await desk.create('samples', { count: 1 });
    hook = { prepare: () => [issue] };
    expect(await update(id, { count: 'x' })).toBe('validation_failed · /count type');
    expect(await update(id, { count: 1 })).toBe('ok');
    expect(await outcome(desk.create('samples', { count: 'x' }))).toBe('validation_failed · /count type');
    expect(await update('01890000-0000-7000-8000-000000000001', { count: 1 })).toBe('not_found');
  });
});

describe('beforeSave', () => {
  test('sets values, read-only ones too, which are parsed, stored, named and audited like any other', async () => {
    hook = { beforeSave: () => ({ set: { fixed: 'by hook', price: '2', name: 'Hooked', password: 'hooked secret' } }) };
    const id = await desk.create('samples', { name: 'Plain' });
    expect(await desk.read('samples', id)).toMatchObject({
      fixed: 'by hook',
      price: '2.00',
      price_currency: 'EUR',
      display_name: 'Hooked',
    });
    const [audit] = await desk.sql('SELECT changes FROM workshop.ws_auditlog WHERE record_id = ?', id);
    expect(audit?.['changes']).toMatchObject({ fixed: { after: 'by hook' }, password: { secret: true } });
  });

  test('what it sets must meet the rules, be well-formed and not the system’s', async () => {
    hook = { beforeSave: () => ({ set: { total: '-1' } }) };
    expect(await outcome(desk.create('orders'))).toBe('validation_failed · /total total_not_negative');
    hook = { beforeSave: () => ({ set: { total: 'x' } }) };
    expect(await outcome(desk.create('orders'))).toBe('validation_failed · /total type');
    hook = { beforeSave: () => ({ set: { version: 5, number: 'O-1', nothing: 1 } }) };
    expect(await outcome(desk.create('orders'))).toBe('validation_failed · /version read_only · /nothing unknown_field');
  });

  test('may fill what a rule asks for', async () => {
    hook = {
      beforeSave: (_context, change) => (change.after?.['state'] === 'paid' ? { set: { paid_on: '2024-01-01' } } : undefined),
    };
    const id = await desk.create('orders', { state: 'paid' });
    expect(await desk.read('orders', id)).toMatchObject({ paid_on: '2024-01-01' });
  });

  test('refuses with its issues, all hooks together', async () => {
    hook = { beforeSave: () => ({ issues: [issue] }) };
    second = { beforeSave: () => ({ issues: [{ ...issue, pointer: '' }] }) };
    expect(await outcome(desk.create('samples'))).toBe('validation_failed · /name refused ·  refused');
  });

  test('a later hook set sees what an earlier one set, and wins', async () => {
    hook = { beforeSave: () => ({ set: { nick: 'first', count: 1 } }) };
    const seen: unknown[] = [];
    second = {
      beforeSave: (_context, change) => {
        seen.push(change.after?.['nick']);
        return { set: { nick: 'second' } };
      },
    };
    const id = await desk.create('samples');
    expect(await desk.read('samples', id)).toMatchObject({ nick: 'second', count: 1 });
    expect(seen).toEqual(['first']);
  });

  test('that takes the change back leaves no trace of it', async () => {
    const id = await desk.create('samples', { count: 1 });
    hook = { beforeSave: () => ({ set: { count: 1 } }) };
    expect(await desk.repository.update(desk.me, 'samples', id, { count: 2 })).toEqual({
      id,
      version: 1,
      created: false,
      changed: false,
    });
    expect(await desk.sql('SELECT 1 FROM workshop.ws_auditlog WHERE record_id = ?', id)).toHaveLength(1);
  });

  test('is not asked when nothing changes', async () => {
    const id = await desk.create('samples', { count: 1 });
    hook = { beforeSave: () => ({ issues: [issue] }) };
    expect(await update(id, { count: 1 })).toBe('ok');
  });
});

describe('afterSave', () => {
  test('writes in the same transaction, and its changes are told with the others', async () => {
    const told: [string, string][] = [];
    hook = {
      afterSave: async (context, change) => {
        if (change.entity.name === 'groups' && change.operation === 'create')
          await desk.repository.create(context, 'regions', { name: `of ${String(change.after?.['name'])}` });
      },
      afterCommit: (context, changes) => {
        expect(context.transaction).toBeUndefined();
        for (const { operation, entity } of changes) told.push([operation, entity.name]);
      },
    };
    await desk.create('groups', { name: 'G' });
    expect(told).toEqual([
      ['create', 'groups'],
      ['create', 'regions'],
    ]);
    expect((await desk.list('regions', 'name[eq]=of G')).data).toHaveLength(1);
  });

  test('sees the record as it was stored', async () => {
    const seen: Change[] = [];
    hook = { afterSave: (_context, change) => void seen.push(change) };
    const id = await desk.create('samples', { code: 'seen', count: 1 });
    await desk.repository.update(desk.me, 'samples', id, { count: 2 });
    await desk.repository.remove(desk.me, 'samples', id);
    await desk.repository.restore(desk.me, 'samples', id);
    await desk.repository.purge(desk.me, 'samples', id);
    expect(
      seen.map(({ operation, before, after, changed }) => [
        operation,
        before?.['count'] ?? null,
        after?.['count'] ?? null,
        changed,
      ]),
    ).toEqual([
      ['create', null, 1, ['name', 'code', 'count', 'fixed', 'status']],
      ['update', 1, 2, ['count']],
      ['delete', 2, null, []],
      ['restore', null, 2, []],
      ['purge', 2, null, []],
    ]);
    expect(seen[1]?.after).toMatchObject({ id, version: 2, updated_by: desk.me.actor.id });
  });

  test('that fails takes the write back', async () => {
    hook = { afterSave: () => Promise.reject(new Error('no')) };
    await expect(desk.create('regions', { name: 'never' })).rejects.toThrow('no');
    hook = {};
    expect((await desk.list('regions', 'name[eq]=never')).data).toEqual([]);
  });
});

describe('the workers', () => {
  test('hear of new events after the commit', async () => {
    const listener = new pg.Client({ connectionString: desk.database.url });
    await listener.connect();
    await listener.query(`LISTEN "${outboxChannel(desk.registry.app)}"`);
    const heard = new Promise<string>((resolve) => listener.on('notification', ({ channel }) => resolve(channel)));
    await desk.create('regions');
    await desk.create('regions');
    expect(await heard).toBe('ws_outbox');
    await listener.end();
  });
});

describe('afterCommit', () => {
  test('that fails is logged, changes nothing, and does not keep the next from running', async () => {
    let ran = false;
    hook = { afterCommit: () => Promise.reject(new Error('too late')) };
    second = {
      afterCommit: () => {
        ran = true;
      },
    };
    const id = await desk.create('regions');
    expect(await desk.read('regions', id)).toMatchObject({ id });
    expect(ran).toBe(true);
    expect(desk.errors).toContain('hook first failed after the commit');
  });

  test('is not called for what was rolled back or changed nothing', async () => {
    const id = await desk.create('samples', { count: 1 });
    let called = 0;
    hook = {
      afterCommit: () => {
        called += 1;
      },
    };
    await update(id, { count: 1 });
    await outcome(desk.create('samples', { count: 'x' }));
    await expect(
      desk.repository.transaction(desk.me, async (inner) => {
        await desk.repository.create(inner, 'regions', { name: 'x' });
        throw new Error('back');
      }),
    ).rejects.toThrow('back');
    expect(called).toBe(0);
  });
});
