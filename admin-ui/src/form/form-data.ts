// A record ↔ the values of its form, and the merge-patch between two states of them.
import type { JsonSchema } from '../../../server/fields/field-type.ts';
import type { ApiRecord } from '../api/records.ts';
import type { FormValues } from './form-context.ts';

type Properties = Readonly<Record<string, JsonSchema>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Nulls are left out at every depth: the schema describes values, not their absence. */
function withoutNulls(value: unknown): unknown {
  if (!isObject(value)) return value ?? undefined;
  const kept = Object.entries(value).flatMap(([key, inner]) => {
    const clean = withoutNulls(inner);
    return clean === undefined ? [] : [[key, clean] as const];
  });
  return Object.fromEntries(kept);
}

export function valuesOf(record: ApiRecord, properties: Properties): FormValues {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(properties)) {
    const value = withoutNulls(record[name]);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** What a new record starts with. */
export function defaultsOf(properties: Properties, given: FormValues): FormValues {
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    if (schema['default'] !== undefined && schema['readOnly'] !== true) values[name] = schema['default'];
  }
  return { ...values, ...given };
}

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left ?? null) === JSON.stringify(right ?? null);

/** RFC 7396: inside objects a part that is gone must be said to be null. */
function patchValue(before: unknown, after: unknown): unknown {
  if (after === undefined || after === '') return null;
  if (!isObject(after)) return after;
  const old = isObject(before) ? before : {};
  if (Object.values(after).every((part) => part === undefined || part === '')) return null;
  const names = new Set([...Object.keys(old), ...Object.keys(after)]);
  return Object.fromEntries([...names].map((name) => [name, patchValue(old[name], after[name])]));
}

/** Only what changed, and only what may be written. */
export function patchOf(before: FormValues, after: FormValues, properties: Properties): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    if (schema['readOnly'] === true || same(before[name], after[name])) continue;
    // A JSON value is one value: its members are not patched one by one.
    patch[name] = schema['type'] === undefined ? (after[name] ?? null) : patchValue(before[name], after[name]);
  }
  return patch;
}

/** What is hidden now is not sent, whatever was typed before it went: it stays as it was. */
export const withoutHidden = (before: FormValues, after: FormValues, hidden: ReadonlySet<string>): FormValues =>
  Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(after)])].map((name) => [
      name,
      (hidden.has(name) ? before : after)[name],
    ]),
  );

/** The body of a create: everything that was given. */
export function bodyOf(values: FormValues, properties: Properties): Record<string, unknown> {
  const patch = patchOf({}, values, properties);
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null));
}

/** Names of the fields whose values differ. */
export const changedNames = (before: FormValues, after: FormValues): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !same(before[name], after[name]));
