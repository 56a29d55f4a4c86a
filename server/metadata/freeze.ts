// Freezes metadata to its last leaf, so that nobody changes what all requests share.

/** Freezes plain objects and arrays in place; returns the same value. */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freezeDeep(inner);
  return value;
}
