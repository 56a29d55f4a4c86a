// Renames carried into every object that names what is renamed.
import { isObject, type JsonObject, step as stepTo } from '../pointer.ts';
import type { Owner } from '../uses/reference.ts';
import { applyRewrites, type Rename, type Rewrite, rewriteNames } from '../uses/renames.ts';
import { namedTarget } from '../uses/targets.ts';
import { objectKey } from './layers.ts';
import { refusal } from './refusal.ts';
import { putObject, type Step, type Work } from './work.ts';
import { registryOf } from './work-registry.ts';

/**
 * Writes the new names wherever the old ones stand, all at once.
 * @param which of the places are written; all of them when not given
 * @throws Refused when what is renamed has not been sound so far
 */
export function renameEverywhere(
  step: Step<unknown>,
  renames: readonly Rename[],
  which: (rewrite: Rewrite) => boolean = () => true,
): void {
  const registry = registryOf(step);
  const lost = renames.find((rename) => namedTarget(registry, rename) === undefined);
  if (lost !== undefined)
    throw refusal(step.pointer, 'invalid', `The ${lost.kind} "${lost.name}" is not sound, so nobody can tell what names it.`);
  const byOwner = new Map<string, Rewrite[]>();
  for (const rewrite of rewriteNames(registry, renames).filter(which)) {
    const key = keyOfOwner(rewrite.owner);
    byOwner.set(key, [...(byOwner.get(key) ?? []), rewrite]);
  }
  for (const [key, rewrites] of byOwner) rewriteObject(step.work, key, rewrites);
}

export const keyOfOwner = ({ kind, id }: Pick<Owner, 'kind' | 'id'>): string => objectKey(kind, id);

function rewriteObject(work: Work, key: string, rewrites: readonly Rewrite[]): void {
  const object = work.objects.get(key);
  if (object === undefined) return;
  const value = applyRewrites<JsonObject>(object.value, rewrites);
  const lists = new Set(
    rewrites.filter(({ at }) => at === 'value').map(({ pointer }) => pointer.slice(0, pointer.lastIndexOf('/'))),
  );
  putObject(work, { ...object, value: withDistinct(value, lists, '') as JsonObject });
}

/** Two names that have become one stand once in the lists given. */
function withDistinct(value: unknown, lists: ReadonlySet<string>, pointer: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, at) => withDistinct(item, lists, stepTo(pointer, at)));
    return lists.has(pointer) && items.every((item) => typeof item === 'string') ? [...new Set(items)] : items;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withDistinct(inner, lists, stepTo(pointer, key))]));
}

/**
 * This rename with those right after it that can be made at the same time: a name that one gives up another may take, so
 * that two things can change places in one request. A rename of what has just got its name comes after.
 * @param isAlike whether a change is one of this kind on the same things
 */
export function withFollowing<Change extends { readonly name: string; readonly to: string }>(
  step: Step<Change>,
  isTaken: (name: string) => boolean,
  isAlike: (change: JsonObject) => boolean,
): readonly Step<Change>[] {
  const steps: Step<Change>[] = [step];
  for (const [at, change] of step.changes.slice(step.index + 1).entries()) {
    const index = step.index + 1 + at;
    const { name } = change;
    if (!isAlike(change) || typeof name !== 'string' || steps.some((one) => one.change.name === name)) break;
    if (steps.some((one) => one.change.to === name) && !isTaken(name)) break;
    steps.push({ ...step, change: change as unknown as Change, index, pointer: `/changes/${index}` });
  }
  return steps;
}
