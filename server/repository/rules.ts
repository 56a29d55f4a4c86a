// Rules of the metadata that a record must meet: required-when, read-only-when and validation rules, on every path alike.
import { factsOf } from '../conditions/facts.ts';
import { testCondition } from '../conditions/test.ts';
import type { Condition } from '../conditions/tree.ts';
import type { Entity } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { Context } from './context.ts';
import { loadFacts } from './record-facts.ts';
import type { RecordValues } from './records.ts';
import type { RepositoryServices } from './services.ts';

interface Draft {
  readonly before: RecordValues | null;
  readonly after: RecordValues;
  readonly changed: readonly string[];
}

/** Findings of all rules at once; `changed` are the fields that this write touches. */
export async function checkRules(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  draft: Draft,
): Promise<readonly Issue[]> {
  const conditions = ruleConditions(entity);
  if (conditions.length === 0) return [];
  const facts = await loadFacts(
    services,
    context,
    entity,
    draft,
    conditions.flatMap((condition) => factsOf(condition)),
  );
  const holds = (condition: Condition): boolean => testCondition(condition, facts.value, facts.kind);
  return [...fieldRules(entity, draft, holds), ...validationRules(context, entity, draft, holds)];
}

function ruleConditions(entity: Entity): readonly Condition[] {
  const ofFields = [...entity.fields.values()].flatMap((field) => [field.meta.requiredWhen, field.meta.readOnlyWhen]);
  const ofEntity = (entity.meta.validationRules ?? []).map((rule) => rule.errorWhen);
  return [...ofFields, ...ofEntity].filter((condition): condition is Condition => condition !== undefined && condition !== null);
}

function fieldRules(entity: Entity, draft: Draft, holds: (condition: Condition) => boolean): readonly Issue[] {
  const issues: Issue[] = [];
  for (const field of entity.fields.values()) {
    const { requiredWhen, readOnlyWhen } = field.meta;
    const value = draft.after[field.name] ?? null;
    const empty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
    if (requiredWhen && empty && holds(requiredWhen)) {
      issues.push({ pointer: `/${field.name}`, code: 'required', detail: 'A value is required here.' });
    }
    if (readOnlyWhen && draft.before !== null && draft.changed.includes(field.name) && holds(readOnlyWhen)) {
      issues.push({ pointer: `/${field.name}`, code: 'read_only', detail: 'The value can no longer be changed.' });
    }
  }
  return issues;
}

function validationRules(
  context: Context,
  entity: Entity,
  draft: Draft,
  holds: (condition: Condition) => boolean,
): readonly Issue[] {
  const operation = draft.before === null ? 'create' : 'update';
  const [fallback = 'en'] = context.registry.app.languages;
  return (entity.meta.validationRules ?? [])
    .filter((rule) => rule.on.includes(operation) && holds(rule.errorWhen))
    .map((rule) => ({
      pointer: rule.field === undefined ? '' : `/${rule.field}`,
      code: rule.name,
      detail: rule.message[context.language] ?? rule.message[fallback] ?? rule.name,
    }));
}
