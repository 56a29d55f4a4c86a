// Merging records and undoing it: values by choice, everything that refers to them, rights, and exactly what was before.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Desk, failure, openDesk, outcome, type Row, type Values } from './support/desk.ts';
import { changedWorkshop } from './support/workshop.ts';

let desk: Desk;
let tags: string[];
let groups: string[];
beforeAll(async () => {
  const registry = changedWorkshop({}, (source) => ({
    ...source,
    entities: source.entities.map((entity) =>
      entity.name === 'samples' ? { ...entity, operations: [...entity.operations, 'merge'] } : entity,
    ),
  }));
  desk = await openDesk([], registry);
  tags = await Promise.all(['red', 'green', 'blue'].map((name) => desk.create('tags', { name })));
  groups = await Promise.all([1, 2, 3].map(() => desk.create('groups')));
});
afterAll(() => desk.stop());

const sample = (values: Values = {}): Promise<string> => desk.create('samples', values);
const merge = (id: string, records: string[], fields?: Record<string, string>) =>
  desk.repository.merge(desk.me, 'samples', id, { records, ...(fields === undefined ? {} : { fields }) });
const unmerge = (id: string, mergeId?: string) => desk.repository.unmerge(desk.me, 'samples', id, mergeId);
const table = (name: string): string => desk.entity(name).qualifiedTable;
const link = async (entity: string, values: Values): Promise<string> =>
  (await desk.repository.create(desk.me, entity, values)).id;
const tag = (id: string, tagId: string) => link('tag_links', { tag_id: tagId, record_type: 'samples', record_id: id });
const share = (id: string) =>
  link('shares', { record_type: 'samples', record_id: id, user_id: desk.me.actor.id, access: 'read' });
const note = (id: string) => desk.create('notes', { about_type: 'samples', about_id: id });
const friend = (id: string, group: string) => desk.create('friendships', { sample_id: id, group_id: group });

/** Everything in the tables that is not the engine's own book-keeping of who wrote last. */
async function everything(): Promise<Record<string, Row[]>> {
  const found: Record<string, Row[]> = {};
  for (const name of ['samples', 'groups', 'friendships', 'notes', 'tag_links', 'shares', 'orders']) {
    const rows = await desk.sql(
      `SELECT to_jsonb(t) - 'version' - 'updated_at' - 'updated_by' AS row FROM ${table(name)} t ORDER BY id`,
    );
    found[name] = rows.map(({ row }) => row as Row);
  }
  return found;
}
const history = () => desk.sql(`SELECT id, parent_id FROM ${table('timeline')} ORDER BY id`);

