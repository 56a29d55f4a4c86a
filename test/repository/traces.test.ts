// Every change leaves exactly one audit row and one event, a timeline entry where one is kept, and a secret nowhere.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digest } from '../../server/repository/audit.ts';
import type { HookSet } from '../../server/repository/hooks.ts';
import { runIdempotent } from '../../server/repository/idempotency.ts';
import { appendTimeline } from '../../server/repository/timeline.ts';
import { type Desk, openDesk, outcome, type Row } from './support/desk.ts';

let fail = false;
const spoiler: HookSet = {
  name: 'spoiler',
  afterSave: () => {
    if (fail) throw new Error('spoilt');
  },
};
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk([spoiler]);
});
afterAll(() => desk.stop());

const audits = (id: string) => desk.sql('SELECT * FROM workshop.ws_auditlog WHERE record_id = ? ORDER BY created_at, id', id);
const events = (id: string) => desk.sql('SELECT * FROM workshop.ws_outbox WHERE record_id = ? ORDER BY id', id);
const timeline = (id: string) => desk.sql('SELECT * FROM workshop.ws_timeline WHERE parent_id = ? ORDER BY created_at, id', id);
const everything = async () =>
  JSON.stringify(
    await Promise.all(
      ['samples', 'auditlog', 'outbox', 'timeline'].map((table) => desk.sql(`SELECT * FROM workshop.ws_${table} ORDER BY id`)),
    ),
  );

type Step = { readonly kind: 'update' | 'same' | 'delete' | 'restore' | 'bad' | 'fail'; readonly count: number };

