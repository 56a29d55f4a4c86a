// Rules of the metadata that a record must meet: the conditions on its fields and validation rules, on every path alike.
import { factsOf } from '../conditions/facts.ts';
import { testCondition } from '../conditions/test.ts';
import type { Condition } from '../conditions/tree.ts';
import { type Entity, perRegistry, type Registry } from '../metadata/registry.ts';
import type { Issue } from '../problem.ts';
import type { Context } from './context.ts';
import { fieldConditions, type Holds, hiddenIssues, lockedIssues, optionIssues, requiredIssues } from './field-rules.ts';
import { answerQuantified } from './quantified.ts';
import { loadFacts } from './record-facts.ts';
import type { RecordValues } from './records.ts';
import type { RepositoryServices } from './services.ts';

export interface RuledRecord {
  readonly id: string;
  /** Null on create. */
  readonly before: RecordValues | null;
  readonly after: RecordValues;
  /** The fields that this write touches. */
  readonly changed: readonly string[];
}

/** Findings of all rules at once. */
export async function checkRules(
  services: RepositoryServices,
  context: Context,
  entity: Entity,
  record: RuledRecord,
): Promise<readonly Issue[]> {
  const rules = rulesOf(context.registry).get(entity.name) ?? [];
  if (rules.length === 0) return [];
  const { id, before, after } = record;
  const holds = await conditionTester(services, context, entity, rules, { id, before, after });
  let held: Promise<Holds> | undefined;
  const heldBefore = (): Promise<Holds> => {
    held ??= conditionTester(services, context, entity, fieldConditions(entity), { id, before, after: before ?? {} });
    return held;
  };
  return [
    ...requiredIssues(entity, after, holds),
    ...hiddenIssues(entity, record, holds),
    ...(await optionIssues(entity, record, holds, heldBefore)),
    ...(await lockedIssues(entity, record, holds, heldBefore)),
    ...validationIssues(context, entity, before === null ? 'create' : 'update', holds),
  ];
}

/** Every condition of the rules, by entity. */
const rulesOf = perRegistry(
  (registry: Registry): ReadonlyMap<string, readonly Condition[]> =>
    new Map(
      [...registry.entities.values()].map((entity) => [
        entity.name,
        [...fieldConditions(entity), ...(entity.meta.validationRules ?? []).map(({ errorWhen }) => errorWhen)],
      ]),
    ),
);

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
