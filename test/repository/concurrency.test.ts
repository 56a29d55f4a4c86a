// Many at once: versions, unique values, running numbers and references hold, whatever the order of events.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isRetryable } from '../../server/repository/transaction.ts';
import { type Desk, failure, openDesk, outcome } from './support/desk.ts';
import { changedWorkshop } from './support/workshop.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.stop());

const times = <T>(count: number, work: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => work(at)));
const tally = (outcomes: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...new Set(outcomes)].map((one) => [one, outcomes.filter((other) => other === one).length]));

/** No live record of the workshop refers to a deleted one. */
async function expectNoDangling(): Promise<void> {
  for (const entity of desk.registry.entities.values()) {
    if (entity.partitioned) continue;
    for (const relation of entity.relations.values()) {
      if (relation.kind !== 'belongsTo' || entity.fields.get(relation.field)?.system === true) continue;
      const target = desk.entity(relation.target);
      const dangling = await desk.sql(
        `SELECT s.id FROM ${entity.qualifiedTable} s JOIN ${target.qualifiedTable} t ON t.id = s."${relation.field}"
         WHERE s.deleted_at IS NULL AND t.deleted_at IS NOT NULL`,
      );
      expect([entity.name, relation.name, dangling]).toEqual([entity.name, relation.name, []]);
    }
  }
}

describe('fifty updates of one record', () => {
  test('with the same If-Match: one wins each version', async () => {
    const id = await desk.create('samples', { count: 0 });
    for (const version of [1, 2, 3]) {
      const outcomes = await times(50, (at) =>
        outcome(desk.repository.update(desk.me, 'samples', id, { count: version * 1000 + at }, { ifVersion: version })),
      );
      expect(tally(outcomes)).toEqual({ ok: 1, stale_version: 49 });
    }
    const audit = await desk.sql(
      `SELECT record_version FROM workshop.ws_auditlog WHERE record_id = ? ORDER BY record_version`,
      id,
    );
    expect(audit.map((row) => row['record_version'])).toEqual([1, 2, 3, 4]);
  });

  test('without it: all are done, each with a version of its own', async () => {
    const id = await desk.create('samples', { count: 0 });
    const versions = await times(
      50,
      async (at) => (await desk.repository.update(desk.me, 'samples', id, { count: at + 1 })).version,
    );
    expect([...versions].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => at + 2));
    expect(await desk.read('samples', id)).toMatchObject({ version: 51 });
  });
});

describe('unique values', () => {
  test('a hundred creates with one value: one wins, the others learn the field, twenty rounds', async () => {
    for (let round = 0; round < 20; round++) {
      const outcomes = await times(100, (at) => outcome(desk.create('samples', { name: `r${at}`, code: `race ${round}` })));
      expect(tally(outcomes)).toEqual({ ok: 1, 'unique_conflict · /code unique': 99 });
    }
  });

  test('fifty upserts with one value: one creates, the others find its record', async () => {
    const written = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        desk.repository.upsert(desk.me, 'samples', { name: 'u', code: 'upsert', count: at }, 'code'),
      ),
    );
    expect(written.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(written.map(({ id }) => id)).size).toBe(1);
  });

  test('restores of twins: one comes back', async () => {
    const twins: string[] = [];
    for (const _ of [1, 2, 3]) {
      const id = await desk.create('samples', { code: 'twin' });
      await desk.repository.remove(desk.me, 'samples', id);
      twins.push(id);
    }
    const outcomes = await Promise.all(twins.map((id) => outcome(desk.repository.restore(desk.me, 'samples', id))));
    expect(tally(outcomes)).toEqual({ ok: 1, 'unique_conflict · /code unique': 2 });
  });
});

describe('running numbers', () => {
  test('a hundred creates, twenty rounds, are numbered without a gap, though others are rolled back between them', async () => {
    const make = (at: number) => desk.create('orders', { name: `n${at}` });
    const rolledBack = () =>
      desk.repository
        .transaction(desk.me, async (inner) => {
          await desk.repository.create(inner, 'orders', { name: 'rolled back' });
          throw new Error('back');
        })
        .catch(() => undefined);
    const refused = () => outcome(desk.repository.create(desk.me, 'orders', { name: 'refused', total: '-1' }));
    const works = [...Array.from({ length: 100 }, (_, at) => () => make(at)), ...Array.from({ length: 15 }, () => rolledBack)];
    const mixed = [...works, refused, refused, refused].map((work, at) => ({ work, place: (at * 37) % 118 }));
    mixed.sort((a, b) => a.place - b.place);
    for (let round = 1; round <= 20; round++) {
      await Promise.all(mixed.map(({ work }) => work()));
      const rows = await desk.sql('SELECT number FROM workshop.ws_orders ORDER BY number');
      expect(rows.map((row) => row['number'])).toEqual(
        Array.from({ length: round * 100 }, (_, at) => `O-${String(at + 1).padStart(4, '0')}`),
      );
    }
  });
});

