// What differs inside of one object of the metadata, place by place.
// Libraries for this know lists by position or by one key; here map members have ids, too, and a rename is no removal.
import { isDeepStrictEqual } from 'node:util';
import type { Difference } from './compare.ts';
import { isObject, type JsonObject, step } from './pointer.ts';

type Part = Pick<Difference, 'change' | 'pointer' | 'before' | 'after'>;

/** Values that only mean something as a whole. */
const wholes: ReadonlySet<string> = new Set([
  ...['filter', 'when', 'visibleWhen', 'requiredWhen', 'readOnlyWhen', 'errorWhen', 'conditions', 'default', 'rows'],
]);
/** Objects whose keys are names that people chose, so that a key called `default` is a member like any other. */
const nameMaps: ReadonlySet<string> = new Set(['fields', 'relations', 'entities', 'label', 'set', 'record', 'map']);

/** What identifies an item among its neighbours, the best first. */
const identifying = ['id', 'name', 'value', 'relation', 'field'] as const;

export function comparedParts(before: object, after: object): readonly Part[] {
  const parts = objectParts(before as JsonObject, after as JsonObject, '', '');
  // The plural of an entity is its name.
  const renamed = parts.find(({ pointer }) => pointer === '/name');
  return parts.flatMap((part) =>
    part === renamed ? [{ ...part, change: 'renamed' }] : part.pointer === '/plural' && renamed !== undefined ? [] : [part],
  );
}

function valueParts(before: unknown, after: unknown, pointer: string, parent: string): readonly Part[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (before === undefined) return [{ change: 'added', pointer, after }];
  if (after === undefined) return [{ change: 'removed', pointer, before }];
  const key = pointer.slice(pointer.lastIndexOf('/') + 1);
  const whole = wholes.has(key) && !nameMaps.has(parent);
  if (!whole && isObject(before) && isObject(after)) return objectParts(before, after, pointer, key);
  if (!whole && Array.isArray(before) && Array.isArray(after)) {
    const lists = [before, after].map((list) => keyed(list, keyFor([...before, ...after])));
    const [old, now] = lists;
    if (old?.size === before.length && now?.size === after.length) return listParts(old, now, pointer);
  }
  return [{ change: 'changed', pointer, before, after }];
}

interface Member {
  readonly key: string;
  readonly value: unknown;
}

/** Members with ids are the same by them, whatever their keys; the others by their keys. */
const membersOf = (object: JsonObject): ReadonlyMap<string, Member> =>
  new Map(
    Object.entries(object).map(([key, value]) => [
      isObject(value) && typeof value['id'] === 'string' ? `id ${value['id']}` : `key ${key}`,
      { key, value },
    ]),
  );

function objectParts(before: JsonObject, after: JsonObject, pointer: string, parent: string): readonly Part[] {
  const [old, now] = [membersOf(before), membersOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => {
    const [was, is] = [old.get(id), now.get(id)];
    const place = step(pointer, (is ?? was)?.key ?? '');
    const renamed = was !== undefined && is !== undefined && was.key !== is.key;
    return [
      ...(renamed ? [{ change: 'renamed' as const, pointer: place, before: was.key, after: is.key }] : []),
      ...valueParts(was?.value, is?.value, place, parent),
    ];
  });
}

const keyFor = (items: readonly unknown[]): ((item: unknown) => string) | undefined => {
  const key = identifying.find((name) => items.every((item) => isObject(item) && typeof item[name] === 'string'));
  if (key !== undefined) return (item) => String((item as JsonObject)[key]);
  return items.some(isObject) ? undefined : (item) => JSON.stringify(item);
};

/** Smaller than the list when its items have no keys or share one. */
const keyed = (
  list: readonly unknown[],
  keyOf: ((item: unknown) => string) | undefined,
): ReadonlyMap<string, readonly [number, unknown]> =>
  new Map(keyOf === undefined ? [] : list.map((item, at) => [keyOf(item), [at, item]]));

type Items = ReturnType<typeof keyed>;

function listParts(before: Items, after: Items, pointer: string): readonly Part[] {
  const parts = [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    return valueParts(was?.[1], is?.[1], step(pointer, (is ?? was)?.[0] ?? 0), '');
  });
  const [old, now] = [[...before.keys()].filter((key) => after.has(key)), [...after.keys()].filter((key) => before.has(key))];
  return isDeepStrictEqual(old, now) ? parts : [...parts, { change: 'moved', pointer, before: old, after: now }];
}
