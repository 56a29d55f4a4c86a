// The `code` of an error of Node, the system or PostgreSQL: ENOENT, ECONNREFUSED, 23505 …

/** The code, or undefined when there is none. It does not ask for `instanceof Error`, which fails for errors of another realm. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
