// The two outcomes of reading a value: refused with issues, or columns to bind.
import type { FieldIssue, Parsed } from './field-type.ts';

/** One issue, as `parse` and `fromText` return it. `path` points below the field (`/city`). */
export const refused = (code: string, detail: string, path = ''): { readonly issues: readonly FieldIssue[] } => ({
  issues: [{ path, code, detail }],
});

/** The value of a field of one column. */
export const accepted = (value: unknown): Parsed => ({ columns: { '': value } });
