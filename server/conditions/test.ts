// Tests a condition in memory, on the server and in the browser. Pure and total: whatever the facts hold, it answers.
import { operatorByName } from './operators.ts';
import { type Condition, isFactOperand, isLeaf, type Leaf, type Quantified } from './tree.ts';
import type { ValueKind } from './value-kind.ts';
import { commonKind, comparesWithSet } from './values.ts';

/** What a condition may ask of one record. Facts that it does not know are undefined. */
export interface FactSource {
  readonly facts: (path: string) => unknown;
  readonly kindOf: (path: string) => ValueKind | undefined;
  readonly related?: RelatedRecords;
}
/** The live records of a to-many relation. */
export type RelatedRecords = (relation: string) => readonly FactSource[];

/**
 * True when the condition holds. Null makes every comparison false, except isEmpty, notEqual, notIn and doesNotContain;
 * `not` is two-valued. Unknown operators, and kinds that an operator does not take, are false (check.ts refuses them earlier).
 * @param facts value of a path (`stage`, `account.industry`, `actor.id`, `now`)
 * @param kindOf kind of the path's values
 * @param related records of a to-many relation; without it there are none
 */
export function testCondition(
  condition: Condition,
  facts: FactSource['facts'],
  kindOf: FactSource['kindOf'],
  related?: RelatedRecords,
): boolean {
  const test = (part: Condition): boolean => {
    if ('all' in part) return part.all.every(test);
    if ('any' in part) return part.any.some(test);
    if ('not' in part) return !test(part.not);
    if (isLeaf(part)) return testLeaf(part, facts, kindOf);
    const inner = (quantified: Quantified) => (record: FactSource) =>
      quantified.where === undefined || testCondition(quantified.where, record.facts, record.kindOf, record.related);
    const records = (relation: string): readonly FactSource[] => related?.(relation) ?? [];
    if ('some' in part) return records(part.some.relation).some(inner(part.some));
    if ('none' in part) return !records(part.none.relation).some(inner(part.none));
    return records(part.every.relation).every(inner(part.every));
  };
  return test(condition);
}

/** One comparison; also what the rule engine's operators call. */
export function testLeaf(leaf: Leaf, facts: FactSource['facts'], kindOf: FactSource['kindOf']): boolean {
  const operator = operatorByName(leaf.operator);
  const kind = kindOf(leaf.fact);
  if (operator === undefined || kind === undefined || !operator.kinds.includes(kind)) return false;
  if (!isFactOperand(leaf.value)) return operator.test(facts(leaf.fact), leaf.value, kind);
  if (operator.shape === 'flag') return operator.test(facts(leaf.fact), true, kind);
  const operandKind = kindOf(leaf.value.fact);
  const operand = operandKind === undefined ? undefined : facts(leaf.value.fact);
  if (operator.shape === 'many')
    return operator.test(facts(leaf.fact), operandKind === 'set' && comparesWithSet(kind) ? operand : undefined, kind);
  if (kind === 'set') return operator.test(facts(leaf.fact), operandKind === 'text' ? operand : undefined, kind);
  const common = operandKind === undefined ? undefined : commonKind(kind, operandKind);
  return operator.test(facts(leaf.fact), common === undefined ? undefined : operand, common ?? kind);
}
