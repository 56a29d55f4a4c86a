// Which facts and relations a condition asks for: what to select, watch and show as dependencies.
import { type Condition, isFactOperand, isLeaf } from './tree.ts';

/** Facts that do not belong to the record: the caller and the clock. They read the same inside a quantifier. */
export const isGlobalFact = (fact: string): boolean => fact === 'now' || fact === 'today' || fact.startsWith('actor.');

/** Calls back for each fact path and each quantified relation, prefixed by the relations around it. */
function walk(condition: Condition, prefix: string, onFact: (path: string) => void, onRelation: (path: string) => void): void {
  const into = (part: Condition, inner = prefix): void => walk(part, inner, onFact, onRelation);
  if ('all' in condition) for (const part of condition.all) into(part);
  else if ('any' in condition) for (const part of condition.any) into(part);
  else if ('not' in condition) into(condition.not);
  else if (isLeaf(condition)) {
    for (const fact of [condition.fact, ...(isFactOperand(condition.value) ? [condition.value.fact] : [])]) {
      onFact(isGlobalFact(fact) ? fact : prefix + fact);
    }
  } else {
    const { relation, where } = 'some' in condition ? condition.some : 'none' in condition ? condition.none : condition.every;
    onRelation(prefix + relation);
    if (where !== undefined) into(where, `${prefix}${relation}.`);
  }
}

/** The fact paths of a condition, operands included, each once. Facts inside quantifiers are prefixed by their relation. */
export function factsOf(condition: Condition): string[] {
  const found = new Set<string>();
  walk(
    condition,
    '',
    (path) => found.add(path),
    () => undefined,
  );
  return [...found];
}

/** The to-many relations that a condition quantifies over (`orders`, nested ones `orders.lines`), each once. */
export function relationsOf(condition: Condition): string[] {
  const found = new Set<string>();
  walk(
    condition,
    '',
    () => undefined,
    (path) => found.add(path),
  );
  return [...found];
}
