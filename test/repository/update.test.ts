// Changing: merge-patches, what counts as a change, versions, and uniqueness over the life of a record.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Desk, failure, openDesk, outcome, type Row } from './support/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.stop());

const patch = (id: string, values: Record<string, unknown>, options = {}) =>
  desk.repository.update(desk.me, 'samples', id, values, options);

/** One value of each type, as it is read. */
const whole: Readonly<Record<string, unknown>> = {
  name: 'Whole',
  code: 'w',
  story: 'line\nline',
  email: 'whole@example.com',
  phone: '+493012345678',
  page: 'https://example.com/',
  count: -7,
  big_count: '9007199254740993',
  ratio: '0.1000',
  price: '12.50',
  price_currency: 'USD',
  share: '12.5000',
  done: false,
  due: '2024-02-29',
  seen_at: '2024-02-29T10:00:00.120Z',
  opens: '09:30:00',
  kind: 'red',
  labels: ['b', 'a'],
  stars: 3,
  tint: '#ff0000',
  home: { street: 'Way 1', city: 'Bonn', state: null, postal_code: null, country: 'DE' },
  spot: { lat: 50.7, lng: 7.1 },
  extra: { b: [1, { z: 1, a: null }], a: 'x' },
  status: 'open',
};

const traces = async (id: string): Promise<unknown> => {
  const count = async (table: string, column: string) =>
    Number((await desk.sql(`SELECT count(*) AS n FROM workshop.ws_${table} WHERE ${column} = ?`, id))[0]?.['n']);
  return [await count('auditlog', 'record_id'), await count('outbox', 'record_id'), await count('timeline', 'parent_id')];
};

describe('a merge-patch', () => {
  test('null clears, what is absent or undefined stays', async () => {
    const id = await desk.create('samples', { story: 'x', count: 1, due: '2024-01-01' });
    const written = await patch(id, { story: null, count: undefined });
    expect(written).toEqual({ id, version: 2, created: false, changed: true });
    expect(await desk.read('samples', id)).toMatchObject({ story: null, count: 1, due: '2024-01-01', version: 2 });
  });

  test('inside of an address the parts that it does not mention stay, null clears one, all nulls clear it', async () => {
    const id = await desk.create('samples', { home: { street: 'Way 1', city: 'Bonn' }, spot: { lat: 1, lng: 2 } });
    await patch(id, { home: { street: null, country: 'de' }, spot: { lng: 3.5 } });
    expect(await desk.read('samples', id)).toMatchObject({
      home: { street: null, city: 'Bonn', country: 'DE' },
      spot: { lat: 1, lng: 3.5 },
    });
    await patch(id, { home: { city: null, country: null }, spot: { lat: null, lng: null } });
    expect(await desk.read('samples', id)).toMatchObject({ home: null, spot: null });
  });

  test('a json value is one value', async () => {
    const id = await desk.create('samples', { extra: { a: 1 } });
    await patch(id, { extra: { b: [null] } });
    expect(await desk.read('samples', id)).toMatchObject({ extra: { b: [null] } });
  });

  test('a required value cannot be cleared, a read-only one not changed, not even to what it is', async () => {
    const id = await desk.create('samples');
    expect(await outcome(patch(id, { name: null, fixed: 'as made', status: '' }))).toBe(
      'validation_failed · /fixed read_only · /status option · /name required',
    );
  });

  test('the name follows its fields', async () => {
    const id = await desk.create('samples', { name: 'Old', code: 'follow' });
    await patch(id, { name: 'New' });
    expect(await desk.read('samples', id)).toMatchObject({ display_name: 'New follow' });
    expect((await desk.list('samples', 'q=new follow')).data.map((row) => row['id'])).toEqual([id]);
    expect((await desk.list('samples', 'q=old follow')).data).toEqual([]);
  });
});

describe('what changes nothing', () => {
  test('a record patched with every value that was read stays as it is, without a trace', async () => {
    const group = await desk.create('groups');
    const id = await desk.create('samples', { ...whole, group_id: group });
    const record = await desk.read('samples', id);
    expect(record).toMatchObject(whole);
    const values = Object.fromEntries([...Object.keys(whole), 'group_id'].map((name) => [name, record[name]]));
    const before = await traces(id);
    expect(await patch(id, values)).toEqual({ id, version: 1, created: false, changed: false });
    expect(await desk.read('samples', id)).toEqual(record);
    expect(await traces(id)).toEqual(before);
  });

  test('nor do other spellings of the same values', async () => {
    const id = await desk.create('samples', { ...whole, code: 'w2', email: 'w2@example.com' });
    const spelled = {
      ratio: 0.1,
      price: '+12.5',
      seen_at: '2024-02-29T12:00:00.12+02:00',
      opens: '09:30',
      extra: { a: 'x', b: [1, { a: null, z: 1 }] },
    };
    expect(await patch(id, spelled)).toMatchObject({ version: 1, changed: false });
    expect(await patch(id, {})).toMatchObject({ version: 1, changed: false });
    expect(await traces(id)).toEqual([1, 1, 1]);
  });

  test('the same labels in another order are a change', async () => {
    const id = await desk.create('samples', { labels: ['a', 'b'] });
    expect(await patch(id, { labels: ['b', 'a'] })).toMatchObject({ version: 2, changed: true });
  });

  test('only what changed is told of', async () => {
    const id = await desk.create('samples', { count: 1, ratio: '2' });
    await patch(id, { count: 2, ratio: '2.0' });
    const [audit] = await desk.sql(`SELECT changes FROM workshop.ws_auditlog WHERE record_id = ? AND operation = 'update'`, id);
    expect(audit?.['changes']).toEqual({ count: { before: 1, after: 2 } });
  });
});

