// One field of an input: whether the caller may set it at all, and its value as columns to write.
import { didYouMean } from '../conditions/did-you-mean.ts';
import type { ColumnValues } from '../fields/field-type.ts';
import type { Column, Entity, Field } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { Context } from './context.ts';
import type { RecordValues } from './records.ts';

/** `engine`: hooks and workflows of the application itself may set read-only fields, only not the system's. */
export function refusal(entity: Entity, name: string, by: { readonly engine: boolean }): Issue | undefined {
  const field = entity.fields.get(name);
  const pointer = `/${name}`;
  if (field === undefined || field.hidden) {
    const known = [...entity.fields.values()].filter((candidate) => !isLocked(candidate) && !candidate.hidden);
    const hint = didYouMean(
      name,
      known.map((candidate) => candidate.name),
    );
    return { pointer, code: 'unknown_field', detail: `${entity.name} has no field "${name}".${hint}` };
  }
  if (isLocked(field) && !(by.engine && !field.system)) return { pointer, code: 'read_only', detail: `"${name}" cannot be set.` };
  return undefined;
}

const isLocked = (field: Field): boolean => field.readOnly || field.type.name === 'autoNumber';

export interface ParsedField {
  /** Full column name → value to bind; absent where the value is refused. */
  readonly columns?: Readonly<Record<string, unknown>>;
  readonly issues: readonly Issue[];
}

/** `after` is the record as it will be: a phone number looks at the country beside it. */
export async function parseField(context: Context, field: Field, value: unknown, after: RecordValues): Promise<ParsedField> {
  if (value === null) return { columns: named(field, {}), issues: [] };
  const { app } = context.registry;
  const parsed = await field.type.parse(value, field.meta, {
    defaultRegion: app.defaultRegion,
    baseCurrency: app.baseCurrency,
    value: (path) => at(after, path),
  });
  if ('columns' in parsed) return { columns: named(field, parsed.columns), issues: [] };
  return {
    issues: parsed.issues.map((issue) => ({ pointer: `/${field.name}${issue.path}`, code: issue.code, detail: issue.detail })),
  };
}

/** RFC 7396 inside of a value with parts: those that a patch does not mention stay, null clears one. */
export function patchedValue(field: Field, current: unknown, patch: unknown): unknown {
  if (field.type.parts === undefined || !isObject(current) || !isObject(patch)) return patch;
  const parts = { ...current, ...patch };
  return Object.values(parts).every((part) => part === null) ? null : parts;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Suffixes → full names; a part that the value does not mention is cleared. */
const named = (field: Field, columns: ColumnValues): Readonly<Record<string, unknown>> =>
  Object.fromEntries(field.columns.map((column) => [column.name, stored(column, columns[column.suffix] ?? null)]));

/** A decimal with all the digits its column has, so that events and audit tell it just as reads do: `5` is `5.00`. */
function stored(column: Column, value: unknown): unknown {
  const scale = /^numeric\(\d+,(\d+)\)$/.exec(column.type)?.[1];
  if (scale === undefined || value === null) return value;
  const [whole = '', digits = ''] = String(value).split('.');
  return Number(scale) === 0 ? whole : `${whole}.${digits.padEnd(Number(scale), '0')}`;
}

function at(record: RecordValues, path: string): unknown {
  let value: unknown = record;
  for (const segment of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}