describe('the values of a merged record', () => {
  test('are its own, else those of the first that has any; chosen ones before all, with what belongs to them', async () => {
    const winner = await sample({ nick: 'own', count: 0 });
    const first = await sample({ nick: 'first', story: 'first', price: '5', price_currency: 'USD', home: { city: 'Bern' } });
    const second = await sample({ nick: 'second', story: 'second', count: 7, done: true, labels: ['a'] });
    const merged = await merge(winner, [first, second], { nick: second, labels: winner });
    expect(merged).toMatchObject({ id: winner, version: 2, records: [first, second], moved: 2 });
    expect(await desk.read('samples', winner)).toMatchObject({
      ...{ nick: 'second', story: 'first', count: 0, price: '5.00', price_currency: 'USD', done: true, labels: null },
      home: { city: 'Bern' },
    });
  });

  test('may be unique: the others have given them up', async () => {
    const [winner, loser] = [await sample({ code: 'W-1' }), await sample({ code: 'L-1', email: 'l1@example.com' })];
    await merge(winner, [loser], { code: loser });
    expect(await desk.read('samples', winner)).toMatchObject({ code: 'L-1', email: 'l1@example.com' });
    await unmerge(winner);
    expect([(await desk.read('samples', winner))['code'], (await desk.read('samples', loser))['code']]).toEqual(['W-1', 'L-1']);
  });

  test('never refer to what was merged into it', async () => {
    const loser = await sample();
    const winner = await sample({ parent_id: loser });
    const child = await sample({ parent_id: loser });
    await merge(winner, [loser]);
    expect((await desk.read('samples', winner))['parent_id']).toBeNull();
    expect((await desk.read('samples', child))['parent_id']).toBe(winner);
    await unmerge(winner);
    expect((await desk.read('samples', winner))['parent_id']).toBe(loser);
  });

  test.each([
    ['nothing to merge', { records: [] }, '/records required'],
    ['no list', { records: 'x' as never }, '/records required'],
    ['itself', (id: string) => ({ records: [id] }), '/records/0 repeated'],
    ['no id', { records: ['x'] }, '/records/0 format'],
    ['nobody', { records: ['00000000-0000-7000-8000-000000000000'] }, '/records/0 reference_missing'],
    ['too many', { records: Array.from({ length: 21 }, () => 'x') }, '/records too_many'],
  ])('are refused for %s', async (_what, request, told) => {
    const id = await sample();
    const given = typeof request === 'function' ? request(id) : request;
    expect(await outcome(desk.repository.merge(desk.me, 'samples', id, given))).toBe(`validation_failed · ${told}`);
  });

  test('are chosen by fields that can be set, from records that are merged', async () => {
    const [winner, loser] = [await sample(), await sample()];
    const stranger = await sample();
    const choices = { nick: stranger, nonsense: loser, fixed: loser, version: loser };
    expect(await outcome(merge(winner, [loser], choices))).toBe(
      'validation_failed · /fields/nick unknown_record · /fields/nonsense unknown_field · /fields/fixed read_only · /fields/version read_only',
    );
  });
});

describe('what refers to a merged record', () => {
  test('refers to the one it went into, doubles once, history included', async () => {
    const [winner, loser] = [await sample(), await sample()];
    const [red, green] = tags as [string, string];
    const [one, two] = groups as [string, string];
    await Promise.all([tag(winner, red), tag(loser, red), tag(loser, green), share(loser), note(loser)]);
    await Promise.all([friend(winner, one), friend(loser, one), friend(loser, two)]);
    const merged = await merge(winner, [loser]);
    expect(merged).toMatchObject({ moved: 5, collapsed: 2 });
    const of = async (name: string, field: string) =>
      (await desk.sql(`SELECT 1 FROM ${table(name)} WHERE ${field} = ? AND deleted_at IS NULL`, winner)).length;
    expect([await of('tag_links', 'record_id'), await of('friendships', 'sample_id'), await of('notes', 'about_id')]).toEqual([
      2, 2, 1,
    ]);
    const kinds = await desk.sql(`SELECT kind FROM ${table('timeline')} WHERE parent_id = ? ORDER BY id`, winner);
    expect(kinds.map(({ kind }) => kind)).toEqual(['created', 'created', 'merged']);
    expect(await desk.sql(`SELECT 1 FROM ${table('auditlog')} WHERE record_id = ? AND operation = 'create'`, loser)).toHaveLength(
      1,
    );
  });

  test('leaves events and audit rows of its move', async () => {
    const [winner, loser] = [await sample(), await sample()];
    const memo = await note(loser);
    await merge(winner, [loser]);
    const [row] = await desk.sql(`SELECT changes FROM ${table('auditlog')} WHERE record_id = ? AND operation = 'update'`, memo);
    expect(row?.['changes']).toEqual({ about_id: { before: loser, after: winner } });
    const events = await desk.sql(
      `SELECT operation FROM workshop.ws_outbox WHERE record_id IN (?, ?, ?) AND operation <> 'create' ORDER BY id`,
      memo,
      winner,
      loser,
    );
    expect(events.map(({ operation }) => operation)).toEqual(['update', 'delete']);
  });
});

