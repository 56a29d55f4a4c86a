// Entities whose records a peer writes: rights and versions are the repository's, the act is the delegate's, and it stands alone.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Context } from '../../server/repository/context.ts';
import { createRepository } from '../../server/repository/create-repository.ts';
import type { RecordDelegate } from '../../server/repository/delegates.ts';
import type { Repository } from '../../server/repository/repository.ts';
import { type Desk, openDesk } from './support/desk.ts';

let desk: Desk;
let repository: Repository;
const told: unknown[][] = [];
const answer = (id: string) => ({ id, version: 7, created: false, changed: true });

const delegate: RecordDelegate = {
  create: async (context, input) => {
    told.push(['create', input, context.transaction]);
    return { ...answer('made'), created: true };
  },
  update: async (context, current, patch) => {
    told.push(['update', current.record['name'], patch, context.transaction]);
    return answer(current.id);
  },
  remove: async (_context, current) => {
    told.push(['remove', current.version]);
    return answer(current.id);
  },
  restore: async (_context, current) => {
    told.push(['restore', current.deletionId !== null]);
    return answer(current.id);
  },
};

beforeAll(async () => {
  desk = await openDesk();
  repository = createRepository({
    knex: desk.database.knex,
    hooks: [],
    delegates: { samples: delegate },
    onError: () => undefined,
  });
});
afterAll(() => desk.stop());
const system = (): Context => ({ ...desk.me, source: 'system' });

describe('a delegated entity', () => {
  test('hands over the input as it came, outside of any transaction', async () => {
    told.length = 0;
    const input = { name: 'One', anything: { goes: true } };
    const written = await repository.transaction(desk.me, (inner) => repository.create(inner, 'samples', input));
    expect(written).toMatchObject({ id: 'made', created: true });
    expect(told).toEqual([['create', input, undefined]]);
  });

  test('finds the row and holds to its version before the delegate is asked', async () => {
    told.length = 0;
    const { id } = await repository.create(system(), 'samples', { name: 'Two' });
    await repository.update(desk.me, 'samples', id, { name: 'Three' }, { ifVersion: 1 });
    await repository.remove(desk.me, 'samples', id);
    expect(told).toEqual([
      ['update', 'Two', { name: 'Three' }, undefined],
      ['remove', 1],
    ]);
    await expect(repository.update(desk.me, 'samples', id, {}, { ifVersion: 2 })).rejects.toMatchObject({
      code: 'stale_version',
    });
    await expect(repository.restore(desk.me, 'samples', id)).rejects.toMatchObject({ code: 'not_found' });
    expect(told).toHaveLength(2);
    await repository.remove(system(), 'samples', id);
    await repository.restore(desk.me, 'samples', id);
    expect(told.at(-1)).toEqual(['restore', true]);
  });

  test('asks for the same rights as any other entity', async () => {
    told.length = 0;
    const reader = await desk.someone({ samples: { read: 'all', '*': 'none' } });
    const { id } = await repository.create(system(), 'samples', { name: 'Four' });
    await expect(repository.create(reader, 'samples', {})).rejects.toMatchObject({ code: 'forbidden' });
    await expect(repository.update(reader, 'samples', id, {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(told).toEqual([]);
  });

  test('does not stand beside another write, since it is not undone with it', async () => {
    told.length = 0;
    const together = (first: string, source: Context['source']) =>
      repository.transaction({ ...desk.me, source }, async (inner) => {
        await repository.create(inner, first, { name: 'First' });
        await repository.create(inner, 'samples', { name: 'Second' });
      });
    await expect(together('samples', 'api')).rejects.toMatchObject({ code: 'conflict' });
    await expect(together('orders', 'api')).rejects.toMatchObject({ code: 'conflict' });
    expect(told).toHaveLength(1);
    await together('samples', 'import');
    expect(told).toHaveLength(3);
  });

  test('is just an entity to the engine itself, and the others are to everybody', async () => {
    told.length = 0;
    const { id } = await repository.create(system(), 'samples', { name: 'Five' });
    await repository.update(system(), 'samples', id, { name: 'Six' });
    await repository.create(desk.me, 'orders', { name: 'Seven' });
    expect(told).toEqual([]);
    expect(await desk.read('samples', id)).toMatchObject({ name: 'Six', version: 2 });
  });
});