describe('versions', () => {
  test('a write for another version is refused with the record as it reads, a delete too', async () => {
    const id = await desk.create('samples', { ...whole, code: 'v', email: 'v@example.com' });
    const stale = await failure(patch(id, { count: 1 }, { ifVersion: 2 }));
    expect([stale.code, stale.headers]).toEqual(['stale_version', { ETag: '"1"' }]);
    expect(stale.extra['current']).toEqual(await desk.read('samples', id));
    expect(await outcome(desk.repository.remove(desk.me, 'samples', id, { ifVersion: 0 }))).toBe('stale_version');
    expect(await patch(id, { count: 1 }, { ifVersion: 1 })).toMatchObject({ version: 2 });
  });

  test('an entity that asks for If-Match refuses writes without it', async () => {
    const id = await desk.create('guarded');
    const update = (options: object) => desk.repository.update(desk.me, 'guarded', id, { name: 'y' }, options);
    expect(await outcome(update({}))).toBe('precondition_required');
    expect(await outcome(desk.repository.remove(desk.me, 'guarded', id))).toBe('precondition_required');
    expect(await outcome(update({ ifVersion: 1 }))).toBe('ok');
    expect(await outcome(desk.repository.remove(desk.me, 'guarded', id, { ifVersion: 2 }))).toBe('ok');
  });

  test('ids are found in any case, and written as they are', async () => {
    const id = await desk.create('samples');
    expect(await desk.repository.update(desk.me, 'samples', id.toUpperCase(), { count: 5 })).toMatchObject({ id, version: 2 });
    expect(await outcome(patch('nothing', {}))).toBe('not_found');
    expect(await outcome(patch('01890000-0000-7000-8000-000000000001', {}))).toBe('not_found');
  });
});

describe('unique values', () => {
  const unique = 'unique_conflict · /code unique';

  test('a conflict names the field, and after the delete the value is free again', async () => {
    const first = await desk.create('samples', { code: 'one' });
    const other = await desk.create('samples');
    const refused = await failure(desk.repository.create(desk.me, 'samples', { name: 'x', code: 'one' }));
    expect(refused.detail).toBe('Another sample has code "one".');
    expect(await outcome(patch(other, { code: 'one' }))).toBe(unique);
    await desk.repository.remove(desk.me, 'samples', first);
    expect(await outcome(patch(other, { code: 'one' }))).toBe('ok');
    expect(await outcome(desk.repository.restore(desk.me, 'samples', first))).toBe(unique);
    await patch(other, { code: null });
    expect(await outcome(desk.repository.restore(desk.me, 'samples', first))).toBe('ok');
  });

  test('nulls are no conflict', async () => {
    await desk.create('samples', { code: null });
    expect(await outcome(desk.create('samples', { code: null }))).toBe('ok');
  });
});

describe('values that are unique together', () => {
  test('name every field that takes part', async () => {
    const pair = { team_id: await desk.create('teams'), user_id: desk.me.actor.id };
    const join = () => outcome(desk.repository.create(desk.me, 'team_members', pair));
    expect([await join(), await join()]).toEqual(['ok', 'unique_conflict · /team_id unique · /user_id unique']);
  });
});

describe('upsert', () => {
  const upsert = (values: Record<string, unknown>, on: string) => desk.repository.upsert(desk.me, 'samples', values, on);

  test('creates, then updates by the normalised value', async () => {
    const made = await upsert({ name: 'U', email: 'Up@Example.com' }, 'email');
    expect(made).toMatchObject({ created: true, version: 1 });
    expect(await upsert({ email: 'up@EXAMPLE.com', count: 3 }, 'email')).toEqual({
      id: made.id,
      created: false,
      version: 2,
      changed: true,
    });
    const row: Row = await desk.read('samples', made.id);
    expect([row['name'], row['count']]).toEqual(['U', 3]);
    expect((await upsert({ name: 'E', external_id: 'x1' }, 'external_id')).created).toBe(true);
    expect((await upsert({ name: 'E', external_id: 'x1' }, 'external_id')).changed).toBe(false);
  });

  test('makes a new record where the old one is deleted', async () => {
    const { id } = await upsert({ name: 'U', code: 'gone' }, 'code');
    await desk.repository.remove(desk.me, 'samples', id);
    expect(await upsert({ name: 'U', code: 'gone' }, 'code')).toMatchObject({ created: true });
  });

  test('needs a unique field, a value, and a well-formed one', async () => {
    expect(await outcome(upsert({ name: 'x' }, 'name'))).toBe('invalid_query');
    expect(await outcome(upsert({ name: 'x' }, 'nothing'))).toBe('invalid_query');
    expect(await outcome(upsert({ name: 'x' }, 'code'))).toBe('validation_failed · /code required');
    expect(await outcome(upsert({ name: 'x', email: 'no' }, 'email'))).toMatch(/^validation_failed · \/email /);
  });
});
