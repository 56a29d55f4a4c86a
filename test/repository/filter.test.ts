// Filters in SQL give what the in-memory test gives over the same records, relations included.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkCondition } from '../../server/conditions/check.ts';
import { operators, operatorsFor } from '../../server/conditions/operators.ts';
import { type FactSource, testCondition } from '../../server/conditions/test.ts';
import type { Condition } from '../../server/conditions/tree.ts';
import type { ValueKind } from '../../server/conditions/value-kind.ts';
import { resolveFact } from '../../server/metadata/facts.ts';
import type { Entity } from '../../server/metadata/registry.ts';
import { vocabularyOf } from '../../server/metadata/vocabulary.ts';
import { type Desk, openDesk, type Row } from './support/desk.ts';

let desk: Desk;
const tables = ['regions', 'groups', 'samples', 'friendships'] as const;
let rows: Readonly<Record<(typeof tables)[number], readonly Row[]>>;

/** Values that filters are asked for; the records hold some of them. */
const pool: Readonly<Record<ValueKind, readonly unknown[]>> = {
  text: ['a', 'A', 'ab', 'b', '%', 'é', 'red', 'green'],
  decimal: ['0', '1.5', '10', '9007199254740993'],
  integer: [-1, 0, 1, 5],
  boolean: [true, false],
  date: ['2024-02-29', '2023-01-01'],
  dateTime: ['2024-02-29T10:00:00Z', '2024-02-29T12:00:00+02:00', '2024-02-29T10:00:00.001Z'],
  time: ['00:00', '09:30:00'],
  id: [],
  set: ['a', 'b', 'c'],
  json: [],
};
const pick = (kind: ValueKind, random: number) => pool[kind][random % pool[kind].length];

beforeAll(async () => {
  desk = await openDesk();
  const regions = [await desk.create('regions', { name: 'a', wet: true }), await desk.create('regions', { name: 'b' })];
  const groups: string[] = [];
  for (const [at, level] of [1, 5, null].entries())
    groups.push(
      await desk.create('groups', {
        name: 'ab'.slice(0, at),
        ...(at === 0 ? { name: 'A' } : {}),
        level,
        labels: at === 0 ? ['a', 'b'] : null,
        region_id: regions[at] ?? null,
      }),
    );
  const samples: string[] = [];
  for (let at = 0; at < 24; at++) {
    const some = <T>(value: T, step: number): T | null => (at % step === 0 ? null : value);
    samples.push(
      await desk.create('samples', {
        name: String(pool.text[at % 6]),
        story: some(String(pool.text[(at * 5) % 6]), 3),
        count: some(pool.integer[at % 4], 5),
        big_count: some('9007199254740993', 2),
        ratio: some(pool.decimal[at % 3], 4),
        price: some('1.5', 3),
        done: some(at % 2 === 0, 3),
        due: some(pool.date[at % 2], 5),
        seen_at: some(pool.dateTime[at % 3], 4),
        opens: some(pool.time[at % 2], 3),
        kind: some(['red', 'green'][at % 2], 5),
        labels: some([['a'], ['a', 'b'], []][at % 3], 4),
        home: some({ city: String(pool.text[at % 6]) }, 3),
        group_id: groups[at % 4] ?? null,
        parent_id: samples[at - 3] ?? null,
      }),
    );
  }
  for (const [at, sample] of samples.entries())
    if (at % 3 === 0) await desk.create('friendships', { sample_id: sample, group_id: groups[at % 2] });
  // What is deleted must count nowhere: a parent, a group, a child, a link.
  const { repository, me } = desk;
  const link = await desk.create('friendships', { sample_id: samples[1], group_id: groups[2] });
  await repository.remove(me, 'friendships', link);
  await repository.remove(me, 'samples', samples[20] ?? '');
  await desk.sql('UPDATE workshop.ws_groups SET deleted_at = now() WHERE id = ?', groups[1]);
  rows = Object.fromEntries(
    await Promise.all(tables.map(async (table) => [table, (await desk.list(table, 'limit=200')).data])),
  ) as typeof rows;
});
afterAll(() => desk.stop());

