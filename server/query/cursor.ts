// Keyset cursors: the sort values and the id of one record, opaque to clients and safe to hand back.

/** `values` are the sort columns' texts (null for SQL null), the last one the id. */
export interface Cursor {
  /** The sort that the cursor belongs to, e.g. `-amount,name`; a cursor of another sort is refused. */
  readonly sort: string;
  readonly values: readonly (string | null)[];
}

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.sort, ...cursor.values])).toString('base64url');
}

/** Undefined for anything that `encodeCursor` did not make. */
export function decodeCursor(text: string): Cursor | undefined {
  if (text.length > 4096 || !/^[\w-]+$/.test(text)) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed) || parsed.length < 2) return undefined;
    const [sort, ...values] = parsed as unknown[];
    if (
      typeof sort !== 'string' ||
      !values.every((value) => value === null || (typeof value === 'string' && !value.includes('\0')))
    )
      return undefined;
    return { sort, values: values as (string | null)[] };
  } catch {
    return undefined;
  }
}
