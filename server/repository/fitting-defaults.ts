// A new record starts with options that are open to it: a default that is not gives way to the first that is.
import type { Entity } from '../metadata/registry.ts';
import type { Context } from './context.ts';
import { closedChoice, openOptions } from './field-rules.ts';
import { type ParsedInput, parseInput } from './input.ts';
import { isEmpty, type RecordValues } from './records.ts';
import { conditionTester } from './rules.ts';
import type { RepositoryServices } from './services.ts';

/** @param input what the caller gave: their own choices are not replaced, but refused by the rules */
export async function withFittingDefaults(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  record: { readonly id: string; readonly input: RecordValues; readonly parsed: ParsedInput },
): Promise<ParsedInput> {
  const { id, input, parsed } = record;
  const fields = [...entity.fields.values()].filter(
    ({ name, meta }) => meta.optionsWhen !== undefined && input[name] === undefined && !isEmpty(parsed.after[name]),
  );
  if (fields.length === 0) return parsed;
  const conditions = fields.flatMap(({ meta }) => (meta.optionsWhen ?? []).map(({ when }) => when));
  const holds = await conditionTester(services, context, entity, conditions, { id, before: null, after: parsed.after });
  const set = fields.flatMap((field) => {
    const open = openOptions(field, holds);
    const value = parsed.after[field.name];
    if (closedChoice(open, value) === undefined) return [];
    return [[field.name, Array.isArray(value) ? open?.slice(0, 1) : open?.[0]] as const];
  });
  if (set.length === 0) return parsed;
  const more = await parseInput(services, context, entity, Object.fromEntries(set), parsed.after, { trusted: true });
  return { ...more, columns: { ...parsed.columns, ...more.columns }, secrets: parsed.secrets, issues: parsed.issues };
}
