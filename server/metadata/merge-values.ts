// Three-way merge of JSON values: objects key by key, members by their id, lists by what identifies their items.
import { isDeepStrictEqual } from 'node:util';
import { nameMaps, wholes } from './layer.ts';
import { mergedOrder, mergeItems } from './merge-lists.ts';
import { isObject, type JsonObject, step } from './pointer.ts';

/** Undefined stands for a value that is not there. */
export interface Sides<T = unknown> {
  readonly base: T | undefined;
  readonly ours: T | undefined;
  readonly theirs: T | undefined;
}

/** Both sides changed the place, differently. */
export interface MergeConflict extends Sides {
  readonly pointer: string;
}

export interface MergedValue {
  readonly value: unknown;
  readonly conflicts: readonly MergeConflict[];
}

/** What merges the parts of a value, and keeps the conflicts that it meets. */
export interface Merger {
  merge(sides: Sides, pointer: string): unknown;
  /** The value to go on with where the sides contradict. */
  settle(sides: Sides, pointer: string): unknown;
}

/** Besides what the layers take as a whole: conditions inside of lists, which layers replace anyway. */
const conditions: ReadonlySet<string> = new Set(['optionsWhen', 'errorWhen', 'conditions', 'where']);
/** Of the objects whose keys are names, those whose members have ids: a renamed member is still the same. */
const memberMaps: ReadonlySet<string> = new Set(['fields', 'relations']);

export function mergeValues(sides: Sides, prefer?: 'ours' | 'theirs'): MergedValue {
  const conflicts: MergeConflict[] = [];
  const merger: Merger = {
    merge: (below, pointer) => mergeAt(merger, below, pointer),
    settle: (below, pointer) => {
      if (prefer === undefined) conflicts.push({ pointer, ...below });
      return prefer === 'theirs' ? below.theirs : below.ours;
    },
  };
  return { value: merger.merge(sides, ''), conflicts };
}

function mergeAt(merger: Merger, sides: Sides, pointer: string): unknown {
  const { base, ours, theirs } = sides;
  if (same(ours, theirs) || same(base, theirs)) return ours;
  if (same(base, ours)) return theirs;
  const [parent = '', key = ''] = pointer.split('/').slice(-2);
  const whole = (wholes.has(key) || conditions.has(key)) && !nameMaps.has(parent);
  if (whole) return merger.settle(sides, pointer);
  if (isObject(ours) && isObject(theirs)) {
    const objects = { base: isObject(base) ? base : {}, ours, theirs };
    return memberMaps.has(key) ? mergeMembers(merger, objects, pointer) : mergeObjects(merger, objects, pointer);
  }
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    const merged = mergeItems(merger, { base: Array.isArray(base) ? base : [], ours, theirs }, pointer);
    if (merged !== undefined) return merged;
  }
  return merger.settle(sides, pointer);
}

/** Key order means nothing to a comparison. */
const same = (one: unknown, other: unknown): boolean => isDeepStrictEqual(one, other);

type Objects = { readonly [S in keyof Sides]: JsonObject };

const own = (object: JsonObject, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);

function mergeObjects(merger: Merger, { base, ours, theirs }: Objects, pointer: string): JsonObject {
  const keys = mergedOrder(Object.keys(base), Object.keys(ours), Object.keys(theirs));
  const entries = keys.map((key) => {
    const value = merger.merge({ base: own(base, key), ours: own(ours, key), theirs: own(theirs, key) }, step(pointer, key));
    return [key, value] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

interface Member {
  readonly name: string;
  readonly value: unknown;
}

/** Name → member becomes id → named member; what has no id (an override, a removal) goes by its name. */
const membersOf = (object: JsonObject): ReadonlyMap<string, Member> =>
  new Map(
    Object.entries(object).map(([name, value]) => [
      isObject(value) && typeof value['id'] === 'string' ? `id ${value['id']}` : `name ${name}`,
      { name, value },
    ]),
  );

function mergeMembers(merger: Merger, objects: Objects, pointer: string): JsonObject {
  const [base, ours, theirs] = [membersOf(objects.base), membersOf(objects.ours), membersOf(objects.theirs)];
  const merged = new Map<string, unknown>();
  for (const key of mergedOrder([...base.keys()], [...ours.keys()], [...theirs.keys()])) {
    const sides = { base: base.get(key), ours: ours.get(key), theirs: theirs.get(key) };
    const place = step(pointer, (sides.base ?? sides.ours ?? sides.theirs)?.name ?? '');
    const value = merger.merge({ base: sides.base?.value, ours: sides.ours?.value, theirs: sides.theirs?.value }, place);
    if (value === undefined) continue;
    const name = merger.merge({ base: sides.base?.name, ours: sides.ours?.name, theirs: sides.theirs?.name }, place);
    // Kept against the other side's removal, it keeps the name that it has on the side that kept it.
    const named = typeof name === 'string' ? name : String((sides.ours ?? sides.theirs)?.name);
    const twins = { base: undefined, ours: merged.get(named), theirs: value };
    merged.set(named, merged.has(named) ? merger.settle(twins, step(pointer, named)) : value);
  }
  return Object.fromEntries(merged);
}
