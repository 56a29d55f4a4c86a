// Input → columns: unknown, read-only, required and malformed values are all reported, none is dropped in silence.

import { didYouMean } from '../conditions/did-you-mean.ts';
import type { ColumnValues } from '../fields/field-type.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { Context } from './context.ts';
import { fieldValue, type RecordValues, sameValue } from './records.ts';
import type { WriteOptions } from './repository.ts';

export interface ParsedInput {
  /** Full column name → value to bind, only for fields that the input (or a default) sets. */
  readonly columns: Readonly<Record<string, unknown>>;
  /** The record as it will be: `current` with the parsed values over it. */
  readonly after: Record<string, unknown>;
  /** Secret fields that are set; their values are in `columns` only. */
  readonly secrets: readonly string[];
  readonly issues: readonly Issue[];
}

const inputFields = (entity: Entity): string[] =>
  [...entity.fields.values()].filter((field) => !field.readOnly && !field.hidden).map((field) => field.name);

/**
 * Parses a create (`current` null: defaults apply, required fields must be there) or a merge-patch over `current`.
 * `trusted` input comes from hooks and workflows of the application itself and may set read-only fields.
 */
export async function parseInput(
  context: Context,
  entity: Entity,
  input: RecordValues,
  current: RecordValues | null,
  options: WriteOptions & { readonly trusted?: boolean } = {},
): Promise<ParsedInput> {
  const issues: Issue[] = [];
  const columns: Record<string, unknown> = {};
  const secrets: string[] = [];
  const given = withDefaults(context, entity, input, current);
  const after: Record<string, unknown> = current === null ? blank(entity) : { ...current };
  const report = (issue: Issue, value: unknown, droppable: boolean): void => {
    if (droppable && options.onFieldIssue !== undefined) options.onFieldIssue({ ...issue, value });
    else issues.push(issue);
  };
  // Two passes: a value may look at its neighbours (a phone at the country), so plain values stand before any is parsed.
  for (const [name, value] of Object.entries(given)) if (entity.fields.has(name)) after[name] = value;
  for (const [name, value] of Object.entries(given)) {
    const field = entity.fields.get(name);
    const refused = refuse(context, entity, name, field, options.trusted === true, current, value);
    if (refused !== undefined || field === undefined) {
      if (refused !== undefined) issues.push(refused);
      if (field !== undefined) after[name] = current?.[name] ?? null;
      continue;
    }
    const parsed = await parseField(context, field, value, after);
    for (const issue of parsed.issues) report(issue, value, !field.required);
    if (parsed.columns === undefined) {
      after[name] = current?.[name] ?? null;
      continue;
    }
    Object.assign(columns, parsed.columns);
    if (field.type.secret === true) {
      secrets.push(name);
      delete after[name];
    } else {
      after[name] = fieldValue(field, parsed.columns);
    }
  }
  for (const [name, value] of currenciesOf(context, entity, after)) {
    columns[name] = value;
    after[name] = value;
  }
  requireValues(entity, given, after, current, secrets, issues);
  return { columns, after, secrets, issues };
}

/** An amount without a currency is one of the base currency. */
function currenciesOf(context: Context, entity: Entity, after: RecordValues): readonly (readonly [string, string])[] {
  return [...entity.fields.values()]
    .filter((field) => field.type.name === 'money' && (after[field.name] ?? null) !== null)
    .map((field) => `${field.name}_currency`)
    .filter((name) => entity.fields.has(name) && (after[name] ?? null) === null)
    .map((name) => [name, context.registry.app.baseCurrency] as const);
}

const blank = (entity: Entity): Record<string, unknown> =>
  Object.fromEntries(
    [...entity.fields.values()].filter((field) => field.type.secret !== true).map((field) => [field.name, null]),
  );

function withDefaults(context: Context, entity: Entity, input: RecordValues, current: RecordValues | null): RecordValues {
  if (current !== null) return input;
  const given: Record<string, unknown> = { ...input };
  const owner = entity.meta.ownership?.owner;
  if (owner !== undefined && (given[owner] ?? null) === null && context.actor.roles.length > 0) given[owner] = context.actor.id;
  for (const field of entity.fields.values()) {
    if (given[field.name] === undefined && field.meta.default !== undefined && !field.system)
      given[field.name] = field.meta.default;
  }
  return given;
}

function refuse(
  context: Context,
  entity: Entity,
  name: string,
  field: Field | undefined,
  trusted: boolean,
  current: RecordValues | null,
  value: unknown,
): Issue | undefined {
  const pointer = `/${name}`;
  if (field === undefined || field.hidden) {
    return {
      pointer,
      code: 'unknown_field',
      detail: `${entity.name} has no field "${name}".${didYouMean(name, inputFields(entity))}`,
    };
  }
  const isDefault = current === null && value === field.meta.default;
  const engine = trusted || context.source === 'system' || context.source === 'workflow';
  if (field.readOnly && !isDefault && !(engine && !field.system)) {
    return { pointer, code: 'read_only', detail: `"${name}" cannot be set.` };
  }
  return undefined;
}

async function parseField(
  context: Context,
  field: Field,
  value: unknown,
  after: RecordValues,
): Promise<{ columns?: Readonly<Record<string, unknown>>; issues: readonly Issue[] }> {
  if (value === null || value === undefined) {
    return { columns: named(field, Object.fromEntries(field.columns.map((column) => [column.suffix, null]))), issues: [] };
  }
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

/** Suffixes → full names; a part that the value does not mention is cleared. */
const named = (field: Field, columns: ColumnValues): Readonly<Record<string, unknown>> =>
  Object.fromEntries(field.columns.map((column) => [column.name, columns[column.suffix] ?? null]));

function at(record: RecordValues, path: string): unknown {
  let value: unknown = record;
  for (const segment of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

function requireValues(
  entity: Entity,
  given: RecordValues,
  after: RecordValues,
  current: RecordValues | null,
  secrets: readonly string[],
  issues: Issue[],
): void {
  for (const field of entity.fields.values()) {
    if (!field.required || field.system || field.type.name === 'autoNumber' || secrets.includes(field.name)) continue;
    if (current !== null && given[field.name] === undefined) continue;
    if (issues.some((issue) => issue.pointer === `/${field.name}` || issue.pointer.startsWith(`/${field.name}/`))) continue;
    const value = after[field.name] ?? null;
    if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) {
      issues.push({ pointer: `/${field.name}`, code: 'required', detail: 'A value is required.' });
    }
  }
}

/** Fields of the input whose value really differs from the record's. */
export function differs(entity: Entity, parsed: ParsedInput, current: RecordValues): boolean {
  if (parsed.secrets.length > 0) return true;
  return [...entity.fields.values()].some(
    (field) =>
      field.columns.some((column) => column.name in parsed.columns) &&
      !sameValue(field.type.kind, current[field.name], parsed.after[field.name]),
  );
}
