// Searching: within a list by q, and over all entities, ranked; wildcards are letters like any other.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { actorWith, type Desk, openDesk, outcome } from './support/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  for (const [name, story] of [
    ['Ångström & Söhne', 'makes prisms'],
    ['Lovelace', 'wrote about Angstrom, once'],
    ['100% Wool', 'under_score and back\\slash'],
    ['محـمَّد علی', '٢٠٢٤'],
    ['Ａda Ｗide', 'ADA'],
    ['!!!', 'only marks'],
  ])
    await desk.create('samples', { name, story });
  await desk.create('regions', { name: 'Angstrom' });
});
afterAll(() => desk.stop());

const listed = async (q: string) =>
  (await desk.list('samples', `q=${encodeURIComponent(q)}&sort=name`)).data.map((row) => row['name']);
const hits = async (q: string, more: object = {}) => desk.repository.search(desk.me, q, { limit: 10, ...more });

describe('q in a list', () => {
  test.each([
    ['angstrom', ['Lovelace', 'Ångström & Söhne']],
    ['ÅNGSTRÖM prism', ['Ångström & Söhne']],
    ['prism wool', []],
    ['%', ['100% Wool']],
    ['_', ['100% Wool']],
    ['\\', ['100% Wool']],
    ['__', []],
    ['ada wide', ['Ａda Ｗide']],
    ['محمد', ['محـمَّد علی']],
    ['علي 2024', ['محـمَّد علی']],
    ['!!', ['!!!']],
    ['???', []],
    ["'; drop table", []],
  ])('%p finds %j', async (q, names) => {
    expect([...(await listed(q))].sort()).toEqual([...names].sort());
  });

  test('a q of nothing but marks that fold away filters nothing', async () => {
    expect(await listed('\u0301')).toHaveLength(6);
  });

  test('is refused where nothing is searchable', async () => {
    expect(await outcome(desk.list('groups', 'q=x'))).toBe('invalid_query · ?q not_searchable');
  });

  test('a term does not reach from one field into the next', async () => {
    const id = await desk.create('samples', { name: 'front', story: 'back' });
    expect(await listed('frontback')).toEqual([]);
    expect(await listed('tbac')).toEqual([]);
    await desk.repository.purge(desk.me, 'samples', id);
  });
});

describe('search over everything', () => {
  test('ranks a name that begins with the text before one that has it elsewhere', async () => {
    const found = await hits('angstrom');
    expect(found.map(({ entity, display_name }) => [entity, display_name])).toEqual([
      ['regions', 'Angstrom'],
      ['samples', 'Ångström & Söhne'],
      ['samples', 'Lovelace'],
    ]);
    const ranks = found.map(({ rank }) => rank);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    expect(ranks[1]).toBeGreaterThan(1);
    expect(ranks[2]).toBeLessThan(1);
  });

  test('tells the subtitle, keeps to the entities and the limit asked for', async () => {
    const id = await desk.create('samples', { name: 'Subtitled', kind: 'red' });
    expect(await hits('subtitled')).toEqual([
      { entity: 'samples', id, display_name: 'Subtitled', subtitle: 'red', rank: expect.any(Number) },
    ]);
    expect((await hits('angstrom', { entities: ['regions'] })).map(({ entity }) => entity)).toEqual(['regions']);
    expect(await hits('angstrom', { limit: 1 })).toHaveLength(1);
    expect(await hits('angstrom', { entities: ['groups'] })).toEqual([]);
  });

  test('finds nothing deleted, and nothing for a text without words', async () => {
    const id = await desk.create('samples', { name: 'Vanishing' });
    expect(await hits('vanishing')).toHaveLength(1);
    await desk.repository.remove(desk.me, 'samples', id);
    expect(await hits('vanishing')).toEqual([]);
    expect(await hits(' \u0301 ')).toEqual([]);
    expect(await hits('%%%')).toEqual([]);
  });

  test('asks only what the caller may read, row by row', async () => {
    const own = await desk.someone({ samples: 'own', regions: 'none' });
    expect(await desk.repository.search(own, 'angstrom', { limit: 10 })).toEqual([]);
    await desk.create('samples', { name: 'Angstrom of my own' }, { ...own, actor: actorWith(own.actor.id, { '*': 'all' }) });
    expect((await desk.repository.search(own, 'angstrom', { limit: 10 })).map((hit) => hit.display_name)).toEqual([
      'Angstrom of my own',
    ]);
    const nobody = await desk.someone({});
    expect(await desk.repository.search(nobody, 'angstrom', { limit: 10 })).toEqual([]);
  });
});
