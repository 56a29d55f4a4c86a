// Checks a condition from outside (metadata, filters) against the facts it may use; the result is a typed, canonical tree.
import { didYouMean } from './did-you-mean.ts';
import { checkOperand, type FactDescription } from './operand.ts';
import { operatorByName, operatorsFor } from './operators.ts';
import { type Condition, isFactOperand, type Leaf, maxConditionDepth, type Quantified } from './tree.ts';

export type { FactDescription };

/** One finding; `pointer` is an RFC 6901 pointer into the condition. */
export interface ConditionIssue {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** What a condition may name: the facts of one kind of record, and its to-many relations. */
export interface Vocabulary {
  describe(fact: string): FactDescription | undefined;
  /** All facts worth suggesting, for "did you mean". */
  readonly facts?: readonly string[];
  /** The vocabulary of the records that a to-many relation leads to. */
  related?(relation: string): Vocabulary | undefined;
  readonly relations?: readonly string[];
}

export type CheckedCondition = { readonly condition: Condition } | { readonly issues: readonly ConditionIssue[] };

/** A condition has at most this many parts, so that no saved filter becomes a denial of service. */
export const maxConditionParts = 1000;
const factPattern = /^[a-z][a-zA-Z0-9_]*(?:\.[a-z][a-zA-Z0-9_]*){0,7}$/;
const quantifiers = ['some', 'none', 'every'] as const;

/**
 * Checks everything and reports every finding at once: unknown facts and operators, wrong operands, empty or too deep trees.
 * @param input any JSON value
 * @returns the condition with canonical operands, or the issues
 */
export function checkCondition(input: unknown, vocabulary: Vocabulary): CheckedCondition {
  const issues: ConditionIssue[] = [];
  let parts = 0;
  const refuse = (pointer: string, code: string, detail: string): undefined => {
    issues.push({ pointer, code, detail });
    return undefined;
  };

  function check(part: unknown, pointer: string, depth: number, words: Vocabulary): Condition | undefined {
    parts += 1;
    if (parts > maxConditionParts) {
      return parts === maxConditionParts + 1
        ? refuse(pointer, 'too_many', `A condition has at most ${maxConditionParts} parts.`)
        : undefined;
    }
    if (depth > maxConditionDepth) return refuse(pointer, 'too_deep', `Conditions nest at most ${maxConditionDepth} deep.`);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) {
      return refuse(
        pointer,
        'condition',
        'A condition is an object with "all", "any", "not", "some", "none", "every" or "fact".',
      );
    }
    const entries = new Map<string, unknown>(Object.entries(part));
    if (entries.has('fact')) return checkLeaf(entries, pointer, words);
    const [key, ...others] = [...entries.keys()];
    if (key === undefined || others.length > 0) {
      return refuse(
        pointer,
        'condition',
        'A condition has exactly one of "all", "any", "not", "some", "none", "every", or a "fact".',
      );
    }
    const inner = entries.get(key);
    const below = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (key === 'not') {
      const not = check(inner, below, depth + 1, words);
      return not && { not };
    }
    if (key === 'all' || key === 'any') {
      if (!Array.isArray(inner) || inner.length === 0)
        return refuse(below, 'empty', `"${key}" is a list of at least one condition.`);
      const checked = inner.map((item, at) => check(item, `${below}/${at}`, depth + 1, words));
      const conditions = checked.filter((item) => item !== undefined);
      if (conditions.length < inner.length) return undefined;
      return key === 'all' ? { all: conditions } : { any: conditions };
    }
    if ((quantifiers as readonly string[]).includes(key)) {
      const quantified = checkQuantified(inner, below, depth, words);
      if (quantified === undefined) return undefined;
      return key === 'some' ? { some: quantified } : key === 'none' ? { none: quantified } : { every: quantified };
    }
    return refuse(
      below,
      'condition',
      `"${key}" is not a kind of condition.${didYouMean(key, ['all', 'any', 'not', ...quantifiers, 'fact'])}`,
    );
  }

  function checkQuantified(input: unknown, pointer: string, depth: number, words: Vocabulary): Quantified | undefined {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      return refuse(pointer, 'condition', 'Give an object with "relation" and "where".');
    }
    const entries = new Map<string, unknown>(Object.entries(input));
    const extra = [...entries.keys()].find((key) => key !== 'relation' && key !== 'where');
    if (extra !== undefined) return refuse(pointer, 'condition', `"${extra}" has no meaning here.`);
    const relation = entries.get('relation');
    const to = typeof relation === 'string' && factPattern.test(relation) ? words.related?.(relation) : undefined;
    if (typeof relation !== 'string' || to === undefined) {
      const hint = typeof relation === 'string' ? didYouMean(relation, words.relations ?? []) : '';
      return refuse(
        `${pointer}/relation`,
        'unknown_relation',
        `There is no to-many relation ${JSON.stringify(relation) ?? ''}.${hint}`,
      );
    }
    if (!entries.has('where')) return { relation };
    const where = check(entries.get('where'), `${pointer}/where`, depth + 1, to);
    return where && { relation, where };
  }

  function checkLeaf(entries: ReadonlyMap<string, unknown>, pointer: string, words: Vocabulary): Leaf | undefined {
    const extra = [...entries.keys()].find((key) => key !== 'fact' && key !== 'operator' && key !== 'value');
    if (extra !== undefined) return refuse(pointer, 'condition', `"${extra}" has no meaning here.`);
    const fact = entries.get('fact');
    const described = typeof fact === 'string' && factPattern.test(fact) ? words.describe(fact) : undefined;
    if (typeof fact !== 'string' || described === undefined) {
      const hint = typeof fact === 'string' ? didYouMean(fact, words.facts ?? []) : '';
      return refuse(`${pointer}/fact`, 'unknown_fact', `There is no fact ${JSON.stringify(fact) ?? ''}.${hint}`);
    }
    const name = entries.get('operator');
    const offered = operatorsFor(described.kind).map((operator) => operator.name);
    const operator = typeof name === 'string' && offered.includes(name) ? operatorByName(name) : undefined;
    if (operator === undefined) {
      const hint = typeof name === 'string' ? didYouMean(name, offered) : '';
      const detail = `"${fact}" takes the operators ${offered.join(', ')}; not ${JSON.stringify(name) ?? 'none'}.${hint}`;
      return refuse(`${pointer}/operator`, 'unknown_operator', detail);
    }
    const value = entries.get('value');
    const describe = (path: string): FactDescription | undefined => (factPattern.test(path) ? words.describe(path) : undefined);
    const result = checkOperand(value, operator.shape, described, describe);
    if ('value' in result) return { fact, operator: operator.name, value: result.value };
    for (const issue of result.issues) {
      const hint = issue.code === 'unknown_fact' && isFactOperand(value) ? didYouMean(value.fact, words.facts ?? []) : '';
      refuse(`${pointer}/value${issue.pointer}`, issue.code, issue.detail + hint);
    }
    return undefined;
  }

  const condition = check(input, '', 1, vocabulary);
  return condition === undefined || issues.length > 0 ? { issues } : { condition };
}
