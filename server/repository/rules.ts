// Rules of the metadata that a record must meet: required-when, read-only-when and validation rules, on every path alike.
import { factsOf } from '../conditions/facts.ts';
import { testCondition } from '../conditions/test.ts';
import type { Condition } from '../conditions/tree.ts';
import type { Entity, Field } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { Context } from './context.ts';
import { answerQuantified } from './quantified.ts';
import { loadFacts } from './record-facts.ts';
import { isEmpty, type RecordValues } from './records.ts';
import type { RepositoryServices } from './services.ts';

export interface RuledRecord {
  readonly id: string;
  /** Null on create. */
  readonly before: RecordValues | null;
  readonly after: RecordValues;
  /** The fields that this write touches. */
  readonly changed: readonly string[];
}

type Holds = (condition: Condition) => boolean;

/** Findings of all rules at once. */
export async function checkRules(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  record: RuledRecord,
): Promise<readonly Issue[]> {
  const rules = rulesOf(entity);
  if (rules.length === 0) return [];
  const { id, before, after } = record;
  const holds = await conditionTester(services, context, entity, rules, { id, before, after });
  const locked = lockedFields(entity, record).filter((field) => field.meta.readOnlyWhen && holds(field.meta.readOnlyWhen));
  const heldBefore =
    locked.length === 0 ? holds : await conditionTester(services, context, entity, rules, { id, before, after: before ?? {} });
  return [
    ...requiredIssues(entity, after, holds),
    ...locked
      .filter((field) => field.meta.readOnlyWhen && heldBefore(field.meta.readOnlyWhen))
      .map((field) => ({ pointer: `/${field.name}`, code: 'read_only', detail: 'The value can no longer be changed.' })),
    ...validationIssues(context, entity, before === null ? 'create' : 'update', holds),
  ];
}

/** Every condition of the entity's rules. */
function rulesOf(entity: Entity): readonly Condition[] {
  const ofFields = [...entity.fields.values()].flatMap((field) => [field.meta.requiredWhen, field.meta.readOnlyWhen]);
  const ofEntity = (entity.meta.validationRules ?? []).map((rule) => rule.errorWhen);
  return [...ofFields, ...ofEntity].filter((condition) => condition !== undefined && condition !== null);
}

/** Reads what the conditions ask for, then tests them in memory. */
export async function conditionTester(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  conditions: readonly Condition[],
  record: Pick<RuledRecord, 'id' | 'before' | 'after'>,
): Promise<Holds> {
  const plain = await answerQuantified(context.transaction ?? services.knex, context, entity, conditions, record);
  const facts = await loadFacts(services, context, entity, record, [...plain.values()].flatMap(factsOf));
  return (condition) => testCondition(plain.get(condition) ?? condition, facts.value, facts.kind);
}

/**
 * Fields of an existing record that the write touches and that may be locked. A lock counts only where its condition
 * holds before and after: what closes a record may still fill it, and what opens it again may change it.
 */
const lockedFields = (entity: Entity, { before, changed }: RuledRecord): readonly Field[] =>
  before === null ? [] : [...entity.fields.values()].filter((field) => changed.includes(field.name));

function requiredIssues(entity: Entity, after: RecordValues, holds: Holds): readonly Issue[] {
  return [...entity.fields.values()]
    .filter(({ name, meta }) => meta.requiredWhen && isEmpty(after[name]) && holds(meta.requiredWhen))
    .map((field) => ({ pointer: `/${field.name}`, code: 'required', detail: 'A value is required here.' }));
}

function validationIssues(context: Context, entity: Entity, operation: 'create' | 'update', holds: Holds): readonly Issue[] {
  const [fallback = 'en'] = context.registry.app.languages;
  return (entity.meta.validationRules ?? [])
    .filter((rule) => rule.on.includes(operation) && holds(rule.errorWhen))
    .map((rule) => ({
      pointer: rule.field === undefined ? '' : `/${rule.field}`,
      code: rule.name,
      detail: rule.message[context.language] ?? rule.message[fallback] ?? rule.name,
    }));
}
