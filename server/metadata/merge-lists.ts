// Three-way merge of lists: items are known by what identifies them, their order is merged as lines of text are (diff3).
import { diff3Merge } from 'node-diff3';
import type { Merger } from './merge-values.ts';
import { isObject, type JsonObject, step } from './pointer.ts';

interface Lists<T> {
  readonly base: readonly T[];
  readonly ours: readonly T[];
  readonly theirs: readonly T[];
}

/** What identifies an item among its neighbours, the best first. */
const identifying = ['id', 'name', 'value', 'relation', 'field'] as const;

/** Undefined where the sides contradict. */
export function mergeItems(merger: Merger, lists: Lists<unknown>, pointer: string): readonly unknown[] | undefined {
  const all = [lists.base, lists.ours, lists.theirs];
  const key = identifying.find((candidate) => all.every((list) => unique(list.map((item) => textAt(item, candidate)))));
  if (key !== undefined) return mergeIdentified(merger, lists as Lists<JsonObject>, key, pointer);
  return all.every((list) => unique(list.map(textOf))) ? mergeDistinct(lists) : undefined;
}

const textAt = (item: unknown, key: string): string | undefined =>
  isObject(item) && typeof item[key] === 'string' ? item[key] : undefined;
const unique = (keys: readonly (string | undefined)[]): boolean =>
  new Set(keys).size === keys.length && keys.every((key) => key !== undefined);
const textOf = (item: unknown): string => JSON.stringify(item);

function mergeIdentified(merger: Merger, lists: Lists<JsonObject>, key: string, pointer: string): readonly unknown[] {
  const keyed = (list: readonly JsonObject[]) => new Map(list.map((item) => [String(item[key]), item]));
  const [base, ours, theirs] = [keyed(lists.base), keyed(lists.ours), keyed(lists.theirs)];
  return mergedOrder([...base.keys()], [...ours.keys()], [...theirs.keys()])
    .map((name) => merger.merge({ base: base.get(name), ours: ours.get(name), theirs: theirs.get(name) }, step(pointer, name)))
    .filter((item) => item !== undefined);
}

/** Items that are nothing but themselves: each side's additions and removals, unless both replaced the same ones. */
function mergeDistinct({ base, ours, theirs }: Lists<unknown>): readonly unknown[] | undefined {
  const items = new Map([...base, ...ours, ...theirs].map((item) => [textOf(item), item]));
  const [before, mine, yours] = [base.map(textOf), ours.map(textOf), theirs.map(textOf)];
  const gone = new Set(before.filter((item) => !mine.includes(item) || !yours.includes(item)));
  const replaced = regionsOf(before, mine, yours).some(
    ({ o, a, b }) =>
      o.some((item) => !a.includes(item) && !b.includes(item)) &&
      a.some((item) => !o.includes(item)) &&
      b.some((item) => !o.includes(item)),
  );
  if (replaced) return undefined;
  return mergedOrder(before, mine, yours)
    .filter((item) => !gone.has(item))
    .map((item) => items.get(item));
}

interface Region {
  readonly o: readonly string[];
  readonly a: readonly string[];
  readonly b: readonly string[];
}

const regionsOf = (base: readonly string[], ours: readonly string[], theirs: readonly string[]): readonly Region[] =>
  diff3Merge([...ours], [...base], [...theirs], { excludeFalseConflicts: true }).map(({ ok, conflict }) =>
    conflict === undefined ? { o: ok ?? [], a: ok ?? [], b: ok ?? [] } : conflict,
  );

/** Every key of the three, once, in the merged order; where both sides put something else in a place, ours stands first. */
export function mergedOrder(base: readonly string[], ours: readonly string[], theirs: readonly string[]): readonly string[] {
  const order = regionsOf(base, ours, theirs).flatMap(({ a, b }) => [...a, ...b]);
  return [...new Set([...order, ...ours, ...theirs, ...base])];
}
