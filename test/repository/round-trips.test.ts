// How many statements reads and writes send: a change that adds one shows here.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { runIdempotent } from '../../server/repository/idempotency.ts';
import { type Desk, openDesk } from './support/desk.ts';

let desk: Desk;
let group: string;
let sent: string[] = [];
const query = pg.Client.prototype.query;

beforeAll(async () => {
  desk = await openDesk();
  group = await desk.create('groups');
});
beforeEach(() => {
  sent = [];
  pg.Client.prototype.query = function counted(this: pg.Client, ...given: unknown[]) {
    const [first] = given as [string | { text?: string }];
    sent.push((typeof first === 'string' ? first : (first.text ?? '')).replace(/\s+/g, ' ').slice(0, 60));
    return (query as (...all: unknown[]) => unknown).apply(this, given);
  } as typeof query;
});
afterEach(() => {
  pg.Client.prototype.query = query;
});
afterAll(() => desk.stop());

/** What the work sent, without the announcement of events that follows later. */
async function statements(work: () => Promise<unknown>): Promise<readonly string[]> {
  sent = [];
  await work();
  return sent.filter((text) => !text.startsWith('SELECT pg_notify')).map((text) => text.split(' ').slice(0, 2).join(' '));
}

describe('statements', () => {
  test('of a read and of a list are one, whatever they include', async () => {
    const id = await desk.create('samples', { group_id: group });
    expect(await statements(() => desk.read('samples', id, 'include=group.region,children.group,friends'))).toHaveLength(1);
    expect(await statements(() => desk.list('samples', 'include=group.region,children&group.name[ne]=x&q=a'))).toHaveLength(1);
    expect(await statements(() => desk.list('samples', 'count=exact'))).toHaveLength(2);
    expect(await statements(() => desk.repository.search(desk.me, 'sample', { limit: 5 }))).toHaveLength(1);
  });

  test('of a create: references, the row, its traces', async () => {
    expect(await statements(() => desk.create('regions'))).toEqual(['BEGIN;', 'insert into', 'WITH r0', 'COMMIT;']);
    expect(await statements(() => desk.create('samples', { group_id: group, parent_id: null }))).toEqual([
      'BEGIN;',
      "SELECT 'groups'",
      'insert into',
      'WITH r0',
      'COMMIT;',
    ]);
  });

  test('of an update: the row locked, references that changed, the row, its traces; nothing when nothing changes', async () => {
    const id = await desk.create('samples', { count: 1, group_id: group });
    const update = (values: Record<string, unknown>) => statements(() => desk.repository.update(desk.me, 'samples', id, values));
    expect(await update({ count: 2 })).toEqual([
      'BEGIN;',
      'SELECT "id",',
      'update "workshop"."ws_samples"',
      'WITH r0',
      'COMMIT;',
    ]);
    expect(await update({ count: 2 })).toEqual(['BEGIN;', 'SELECT "id",', 'COMMIT;']);
  });

  test('of a delete do not grow with the relations that could refer', async () => {
    const id = await desk.create('samples');
    expect(await statements(() => desk.repository.remove(desk.me, 'samples', id))).toEqual([
      'BEGIN;',
      'SELECT "id",',
      'update "workshop"."ws_samples"',
      'SELECT 0',
      'WITH r0',
      'COMMIT;',
    ]);
  });

  test('of an idempotent create: two more for the key', async () => {
    const request = { key: 'k', method: 'POST', path: '/x', fingerprint: 'f' };
    const work = () =>
      runIdempotent(desk.repository, desk.me, request, async (inner) => {
        const { id } = await desk.repository.create(inner, 'regions', { name: 'x' });
        return { status: 201, headers: {}, body: await desk.repository.read(inner, 'regions', id) };
      });
    expect(await statements(work)).toEqual([
      'BEGIN;',
      'SELECT pg_try_advisory_xact_lock(hashtextextended($1,',
      'insert into',
      'WITH r0',
      'SELECT (SELECT',
      'INSERT INTO',
      'COMMIT;',
    ]);
    expect(await statements(work)).toHaveLength(3);
  });
});
