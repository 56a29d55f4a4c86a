// JSON pointers (RFC 6901) into metadata: build them, split them, follow them.

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The pointer of a member or item below `pointer`. */
export const step = (pointer: string, key: string | number): string =>
  `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;

export const pointerOf = (...keys: readonly (string | number)[]): string => keys.reduce<string>(step, '');

export const stepsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** How many steps of the pointer exist in the value. */
export function depthOf(value: unknown, pointer: string): number {
  let at = value;
  let depth = 0;
  for (const key of stepsOf(pointer)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return depth;
    at = (at as JsonObject)[key];
    depth += 1;
  }
  return depth;
}
