// Finds candidates by one equality each of them needs, so that a thousand selective rules cost one look-up, not a thousand tests.
import { type Condition, isFactOperand, isLeaf, type Leaf } from '../conditions/tree.ts';
import type { ValueKind } from '../conditions/value-kind.ts';
import { canonicalOf } from '../conditions/values.ts';
import type { FactSet } from './evaluate.ts';

/** Kinds whose equal values have one canonical text. */
const hashable: readonly (ValueKind | undefined)[] = ['text', 'boolean', 'id'];

export interface EqualityIndex<T> {
  /** Items whose needed equality holds, and those without one, in their first order. A superset of those that match. */
  candidates(facts: FactSet): readonly T[];
}

/**
 * @param conditionOf the condition an item needs; undefined: always a candidate
 * @param kindOf kind of a fact path, as the facts will tell it
 */
export function equalityIndex<T>(
  items: readonly T[],
  conditionOf: (item: T) => Condition | undefined,
  kindOf: FactSet['kind'],
): EqualityIndex<T> {
  const always: number[] = [];
  const byFact = new Map<string, Map<string, number[]>>();
  for (const [at, item] of items.entries()) {
    const needed = neededEquality(conditionOf(item), kindOf);
    const key = needed && keyOf(needed.value, kindOf(needed.fact));
    if (needed === undefined || key === undefined) {
      always.push(at);
      continue;
    }
    const values = byFact.get(needed.fact) ?? new Map<string, number[]>();
    byFact.set(needed.fact, values);
    values.set(key, [...(values.get(key) ?? []), at]);
  }
  return {
    candidates: (facts) => {
      const found = [...always];
      for (const [fact, values] of byFact) {
        const key = keyOf(facts.value(fact), kindOf(fact));
        if (key !== undefined) found.push(...(values.get(key) ?? []));
      }
      return found.sort((a, b) => a - b).map((at) => items[at] as T);
    },
  };
}

/** A leaf that must hold for the condition to hold, and that can be looked up. */
function neededEquality(condition: Condition | undefined, kindOf: FactSet['kind']): Leaf | undefined {
  if (condition === undefined) return undefined;
  if ('all' in condition) {
    for (const part of condition.all) {
      const needed = neededEquality(part, kindOf);
      if (needed !== undefined) return needed;
    }
    return undefined;
  }
  if (!isLeaf(condition) || condition.operator !== 'equal' || isFactOperand(condition.value)) return undefined;
  return hashable.includes(kindOf(condition.fact)) ? condition : undefined;
}

function keyOf(value: unknown, kind: ValueKind | undefined): string | undefined {
  const canonical = kind === undefined ? undefined : canonicalOf(value, kind);
  return canonical === undefined ? undefined : String(canonical);
}
