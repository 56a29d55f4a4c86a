// What is included beside a record: one, many, through links, of any kind, three levels deep; never what is deleted.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Include } from '../../server/query/ast.ts';
import { everything } from '../../server/query/selection.ts';
import { type Desk, openDesk, outcome, type Row } from './support/desk.ts';

let desk: Desk;
let region: string;
let group: string;
beforeAll(async () => {
  desk = await openDesk();
  region = await desk.create('regions', { name: 'North' });
  group = await desk.create('groups', { name: 'G', region_id: region });
});
afterAll(() => desk.stop());

const remove = (entity: string, id: string) => desk.repository.remove(desk.me, entity, id);
type Many = { readonly data: readonly Row[]; readonly page: Readonly<Record<string, unknown>> };
const names = (many: unknown): readonly unknown[] => (many as Many).data.map((row) => row['name']);

const including = async (
  entity: string,
  id: string,
  include: Omit<Include, 'selection' | 'as'> & Partial<Include>,
): Promise<Many> => {
  const selection = { fields: ['id'], include: [{ as: 'it', selection: everything, ...include }] };
  return (JSON.parse(await desk.repository.read(desk.me, entity, id, { selection })) as { it: Many }).it;
};

describe('an included record', () => {
  test('stands beside its reference, null where there is none or it is deleted', async () => {
    const other = await desk.create('groups', { name: 'Other' });
    const id = await desk.create('samples', { group_id: other });
    const bare = await desk.create('samples');
    expect((await desk.read('samples', id, 'include=group'))['group']).toMatchObject({ id: other, name: 'Other' });
    expect((await desk.read('samples', bare, 'include=group'))['group']).toBeNull();
    await desk.sql('UPDATE workshop.ws_groups SET deleted_at = now() WHERE id = ?', other);
    expect((await desk.read('samples', id, 'include=group'))['group']).toBeNull();
  });

  test('goes three levels deep, through one and many, and no further', async () => {
    const parent = await desk.create('samples', { name: 'P', group_id: group });
    await desk.create('samples', { name: 'C', parent_id: parent });
    const record = await desk.read('samples', parent, 'include=group.region.creator,children.parent.group&fields=name');
    expect(record).toMatchObject({
      name: 'P',
      group: { name: 'G', region: { name: 'North', creator: { id: desk.me.actor.id } } },
      children: { data: [{ name: 'C', parent: { name: 'P', group: { id: group } } }] },
    });
    expect(Object.keys(record).sort()).toEqual(['children', 'group', 'name']);
    expect(await outcome(desk.read('samples', parent, 'include=parent.parent.parent.parent'))).toBe(
      'invalid_query · ?include include_depth',
    );
  });

  test('of any kind is told by what it is and how it is called', async () => {
    const order = await desk.create('orders', { name: 'The order' });
    const sample = await desk.create('samples', { name: 'The sample' });
    const on = async (about_type: string, about_id: string) => {
      const note = await desk.create('notes', { about_type, about_id });
      return { note, about: (await desk.read('notes', note, 'include=about'))['about'] };
    };
    expect((await on('orders', order)).about).toEqual({ entity: 'orders', id: order, display_name: 'The order' });
    const { note, about } = await on('samples', sample);
    expect(about).toEqual({ entity: 'samples', id: sample, display_name: 'The sample' });
    await desk.sql('UPDATE workshop.ws_samples SET deleted_at = now() WHERE id = ?', sample);
    expect((await desk.read('notes', note, 'include=about'))['about']).toBeNull();
    expect((await desk.read('notes', await desk.create('notes'), 'include=about'))['about']).toBeNull();
    expect(await outcome(desk.read('notes', note, 'include=about.owner'))).toBe('invalid_query · ?include include_depth');
    expect(names((await desk.read('orders', order, 'include=notes'))['notes'])).toHaveLength(1);
  });
});