describe('a record that was merged', () => {
  test('tells who may read both where it went, over later merges too, and is not restored by itself', async () => {
    const [a, b, c] = [await sample(), await sample(), await sample()];
    const first = await merge(b, [a]);
    expect((await failure(desk.read('samples', a))).extra).toEqual({ merged_into: b, merge: first.merge });
    await merge(c, [b]);
    const gone = await failure(desk.read('samples', a));
    expect([gone.code, gone.status, gone.extra['merged_into'], gone.headers['Location']]).toEqual([
      'merged',
      410,
      c,
      `/workshop/v1/samples/${c}`,
    ]);
    expect(await outcome(desk.repository.restore(desk.me, 'samples', a))).toBe('conflict');
    const stranger = await desk.someone({ samples: { '*': 'own' } });
    expect((await failure(desk.read('samples', a, '', stranger))).code).toBe('not_found');
    expect(await outcome(desk.repository.unmerge(desk.me, 'samples', b))).toBe('not_found');
    await unmerge(c);
    await unmerge(b, first.merge);
    expect((await desk.read('samples', a))['id']).toBe(a);
    expect(await outcome(unmerge(b))).toBe('not_found');
  });
});

describe('the right to merge', () => {
  test('is asked for on each record, with that to change them', async () => {
    const [mine, theirs] = [await sample(), await sample()];
    const attempt = async (rights: object, own = false) => {
      const user = await desk.someone({ users: 'all', samples: rights as never, groups: 'all' });
      const made = own ? await desk.create('samples', {}, user) : mine;
      return outcome(desk.repository.merge(user, 'samples', made, { records: [theirs] }));
    };
    expect(await attempt({ '*': 'all', merge: 'none' })).toBe('forbidden');
    expect(await attempt({ '*': 'all', update: 'none' })).toBe('forbidden');
    expect(await attempt({ '*': 'all', merge: 'own' }, true)).toBe('forbidden');
    expect(await attempt({ '*': 'all', update: 'own' }, true)).toBe('forbidden');
    expect(await attempt({ '*': 'all', read: 'own' }, true)).toBe('validation_failed · /records/0 reference_missing');
    expect(await attempt({ '*': 'all', delete: 'none' })).toBe('ok');
    const user = await desk.someone({ samples: { '*': 'all', merge: 'own' } });
    expect(await outcome(desk.repository.unmerge(user, 'samples', mine))).toBe('forbidden');
  });
});

