// Freezes metadata to its last leaf, so that nobody changes what all requests share.

/** Freezes plain objects and arrays in place; returns the same value. */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freezeDeep(inner);
  return value;
}

const refuse = (): never => {
  throw new TypeError('The registry is immutable; a change makes a new one.');
};

/** Object.freeze leaves the content of maps and sets open; this closes it. Returns the same map. */
export function frozenMap<M extends Map<unknown, unknown> | Set<unknown>>(map: M): M {
  for (const method of ['set', 'add', 'delete', 'clear']) Object.defineProperty(map, method, { value: refuse });
  return Object.freeze(map);
}