describe('audit, event and record', () => {
  test('agree after any series of writes', async () => {
    const step = fc.record<Step>({
      kind: fc.constantFrom('update', 'update', 'same', 'delete', 'restore', 'bad', 'fail'),
      count: fc.integer({ min: 0, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const id = await desk.create('samples', { count: 0 });
        const done = ['create'];
        let live = true;
        let count = 0;
        for (const { kind, count: next } of steps) {
          const change = (values: Row) => desk.repository.update(desk.me, 'samples', id, values);
          if (kind === 'update' && live) {
            expect((await change({ count: next })).changed).toBe(next !== count);
            if (next !== count) done.push('update');
            count = next;
          } else if (kind === 'same' && live) expect((await change({ count })).changed).toBe(false);
          else if (kind === 'bad') expect(await outcome(change({ count: 'x' }))).not.toBe('ok');
          else if (kind === 'fail' && live) {
            fail = true;
            await expect(change({ count: count + 1 })).rejects.toThrow('spoilt');
            fail = false;
          } else if (kind === 'delete' && live) {
            await desk.repository.remove(desk.me, 'samples', id);
            done.push('delete');
            live = false;
          } else if (kind === 'restore' && !live) {
            await desk.repository.restore(desk.me, 'samples', id);
            done.push('restore');
            live = true;
          }
        }
        const [audit, outbox, told] = [await audits(id), await events(id), await timeline(id)];
        const versions = done.map((_, at) => at + 1);
        expect(audit.map((row) => row['operation'])).toEqual(done);
        expect(audit.map((row) => row['record_version'])).toEqual(versions);
        expect(outbox.map((row) => row['operation'])).toEqual(done);
        expect(outbox.map((row) => (row['payload'] as Row)['version'])).toEqual(versions);
        const kinds: Readonly<Record<string, string>> = {
          create: 'created',
          update: 'updated',
          delete: 'deleted',
          restore: 'restored',
        };
        expect(told.map((row) => row['kind'])).toEqual(done.map((operation) => kinds[operation]));
        const [row] = await desk.sql(
          'SELECT version, count, deleted_at IS NULL AS live FROM workshop.ws_samples WHERE id = ?',
          id,
        );
        expect(row).toEqual({ version: done.length, count, live });
        expect(audit.map((entry) => entry['transaction_id'])).toEqual(outbox.map((event) => event['transaction_id']));
      }),
      { numRuns: 25 },
    );
  });

  test('the digest follows from the salt and the content, and from no other', async () => {
    const id = await desk.create('samples', {
      extra: { b: 1, a: [1e21, -0, 0.1] },
      home: { city: 'Bonn' },
      labels: ['b', 'a'],
      price: '5',
      seen_at: '2024-01-01T00:00:00Z',
    });
    await desk.repository.update(desk.me, 'samples', id, { extra: null, price: '7', nick: 'ü' });
    await desk.repository.remove(desk.me, 'samples', id);
    const rows = await audits(id);
    expect(rows).toHaveLength(3);
    const covered = [
      'record_type',
      'record_id',
      'record_name',
      'operation',
      'actor_id',
      'source',
      'request_id',
      'correlation_id',
      'record_version',
      'changes',
    ];
    for (const row of rows) {
      const content = Object.fromEntries(covered.map((name) => [name, row[name]]));
      expect(digest(String(row['salt']), content)).toBe(row['digest']);
      for (const name of covered) expect(digest(String(row['salt']), { ...content, [name]: 'forged' })).not.toBe(row['digest']);
      expect(digest('other', content)).not.toBe(row['digest']);
    }
    expect(new Set(rows.map((row) => row['salt'])).size).toBe(3);
  });

  test('the event tells the record as it reads', async () => {
    const id = await desk.create('samples', {
      count: 1,
      ratio: '2',
      price: '3',
      due: '2024-01-01',
      seen_at: '2024-01-01T00:00:00+01:00',
      opens: '09:30',
      labels: ['a'],
      extra: { a: [1] },
      home: { city: 'Bonn' },
    });
    await desk.repository.update(desk.me, 'samples', id, { ratio: '2.5' });
    const read = await desk.read('samples', id);
    const [created, updated] = (await events(id)).map(
      (row) => row['payload'] as { before: Row | null; after: Row; changed: string[] },
    );
    expect(updated?.after).toEqual(read);
    expect(updated?.changed).toEqual(['ratio']);
    expect([created?.before, updated?.before]).toEqual([null, created?.after]);
    expect(JSON.stringify(created)).not.toMatch(/search_text|deletion_id/);
  });

  test('the actor is told, nobody for the system', async () => {
    const { systemContext } = await import('../../server/repository/context.ts');
    const mine = await desk.create('regions');
    const nobodys = await desk.create('regions', {}, systemContext(desk.registry));
    expect((await audits(mine))[0]).toMatchObject({ actor_id: desk.me.actor.id, source: 'api' });
    expect((await audits(nobodys))[0]).toMatchObject({ actor_id: null, source: 'system' });
  });

  test('a cascade leaves one of each for every record', async () => {
    const order = await desk.create('orders');
    const line = await desk.create('lines', { order_id: order });
    const memo = await desk.create('memos', { order_id: order });
    await desk.repository.remove(desk.me, 'orders', order);
    expect((await audits(line)).map((row) => row['operation'])).toEqual(['create', 'delete']);
    expect((await audits(memo)).map((row) => [row['operation'], row['changes']])).toEqual([
      ['create', expect.anything()],
      ['update', { order_id: { before: order, after: null } }],
    ]);
    expect((await events(line)).map((row) => row['operation'])).toEqual(['create', 'delete']);
    expect((await events(memo)).map((row) => row['operation'])).toEqual(['create', 'update']);
  });

  test('a field that is excluded from the audit is not in its changes', async () => {
    const id = await desk.create('notes', { name: 'private' });
    await desk.repository.update(desk.me, 'notes', id, { name: 'more private' });
    expect(JSON.stringify((await audits(id)).map((row) => row['changes']))).not.toContain('private');
  });

  test('a purge is told with everything that was lost', async () => {
    const id = await desk.create('regions', { name: 'Lost' });
    await desk.repository.purge(desk.me, 'regions', id);
    expect((await audits(id))[1]).toMatchObject({
      operation: 'purge',
      record_name: 'Lost',
      changes: { name: { before: 'Lost', after: null } },
    });
    expect(await timeline(id)).toEqual([]);
  });

  test('a hook that fails after the save takes everything back', async () => {
    const before = await everything();
    fail = true;
    await expect(desk.create('samples')).rejects.toThrow('spoilt');
    fail = false;
    expect(await everything()).toBe(before);
  });

  test('plugins add timeline entries of their own', async () => {
    const id = await desk.create('samples');
    const entry = { entity: 'samples', id, kind: 'note', summary: 'Called back', data: { minutes: 3 } };
    await desk.repository.transaction(desk.me, (inner) => appendTimeline(inner, entry));
    expect((await timeline(id))[1]).toMatchObject({
      kind: 'note',
      summary: 'Called back',
      data: { minutes: 3 },
      actor_id: desk.me.actor.id,
    });
  });
});

describe('a secret', () => {
  test('stands in no table and in no answer, only its hash in its column', async () => {
    const canary = 'CanaryBird-7731';
    const request = { key: 'k', method: 'POST', path: '/samples', fingerprint: 'f' };
    let id = '';
    await runIdempotent(desk.repository, desk.me, request, async (inner) => {
      ({ id } = await desk.repository.create(inner, 'samples', { name: 'Secretive', password: canary }));
      return { status: 201, headers: {}, body: await desk.repository.read(inner, 'samples', id) };
    });
    await desk.repository.update(desk.me, 'samples', id, { password: `${canary}-2` });
    await outcome(desk.repository.update(desk.me, 'samples', id, { password: canary }, { ifVersion: 99 }));
    await outcome(desk.repository.update(desk.me, 'samples', id, { password: canary, count: canary }));
    expect(await outcome(desk.repository.update(desk.me, 'samples', id, { password: 'short' }))).toBe(
      'validation_failed · /password min_length',
    );
    const tables = await desk.sql(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(30);
    for (const { name } of tables) {
      const found = await desk.sql(`SELECT 1 FROM ${String(name)} t WHERE t::text ILIKE ?`, `%${canary}%`);
      expect([name, found]).toEqual([name, []]);
    }
    const hash = '%$argon2%';
    for (const { name } of tables.filter(({ name }) => !/ws_(samples|users)$/.test(String(name))))
      expect([name, await desk.sql(`SELECT 1 FROM ${String(name)} t WHERE t::text LIKE ?`, hash)]).toEqual([name, []]);
    expect(await desk.repository.read(desk.me, 'samples', id)).not.toContain('argon2');
    expect((await audits(id)).map((row) => (row['changes'] as Row)['password'])).toEqual([{ secret: true }, { secret: true }]);
    expect(await desk.sql('SELECT 1 FROM workshop.ws_samples WHERE id = ? AND password LIKE ?', id, hash)).toHaveLength(1);
  });

  test('can be cleared, which is told too', async () => {
    const id = await desk.create('samples', { password: 'CanaryBird-7731' });
    await desk.repository.update(desk.me, 'samples', id, { password: null });
    expect(await desk.sql('SELECT password FROM workshop.ws_samples WHERE id = ?', id)).toEqual([{ password: null }]);
    expect((await audits(id))[1]?.['changes']).toEqual({ password: { secret: true } });
  });
});