describe('running numbers that may leave gaps', () => {
  const numbers = async () =>
    (await desk.sql('SELECT slip FROM workshop.ws_payments ORDER BY slip')).map(({ slip }) => Number(String(slip).slice(1)));
  const holding = async (entity: string, meanwhile: () => Promise<unknown>) =>
    desk.repository.transaction(desk.me, async (inner) => {
      await desk.repository.create(inner, entity, { name: 'held' });
      return meanwhile();
    });

  test('are never the same, whatever is rolled back between them, by as many transactions as there are connections', async () => {
    const rolledBack = () =>
      holding('payments', async () => {
        throw new Error('back');
      }).catch(() => undefined);
    await times(120, (at) => (at % 6 === 5 ? rolledBack() : desk.create('payments')));
    const given = await numbers();
    expect(given).toHaveLength(100);
    expect(new Set(given).size).toBe(100);
    expect(Math.min(...given)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...given)).toBeLessThanOrEqual(219);
  });

  test('do not wait for a transaction that has taken one; those without gaps do', async () => {
    const free = async () => {
      await desk.create('payments');
      return 'done';
    };
    expect(await holding('payments', free)).toBe('done');
    let waited = true;
    let later: Promise<unknown> = Promise.resolve();
    await holding('orders', async () => {
      later = desk.create('orders').then(() => {
        waited = false;
      });
      await sleep(300);
      expect(waited).toBe(true);
    });
    await later;
    expect(waited).toBe(false);
  });

  test('go on without repeating one when a field changes from the one to the other under way', async () => {
    const gapless = changedWorkshop({}, (source) => ({
      ...source,
      entities: source.entities.map((entity) => {
        const { slip } = entity.fields;
        return slip === undefined ? entity : { ...entity, fields: { ...entity.fields, slip: { ...slip, gapless: true } } };
      }),
    }));
    const other = { ...desk.me, registry: gapless };
    await times(100, (at) => desk.repository.create(at % 2 === 0 ? desk.me : other, 'payments', { name: `p${at}` }));
    const given = await numbers();
    expect(new Set(given).size).toBe(given.length);
  });
});

describe('a reference to a record that is deleted at the same time', () => {
  test('never ends with a live reference to a deleted record', async () => {
    for (let round = 0; round < 12; round++) {
      const group = await desk.create('groups');
      const order = await desk.create('orders');
      const sample = await desk.create('samples');
      const line = await desk.create('lines', { order_id: order });
      const { repository, me } = desk;
      const works = [
        () => repository.remove(me, 'groups', group),
        () => desk.create('samples', { group_id: group }),
        () => repository.update(me, 'samples', sample, { group_id: group }),
        () => repository.update(me, 'lines', line, { group_id: group }),
        () => repository.remove(me, 'orders', order),
        () => desk.create('lines', { order_id: order, group_id: group }),
        () => desk.create('payments', { order_id: order }),
        () => desk.create('memos', { order_id: order }),
        () => desk.create('parts', { line_id: line }),
      ];
      const shuffled = works.map((work, at) => ({ work, place: (at * 7 + round * 5) % 9 })).sort((a, b) => a.place - b.place);
      const outcomes = await Promise.all(shuffled.map(async ({ work }) => (await outcome(work())).split(' · ')[0]));
      expect(outcomes.filter((one) => !['ok', 'not_found', 'validation_failed', 'in_use'].includes(String(one)))).toEqual([]);
    }
    await expectNoDangling();
  });

  test('a restore and a delete of its parent neither', async () => {
    for (let round = 0; round < 10; round++) {
      const order = await desk.create('orders');
      const line = await desk.create('lines', { order_id: order });
      await desk.repository.remove(desk.me, 'lines', line);
      await Promise.all([
        outcome(desk.repository.restore(desk.me, 'lines', line)),
        outcome(desk.repository.remove(desk.me, 'orders', order)),
      ]);
    }
    await expectNoDangling();
  });

  test('changing a record does not wait for those that are just referring to it', async () => {
    const group = await desk.create('groups');
    await desk.repository.transaction(desk.me, async (inner) => {
      await desk.repository.create(inner, 'samples', { name: 'x', group_id: group });
      expect(await outcome(desk.repository.update(desk.me, 'groups', group, { level: 3 }))).toBe('ok');
    });
  });
});

describe('a deadlock', () => {
  test('is tried again, and both writes are done', async () => {
    const [a, b] = [await desk.create('samples', { count: 0 }), await desk.create('samples', { count: 0 })];
    let attempts = 0;
    const both = (first: string, then: string) =>
      desk.repository.transaction(desk.me, async (inner) => {
        attempts += 1;
        await desk.repository.update(inner, 'samples', first, { count: attempts });
        await sleep(100);
        await desk.repository.update(inner, 'samples', then, { count: attempts });
      });
    expect(await Promise.all([outcome(both(a, b)), outcome(both(b, a))])).toEqual(['ok', 'ok']);
    expect(attempts).toBeGreaterThan(2);
    expect(await desk.read('samples', a)).toMatchObject({ version: 3 });
    expect(await desk.read('samples', b)).toMatchObject({ version: 3 });
  });

  test('that comes again and again ends as a conflict that says so', async () => {
    let attempts = 0;
    const spoilt = desk.repository.transaction(desk.me, async (inner) => {
      attempts += 1;
      await inner.transaction.raw(`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$`);
    });
    const problem = await failure(spoilt);
    expect([problem.code, problem.detail, isRetryable(problem), attempts]).toEqual([
      'conflict',
      'Other writes keep getting in the way. Try again.',
      true,
      4,
    ]);
  });

  test('other errors are not tried again; those of the database become problems', async () => {
    let attempts = 0;
    const raise = (code: string) =>
      desk.repository.transaction(desk.me, async (inner) => {
        attempts += 1;
        await inner.transaction.raw(`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '${code}'; END $$`);
      });
    expect(await outcome(raise('22003'))).toBe('validation_failed');
    expect(await outcome(raise('57014'))).toBe('timeout');
    await expect(raise('42703')).rejects.toThrow(/x/);
    expect(attempts).toBe(3);
  });
});
