// Takes the to-many parts out of a condition: the rule engine gets a yes or no as a fact instead of a collection.
import { type Condition, isLeaf } from '../conditions/tree.ts';

/** Facts of this prefix stand for a quantified part; no field can have such a name. */
export const relatedPrefix = 'related:';

export interface PlainCondition {
  /** Only all, any, not and leaves. */
  readonly condition: Condition;
  /** Fact name → the quantified part it stands for. */
  readonly related: ReadonlyMap<string, Condition>;
}

/** Equal parts share a name, so each is asked for once. */
export function plainCondition(condition: Condition): PlainCondition {
  const related = new Map<string, Condition>();
  const plain = (part: Condition): Condition => {
    if ('all' in part) return { all: part.all.map(plain) };
    if ('any' in part) return { any: part.any.map(plain) };
    if ('not' in part) return { not: plain(part.not) };
    if (isLeaf(part)) return part;
    const name = relatedPrefix + JSON.stringify(part);
    related.set(name, part);
    return { fact: name, operator: 'equal', value: true };
  };
  return { condition: plain(condition), related };
}
