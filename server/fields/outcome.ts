// The two outcomes of reading a value: refused with issues, or columns to bind.
import type { FieldIssue, Parsed } from './field-type.ts';

/**
 * One issue, as `parse` and `fromText` return it. `path` points below the field (`/city`).
 * @param limit the number that the value does not keep
 */
export const refused = (code: string, detail: string, path = '', limit?: number): { readonly issues: readonly FieldIssue[] } => ({
  issues: [{ path, code, detail, ...(limit === undefined ? {} : { limit }) }],
});

/** The value of a field of one column. */
export const accepted = (value: unknown): Parsed => ({ columns: { '': value } });