/** A record as the in-memory test asks it: its fields, what it refers to, its live related records. */
function sourceOf(entity: Entity, row: Row): FactSource {
  const find = (name: string, id: unknown) => rows[name as (typeof tables)[number]]?.find((other) => other['id'] === id);
  const value = (at: Entity, record: Row | undefined, path: string): unknown => {
    const fact = resolveFact(desk.registry, at, path);
    if (fact === undefined || record === undefined) return null;
    const [first] = fact.through;
    if (first !== undefined)
      return value(desk.entity(first.target), find(first.target, record[first.field]), path.slice(first.name.length + 1));
    const [name = '', part] = path.split('.');
    const whole = record[name] ?? null;
    return part === undefined ? whole : ((whole as Row | null)?.[part] ?? null);
  };
  return {
    facts: (path) => value(entity, row, path),
    kindOf: (path) => resolveFact(desk.registry, entity, path)?.kind,
    related: (name) => {
      const relation = entity.relations.get(name);
      if (relation === undefined || !('target' in relation)) return [];
      const target = desk.entity(relation.target);
      const others = rows[relation.target as (typeof tables)[number]] ?? [];
      const links = rows.friendships;
      const linked = (other: Row): boolean =>
        relation.kind === 'hasMany'
          ? other[relation.field] === row['id']
          : relation.kind === 'manyToMany' &&
            links.some((link) => link[relation.fromField] === row['id'] && link[relation.toField] === other['id']);
      return others.filter(linked).map((other) => sourceOf(target, other));
    },
  };
}

const found = async (entity: string, condition: Condition): Promise<readonly unknown[]> =>
  (await desk.list(entity, `limit=200&filter=${encodeURIComponent(JSON.stringify(condition))}`)).data
    .map((row) => row['id'])
    .sort();

function expected(name: 'samples' | 'groups', condition: Condition): readonly unknown[] {
  const entity = desk.entity(name);
  const checked = checkCondition(condition, vocabularyOf(desk.registry, entity));
  if (!('condition' in checked)) throw new Error(JSON.stringify(checked.issues));
  return rows[name]
    .filter((row) => {
      const source = sourceOf(entity, row);
      return testCondition(checked.condition, source.facts, source.kindOf, source.related);
    })
    .map((row) => row['id'])
    .sort();
}

const facts: Readonly<Record<string, readonly string[]>> = {
  samples: [
    'name',
    'story',
    'count',
    'big_count',
    'ratio',
    'price',
    'done',
    'due',
    'seen_at',
    'opens',
    'kind',
    'labels',
    'home',
    'home.city',
    'extra',
    'group_id',
    'group.name',
    'group.level',
    'group.labels',
    'group.region.name',
    'group.region.wet',
    'parent.name',
    'parent.group.region.name',
    'parent.parent.count',
  ],
  groups: ['name', 'level', 'labels', 'region.name', 'region.wet'],
};
const toMany: Readonly<Record<string, readonly (readonly [relation: string, entity: string])[]>> = {
  samples: [
    ['children', 'samples'],
    ['friends', 'groups'],
  ],
  groups: [
    ['samples', 'samples'],
    ['friends', 'samples'],
  ],
};