describe('included records', () => {
  test('come with their page, and the next page by the last key', async () => {
    const parent = await desk.create('samples');
    const made: string[] = [];
    for (let at = 0; at < 7; at++)
      made.push(await desk.create('samples', { parent_id: parent, count: at % 3 === 0 ? null : at }));
    const gone = await desk.create('samples', { parent_id: parent });
    await remove('samples', gone);
    const sort = [{ field: 'count', descending: true }];
    const seen: unknown[] = [];
    let after: string | undefined;
    for (;;) {
      const { encodeCursor } = await import('../../server/query/cursor.ts');
      const page = await including('samples', parent, {
        relation: 'children',
        sort,
        limit: 3,
        keys: true,
        total: true,
        ...(after === undefined ? {} : { after }),
      });
      expect(page.page).toMatchObject({ limit: 3, total: 7, hasNext: seen.length + page.data.length < 7 });
      seen.push(...page.data.map((row) => row['count']));
      if (page.page['hasNext'] !== true) break;
      const keys = page.page['keys'] as (string | null)[][];
      expect(keys).toHaveLength(page.data.length);
      after = encodeCursor({ sort: '-count', values: keys.at(-1) ?? [] });
    }
    expect(seen).toEqual([5, 4, 2, 1, null, null, null]);
    expect(made).toHaveLength(7);
  });

  test('are 20 when nobody says how many, the newest first, and say that there are more', async () => {
    const parent = await desk.create('samples');
    for (let at = 0; at < 21; at++) await desk.create('samples', { parent_id: parent, count: at });
    const { children } = (await desk.read('samples', parent, 'include=children')) as unknown as { children: Many };
    expect(children.page).toEqual({ limit: 20, hasNext: true });
    expect(children.data).toHaveLength(20);
    expect(children.data.map((row) => String(row['created_at']))).toEqual(
      children.data
        .map((row) => String(row['created_at']))
        .sort()
        .reverse(),
    );
    expect((await including('samples', parent, { relation: 'children', limit: 0 })).page).toEqual({ limit: 0, hasNext: true });
  });

  test('none are an empty list', async () => {
    const id = await desk.create('samples');
    expect(await desk.read('samples', id, 'include=children,friends,tag_links')).toMatchObject({
      children: { data: [], page: { limit: 20, hasNext: false } },
      friends: { data: [] },
      tag_links: { data: [] },
    });
  });

  test('may be filtered, and the total counts what the filter leaves', async () => {
    const parent = await desk.create('samples');
    for (const count of [1, 2, 3]) await desk.create('samples', { parent_id: parent, count, group_id: group });
    const filter = {
      all: [
        { fact: 'count', operator: 'greaterThan', value: 1 },
        { fact: 'group.region.name', operator: 'equal', value: 'North' },
      ],
    };
    const page = await including('samples', parent, { relation: 'children', filter, limit: 1, total: true });
    expect(page.page).toMatchObject({ hasNext: true, total: 2 });
  });

  test('through links are each there once, without deleted links and deleted ends', async () => {
    const [sample, other] = [await desk.create('samples', { name: 'S' }), await desk.create('samples', { name: 'T' })];
    const groups = [];
    for (const name of ['a', 'b', 'c']) groups.push(await desk.create('groups', { name }));
    const link = (group_id: string | undefined, sample_id = sample) => desk.create('friendships', { sample_id, group_id });
    await link(groups[0]);
    await link(groups[0]);
    const loose = await link(groups[1]);
    await link(groups[2]);
    await link(groups[0], other);
    const friends = async () => [...names((await desk.read('samples', sample, 'include=friends'))['friends'])].sort();
    expect(await friends()).toEqual(['a', 'b', 'c']);
    await remove('friendships', loose);
    expect(await friends()).toEqual(['a', 'c']);
    await remove('groups', groups[2] ?? '');
    expect(await friends()).toEqual(['a']);
    expect([...names((await desk.read('groups', groups[0] ?? '', 'include=friends'))['friends'])].sort()).toEqual(['S', 'T']);
  });
});

describe('a selection', () => {
  test('renders only the fields asked for, in the list too', async () => {
    const id = await desk.create('samples', { count: 4 });
    expect(await desk.read('samples', id, 'fields=count,id')).toEqual({ count: 4, id });
    const { data } = await desk.list('samples', `fields=count&id[eq]=${id}`);
    expect(data).toEqual([{ count: 4 }]);
    expect(await desk.read('samples', id, 'fields=')).toEqual({ id });
  });

  test('never holds a secret, not even when it is asked for by name', async () => {
    const id = await desk.create('samples', { password: 'canary bird' });
    expect(await desk.read('samples', id)).not.toHaveProperty('password');
    const selection = { fields: ['password'], include: [] };
    expect(await outcome(desk.repository.read(desk.me, 'samples', id, { selection }))).toBe('invalid_query');
    expect(await outcome(desk.read('samples', id, 'fields=password'))).toBe('invalid_query · ?fields unknown_field');
  });

  test('of an unknown relation is refused, also when it did not pass the parser', async () => {
    const id = await desk.create('samples');
    expect(await outcome(including('samples', id, { relation: 'nothing' }))).toBe('invalid_query');
    expect(await outcome(desk.read('samples', id, 'include=group.regoin'))).toBe('invalid_query · ?include unknown_relation');
  });

  test('of json gives the text as PostgreSQL has it, no number rounded', async () => {
    const id = await desk.create('samples');
    await desk.sql(`UPDATE workshop.ws_samples SET extra = '{"big":12345678901234567890.123}' WHERE id = ?`, id);
    expect(await desk.repository.read(desk.me, 'samples', id)).toContain('12345678901234567890.123');
  });
});
