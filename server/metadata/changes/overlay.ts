// The smallest customisation that makes an object of the lower layers what is wanted; the inverse of `mergeOver`.
import { isDeepStrictEqual } from 'node:util';
import { mergeOver, nameMaps, wholes } from '../layer.ts';
import { isObject, type JsonObject } from '../pointer.ts';

/** `mergeOver(below, overlayOf(below, wanted), '')` is `wanted`; null in it is the same as nothing. */
export function overlayOf(below: JsonObject, wanted: JsonObject, parent = ''): JsonObject {
  const gone = Object.keys(below).filter((key) => !Object.hasOwn(wanted, key));
  const changed = Object.entries(wanted).flatMap(([key, value]) => {
    const known = Object.hasOwn(below, key);
    if (!known) return value === null ? [] : [[key, value] as const];
    const old = below[key];
    if (isDeepStrictEqual(old, value)) return [];
    if (!isObject(old) || !isObject(value) || isWhole(key, parent)) return [[key, value] as const];
    return [[key, overlayOf(old, value, key)] as const];
  });
  return Object.fromEntries([...gone.map((key) => [key, null] as const), ...changed]);
}

/** What is null in an object is not there, as in every layer; a condition or default keeps its nulls, and so do lists. */
export function withoutNulls(value: JsonObject, parent = ''): JsonObject {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (inner === null) return [];
      return [[key, isObject(inner) && !isWhole(key, parent) ? withoutNulls(inner, key) : inner]];
    }),
  );
}

/** A merge-patch with the rules of the layers: null takes a key away, objects are merged, lists and conditions replaced. */
export const patched = (value: JsonObject, patch: JsonObject, parent = ''): JsonObject =>
  withoutNulls(mergeOver(value, patch, parent), parent);

const isWhole = (key: string, parent: string): boolean => wholes.has(key) && !nameMaps.has(parent);