/** Conditions that the check accepts, drawn from what the metadata offers. */
function leaf(entity: string): fc.Arbitrary<Condition> {
  return fc
    .tuple(fc.constantFrom(...(facts[entity] ?? [])), fc.nat(), fc.array(fc.nat(), { minLength: 2, maxLength: 3 }), fc.boolean())
    .map(([fact, choice, values, flag]) => {
      const kind = resolveFact(desk.registry, desk.entity(entity), fact)?.kind ?? 'json';
      const offered = operatorsFor(kind);
      const operator = offered[choice % offered.length] as (typeof offered)[number];
      const options = resolveFact(desk.registry, desk.entity(entity), fact)?.field.meta.options?.map((option) => option.value);
      const ids = kind === 'id' ? rows.groups.map((row) => row['id']) : undefined;
      const draw = (random: number) => (options ?? ids ?? pool[kind])[random % (options ?? ids ?? pool[kind]).length];
      const value =
        operator.shape === 'flag'
          ? flag
          : operator.shape === 'one'
            ? draw(values[0] ?? 0)
            : values.slice(0, operator.shape === 'range' ? 2 : 3).map(draw);
      return { fact, operator: operator.name, value } as Condition;
    });
}
const tree = (entity: string, depth: number): fc.Arbitrary<Condition> =>
  depth === 0
    ? leaf(entity)
    : fc.oneof(
        leaf(entity),
        fc.array(tree(entity, depth - 1), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
        fc.array(tree(entity, depth - 1), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
        tree(entity, depth - 1).map((not) => ({ not })),
        ...(toMany[entity] ?? []).map(([relation, target]) =>
          fc
            .tuple(fc.constantFrom('some', 'none', 'every'), fc.option(tree(target, depth - 1), { nil: undefined }))
            .map(
              ([word, where]) => ({ [word]: where === undefined ? { relation } : { relation, where } }) as unknown as Condition,
            ),
        ),
      );

describe('a filter', () => {
  test.each(['samples', 'groups'] as const)('of %s finds what the test in memory accepts', async (name) => {
    await fc.assert(
      fc.asyncProperty(tree(name, 3), async (condition) => {
        expect({ condition, ids: await found(name, condition) }).toEqual({ condition, ids: expected(name, condition) });
      }),
      { numRuns: 250 },
    );
  });

  const bracketed = operators.flatMap((operator) => (facts['samples'] ?? []).map((fact) => [fact, operator] as const));
  test('every operator works through query parameters for each kind that it takes', async () => {
    let asked = 0;
    for (const [fact, operator] of bracketed) {
      const resolved = resolveFact(desk.registry, desk.entity('samples'), fact);
      if (resolved === undefined || !operator.kinds.includes(resolved.kind)) continue;
      const { kind } = resolved;
      const options = resolved.suffix === '' ? resolved.field.meta.options?.map((option) => option.value) : undefined;
      const one = kind === 'id' ? rows.groups[0]?.['id'] : (options?.[0] ?? pick(kind, 1));
      const two = kind === 'id' ? rows.groups[1]?.['id'] : (options?.[1] ?? pick(kind, 0));
      const value =
        operator.shape === 'flag' ? true : operator.shape === 'one' ? one : operator.shape === 'range' ? [one, two] : [one, two];
      const text = Array.isArray(value) ? value.join(',') : String(value);
      const { data } = await desk.list(
        'samples',
        `limit=200&${encodeURIComponent(`${fact}[${operator.alias}]`)}=${encodeURIComponent(text)}`,
      );
      const condition = { fact, operator: operator.name, value } as Condition;
      expect({ fact, operator: operator.name, ids: data.map((row) => row['id']).sort() }).toEqual({
        fact,
        operator: operator.name,
        ids: expected('samples', condition),
      });
      asked += 1;
    }
    expect(asked).toBeGreaterThan(150);
  });

  test('may compare with another field, with who asks and with the clock', async () => {
    const same = { fact: 'count', operator: 'equal', value: { fact: 'group.level' } };
    expect(await found('samples', same)).toEqual(expected('samples', same));
    const mine = { fact: 'created_by', operator: 'equal', value: { fact: 'actor.id' } };
    expect(await found('samples', mine)).toHaveLength(rows.samples.length);
    expect(await found('samples', { not: mine })).toEqual([]);
    expect(await found('samples', { fact: 'seen_at', operator: 'greaterThan', value: { fact: 'now' } })).toEqual([]);
    expect(await found('samples', { fact: 'due', operator: 'lessThan', value: { fact: 'today' } })).not.toEqual([]);
    expect(await found('samples', { fact: 'actor.roles', operator: 'has', value: 'some' })).toHaveLength(rows.samples.length);
    expect(await found('samples', { fact: 'actor.email', operator: 'isEmpty', value: true })).toHaveLength(rows.samples.length);
  });

  test('over a relation to itself keeps the levels apart', async () => {
    const three = { fact: 'parent.parent.parent.name', operator: 'equal', value: { fact: 'name' } };
    expect(await found('samples', three)).toEqual(expected('samples', three));
    const nested = {
      some: {
        relation: 'children',
        where: { some: { relation: 'children', where: { fact: 'parent.parent.name', operator: 'isEmpty', value: false } } },
      },
    };
    expect(await found('samples', nested)).toEqual(expected('samples', nested));
    expect(await found('samples', nested)).not.toEqual([]);
  });
});