describe('an undo', () => {
  test('is refused with what has changed since', async () => {
    const [winner, loser] = [await sample({ nick: 'w' }), await sample({ story: 'l', nick: 'l' })];
    const [moved, kept] = [await note(loser), await note(loser)];
    await merge(winner, [loser], { nick: loser });
    await desk.repository.update(desk.me, 'samples', winner, { nick: 'new', kind: 'red' });
    await desk.repository.update(desk.me, 'notes', kept, { name: 'Another name' });
    expect(await outcome(unmerge(winner))).toBe('merge_changed · /nick changed');
    await desk.repository.update(desk.me, 'samples', winner, { nick: 'l' });
    await desk.repository.remove(desk.me, 'notes', moved);
    const problem = await failure(unmerge(winner));
    expect(problem.errors.map(({ detail }) => detail)).toEqual([
      '1 of the notes that came along with the merge has been changed, moved or deleted since.',
    ]);
    await desk.repository.restore(desk.me, 'notes', moved);
    await unmerge(winner);
    // What the merge did not touch stays as it was changed.
    expect(await desk.read('samples', winner)).toMatchObject({ nick: 'w', story: null, kind: 'red' });
    expect(await desk.read('samples', loser)).toMatchObject({ nick: 'l', story: 'l' });
    expect((await desk.read('notes', kept))['about_id']).toBe(loser);
  });

  test('is refused when a record is gone for good, and by a unique value that another has by now', async () => {
    const [winner, loser, purged] = [await sample(), await sample(), await sample()];
    await merge(winner, [purged]);
    await desk.repository.purge(desk.me, 'samples', purged);
    expect(await outcome(unmerge(winner))).toBe('merge_changed ·  changed');
    const taken = await sample({ code: 'T-1' });
    await merge(loser, [taken], { code: loser });
    await sample({ code: 'T-1' });
    expect(await outcome(unmerge(loser))).toBe('unique_conflict · /code unique');
  });

  test('of any merge leaves everything as it was before', async () => {
    const values = fc.record({
      nick: fc.option(fc.constantFrom('a', 'b')),
      story: fc.option(fc.string({ maxLength: 5 }).map((text) => text.replace(/[\0\ud800-\udfff]/g, '') || 's')),
      ratio: fc.option(fc.constantFrom('0.5', '12.25')),
      price: fc.option(fc.constantFrom('1', '2.5')),
      labels: fc.option(fc.subarray(['a', 'b', 'c'], { minLength: 1 })),
      seen_at: fc.option(fc.constantFrom('2026-01-31T09:05:00.500Z')),
      due: fc.option(fc.constantFrom('2026-02-28')),
      home: fc.option(fc.record({ city: fc.constantFrom('Bern', 'Oslo'), country: fc.constantFrom('CH', 'NO') })),
      extra: fc.option(fc.record({ a: fc.array(fc.integer(), { maxLength: 2 }) })),
      spot: fc.option(fc.constant({ lat: 1.5, lng: 2.25 })),
      done: fc.option(fc.boolean()),
    });
    const index = fc.nat({ max: 3 });
    const linked = fc.tuple(fc.constantFrom('tag', 'friend', 'note', 'share', 'parent', 'gone'), index, fc.nat({ max: 2 }));
    const plan = fc.record({
      samples: fc.array(values, { minLength: 4, maxLength: 4 }),
      links: fc.array(linked, { maxLength: 10 }),
      losers: fc.integer({ min: 1, max: 3 }),
      choices: fc.dictionary(fc.constantFrom('nick', 'story', 'price', 'home', 'extra', 'parent_id'), index),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ samples, links, losers, choices }) => {
        const ids = await Promise.all(samples.map((one, at) => sample({ ...one, code: `P-${at}-${Math.random()}` })));
        const at = (position: number): string => ids[position] ?? '';
        for (const [kind, position, other] of links) {
          const id = at(position);
          if (kind === 'tag') await outcome(tag(id, tags[other] ?? ''));
          if (kind === 'friend') await friend(id, groups[other] ?? '');
          if (kind === 'note') await note(id);
          if (kind === 'share') await share(id);
          if (kind === 'parent') await outcome(desk.repository.update(desk.me, 'samples', at(other), { parent_id: id }));
          if (kind === 'gone') await desk.repository.remove(desk.me, 'notes', await note(id));
        }
        const [winner = '', ...rest] = ids.slice(0, losers + 1);
        const chosen = Object.entries(choices).map(([name, position]) => [name, at(Math.min(position, losers))]);
        const before = await everything();
        const told = await history();
        const merged = await merge(winner, rest, Object.fromEntries(chosen));
        const left = await desk.sql(
          `SELECT 1 FROM ${table('samples')} WHERE parent_id = ANY(?) AND deleted_at IS NULL UNION ALL
           SELECT 1 FROM ${table('friendships')} WHERE sample_id = ANY(?) AND deleted_at IS NULL UNION ALL
           SELECT 1 FROM ${table('notes')} WHERE about_id = ANY(?) AND deleted_at IS NULL UNION ALL
           SELECT 1 FROM ${table('tag_links')} WHERE record_id = ANY(?) AND deleted_at IS NULL`,
          ...[rest, rest, rest, rest],
        );
        expect(left).toEqual([]);
        await unmerge(winner, merged.merge);
        expect(await everything()).toEqual(before);
        const known = new Set(told.map(({ id }) => id));
        expect((await history()).filter(({ id }) => known.has(id))).toEqual(told);
      }),
      { numRuns: 25 },
    );
  });
});
