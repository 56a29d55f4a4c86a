// Input → columns: unknown, read-only, required and malformed values are all reported, none is dropped in silence.
import type { Entity, Field, Grant } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import { seenBy } from './access.ts';
import { columnName, columnValues } from './columns.ts';
import type { Context } from './context.ts';
import { blank, currenciesFor, defaultsFor } from './input-defaults.ts';
import { parseField, patchedValue, refusal, type ValueAt } from './input-field.ts';
import { minorUnitIssues } from './minor-units.ts';
import { loadFacts } from './record-facts.ts';
import { fieldValue, isEmpty, type RecordValues, sameValue, valueIn } from './records.ts';
import type { WriteOptions } from './repository.ts';
import type { RepositoryServices } from './services.ts';

export interface ParsedInput {
  /** Full column name → value to bind, only for fields that the input (or a default) sets. */
  readonly columns: Readonly<Record<string, unknown>>;
  /** The record as it will be: `current` with the parsed values over it. */
  readonly after: RecordValues;
  /** Secret fields that are set; their values are in `columns` only. */
  readonly secrets: readonly string[];
  readonly issues: readonly Issue[];
}

/**
 * Parses a create (`current` null: defaults apply, required fields must be there) or a merge-patch over `current`.
 * `trusted` input comes from hooks and may set read-only fields, as workflows and the system may. `grants` are those that
 * the record meets; absent: those of a create.
 */
export async function parseInput(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  input: RecordValues,
  current: RecordValues | null,
  options: WriteOptions & { readonly trusted?: boolean; readonly grants?: readonly Grant[] } = {},
): Promise<ParsedInput> {
  const issues: Issue[] = [];
  const wanted = new Map<Field, unknown>();
  const engine = options.trusted === true || context.source === 'system' || context.source === 'workflow';
  const grants = options.grants ?? context.actor.grants(entity.name, current === null ? 'create' : 'update');
  const by = { engine, ...(options.trusted === true ? {} : { grants, seen: seenBy(context).entities.get(entity.name) }) };
  const want = (name: string, value: unknown, refused?: Issue): void => {
    const field = entity.fields.get(name);
    if (refused !== undefined) issues.push(refused);
    else if (field !== undefined) wanted.set(field, value);
  };
  for (const [name, value] of Object.entries(input)) if (value !== undefined) want(name, value, refusal(entity, name, by));
  const defaults = current === null ? defaultsFor(context, entity, input) : {};
  for (const [name, value] of Object.entries(defaults)) want(name, value);
  const columns: Record<string, unknown> = {};
  const secrets: string[] = [];
  const after: Record<string, unknown> = current === null ? blank(entity) : { ...current };
  // Two passes: a value may look at its neighbours (a phone at the country), so plain values stand before any is parsed.
  for (const [field, value] of wanted) {
    if (field.type.secret === true) continue;
    const whole = patchedValue(field, current?.[field.name], value);
    wanted.set(field, whole);
    after[field.name] = whole;
  }
  const valueAt = valuesFor(services, context, entity, after);
  for (const [field, value] of wanted) {
    const parsed = await parseField(context, field, value, valueAt);
    for (const issue of parsed.issues) {
      if (!field.required && options.onFieldIssue !== undefined) options.onFieldIssue({ ...issue, value });
      else issues.push(issue);
    }
    Object.assign(columns, parsed.columns);
    if (field.type.secret === true) {
      if (parsed.columns !== undefined) secrets.push(field.name);
    } else {
      after[field.name] = parsed.columns === undefined ? (current?.[field.name] ?? null) : fieldValue(field, parsed.columns);
    }
  }
  const currencies = currenciesFor(context, entity, after);
  Object.assign(columns, columnValues(entity, currencies));
  Object.assign(after, currencies);
  const touched = (field: Field): boolean => current === null || wanted.has(field);
  const given = (field: Field): unknown => (field.type.secret === true ? columns[columnName(field)] : after[field.name]);
  const names = new Set([...wanted.keys()].map(({ name }) => name));
  if (issues.length === 0) issues.push(...minorUnitIssues(entity, after, (name) => names.has(name)));
  issues.push(...missingValues(entity, touched, given, issues));
  return { columns, after, secrets, issues };
}

/** Values of the record as it will be, and of what it refers to: each of those is read once, rights aside. */
function valuesFor(services: RepositoryServices, context: Context, entity: Entity, after: RecordValues): ValueAt {
  const read = new Map<string, Promise<unknown>>();
  return (path) => {
    const [name = ''] = path.split('.');
    if (entity.fields.has(name)) return valueIn(after, path);
    const known =
      read.get(path) ?? loadFacts(services, context, entity, { before: null, after }, [path]).then(({ value }) => value(path));
    read.set(path, known);
    return known;
  };
}

/** Required fields that stay empty; one that is already told of is not told of twice. */
function missingValues(
  entity: Entity,
  touched: (field: Field) => boolean,
  given: (field: Field) => unknown,
  told: readonly Issue[],
): readonly Issue[] {
  return [...entity.fields.values()]
    .filter((field) => field.required && !field.system && field.type.name !== 'autoNumber' && touched(field))
    .filter(({ name }) => !told.some(({ pointer }) => pointer === `/${name}` || pointer.startsWith(`/${name}/`)))
    .filter((field) => isEmpty(given(field)))
    .map((field) => ({ pointer: `/${field.name}`, code: 'required', detail: 'A value is required.' }));
}

/** Whether any value of the input really differs from the record's. */
export function differs(entity: Entity, parsed: ParsedInput, current: RecordValues): boolean {
  if (parsed.secrets.length > 0) return true;
  return [...entity.fields.values()].some(
    (field) =>
      field.computed === undefined &&
      field.columns.some((column) => column.name in parsed.columns) &&
      !sameValue(current[field.name], parsed.after[field.name]),
  );
}
