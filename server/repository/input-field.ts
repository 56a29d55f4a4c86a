// One field of an input: whether the caller may set it at all, and its value as columns to write.
import { didYouMean } from '../conditions/did-you-mean.ts';
import type { ColumnValues } from '../fields/field-type.ts';
import type { Column, Entity, Field, Grant } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { Context } from './context.ts';

export interface Setter {
  /** Hooks and workflows of the application itself may set read-only fields, only not the system's. */
  readonly engine: boolean;
  /** What is granted on the record; absent: everything. */
  readonly grants?: readonly Grant[];
  /** The entity as the setter sees it; absent with `grants`: not at all. */
  readonly seen?: Entity | undefined;
}

/** A field that may be neither read nor set answers like one that does not exist. */
export function refusal(entity: Entity, name: string, by: Setter): Issue | undefined {
  const field = entity.fields.get(name);
  const pointer = `/${name}`;
  const { grants, seen } = by;
  const settable = grants === undefined || grants.some((grant) => mayWrite(grant, name));
  const readable = grants === undefined || seen?.fields.get(name) !== undefined;
  if (field === undefined || field.hidden || (!settable && !readable)) {
    const known = [...((grants === undefined ? entity : seen) ?? entity).fields.values()].filter(
      (candidate) => !isLocked(candidate) && !candidate.hidden,
    );
    const hint = didYouMean(
      name,
      known.map((candidate) => candidate.name),
    );
    return { pointer, code: 'unknown_field', detail: `${entity.name} has no field "${name}".${hint}` };
  }
  if (isLocked(field) && (field.computed !== undefined || !(by.engine && !field.system)))
    return { pointer, code: 'read_only', detail: `"${name}" cannot be set.` };
  if (!settable && !field.system) return { pointer, code: 'forbidden', detail: `You may not set "${name}".` };
  return undefined;
}

/** Whether a grant lets a field be set: where nothing is said of it, if it may be read in clear. */
export const mayWrite = ({ fields }: Grant, name: string): boolean => {
  const said = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return said?.write ?? (said?.read ?? true) === true;
};

const isLocked = (field: Field): boolean => field.readOnly || field.type.name === 'autoNumber';

export interface ParsedField {
  /** Full column name → value to bind; absent where the value is refused. */
  readonly columns?: Readonly<Record<string, unknown>>;
  readonly issues: readonly Issue[];
}

/** What parsing a value may look at besides: a phone number looks at the country beside it. */
export type ValueAt = (path: string) => unknown;

export async function parseField(context: Context, field: Field, value: unknown, valueAt: ValueAt): Promise<ParsedField> {
  if (value === null) return { columns: named(field, {}), issues: [] };
  const { app } = context.registry;
  const parsed = await field.type.parse(value, field.meta, {
    defaultRegion: app.defaultRegion,
    baseCurrency: app.baseCurrency,
    value: valueAt,
  });
  if ('columns' in parsed) return { columns: named(field, parsed.columns), issues: [] };
  return {
    issues: parsed.issues.map(({ path, ...issue }) => ({ pointer: `/${field.name}${path}`, ...issue })),
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
