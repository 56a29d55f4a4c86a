// Which change made which part of an object: so that what the checks find there is told where it was asked for.
import { depthOf, isObject, type JsonObject, pointerOf, stepsOf } from '../pointer.ts';
import { objectKey } from './layers.ts';
import type { ObjectKind, Step } from './work.ts';

export interface Origin {
  readonly object: string;
  /** Into the object, members by their ids, so that it holds through renames. */
  readonly path: readonly string[];
  /** Where the part was given. */
  readonly to: string;
  /** What was given there. */
  readonly payload: unknown;
  /** Where the name of the part was given, when that is somewhere else. */
  readonly name?: string;
  /** Only the name was given, not the part itself. */
  readonly only?: 'name';
}

export interface Place {
  readonly pointer: string;
  /** false: what the finding is about was not given itself, so its place has to be told. */
  readonly exact: boolean;
}

/** Notes that the change gave the part of the object at `path`; `to` is below the change's own pointer. */
export function noteOrigin(
  { work, pointer, change }: Step<unknown>,
  of: { readonly kind: ObjectKind; readonly id: string },
  path: readonly string[],
  to: readonly (string | number)[],
  name?: readonly (string | number)[],
): void {
  const payload = to.reduce<unknown>((at, key) => (at as JsonObject | undefined)?.[key], change);
  const origin = { object: objectKey(of.kind, of.id), path, to: pointer + pointerOf(...to), payload };
  work.origins.push(name === undefined ? origin : { ...origin, name: pointer + pointerOf(...name) });
}

/** Notes that the change gave the thing at `path` its name and nothing else. */
export function noteName(
  { work, pointer }: Step<unknown>,
  of: { readonly kind: ObjectKind; readonly id: string },
  path: readonly string[],
  to: readonly string[],
): void {
  const name = pointer + pointerOf(...to);
  work.origins.push({ object: objectKey(of.kind, of.id), path, to: name, payload: undefined, name, only: 'name' });
}

/** How a path names a member: by its id, which stays. */
export const memberStep = (id: unknown): string => `#${String(id)}`;

/** A pointer into the object with ids in the place of names and numbers. */
export function steadyPath(value: JsonObject, pointer: string): readonly string[] {
  const [first, second, ...rest] = stepsOf(pointer);
  if (first === undefined || second === undefined) return stepsOf(pointer);
  const list = value[first];
  const member =
    typeof list === 'object' && list !== null && Object.hasOwn(list, second) ? (list as JsonObject)[second] : undefined;
  if (!isObject(member) || !identified.has(first)) return stepsOf(pointer);
  return [first, memberStep(member['id'] ?? member['name']), ...rest];
}

const identified: ReadonlySet<string> = new Set(['fields', 'relations', 'indexes', 'validationRules', 'duplicateRules']);

/** Where the part of the object was given, by the change that gave most of its path and came last. */
export function placeIn(origins: readonly Origin[], object: string, path: readonly string[], about?: 'name'): Place | undefined {
  const isAbove = (origin: Origin): boolean =>
    origin.object === object &&
    origin.path.every((step, at) => step === path[at]) &&
    (origin.only === undefined || (about === 'name' && origin.path.length === path.length));
  let best: Origin | undefined;
  for (const origin of origins) if (isAbove(origin) && origin.path.length >= (best?.path.length ?? 0)) best = origin;
  if (best === undefined) return undefined;
  const rest = path.slice(best.path.length);
  const depth = depthOf(best.payload, pointerOf(...rest));
  if (about === 'name' && best.name !== undefined && depth === 0) return { pointer: best.name, exact: true };
  return {
    pointer: best.to + pointerOf(...rest.slice(0, depth)),
    exact: depth === rest.length || isText(best.payload, rest, depth),
  };
}

/** A text that was given for the one of the first language stands for its label. */
function isText(payload: unknown, rest: readonly string[], depth: number): boolean {
  const given = rest.slice(0, depth).reduce<unknown>((at, key) => (at as JsonObject)[key], payload);
  return typeof given === 'string' && depth > 0;
}
