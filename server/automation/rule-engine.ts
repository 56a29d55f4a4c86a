// json-rules-engine, kept small: one engine a run, our operators, our facts, no paths into objects.
import { Engine, type RuleProperties } from 'json-rules-engine';
import { factsOf } from '../conditions/facts.ts';
import { operators } from '../conditions/operators.ts';
import { testLeaf } from '../conditions/test.ts';
import { type Condition, isFactOperand, isLeaf, type Operand } from '../conditions/tree.ts';
import type { ValueKind } from '../conditions/value-kind.ts';
import type { FactSet } from './evaluate.ts';

/** What an engine hands to an operator: a value that knows its kind, for decimals and dates compare as such. */
interface Typed {
  readonly value: unknown;
  readonly kind: ValueKind | undefined;
}

/** The parts of a condition and what each came to. Values are left out: the audit log has them, under its own rules. */
export type Why =
  | { readonly all: readonly Why[]; readonly result: boolean }
  | { readonly any: readonly Why[]; readonly result: boolean }
  | { readonly not: Why; readonly result: boolean }
  | { readonly fact: string; readonly operator: string; readonly value: unknown; readonly result: boolean };

export interface EngineRule {
  /** Unique within one run. */
  readonly key: string;
  readonly priority: number;
  /** Only all, any, not and leaves. */
  readonly condition: Condition;
}

/**
 * Runs the rules in an engine of their own: an engine does one run at a time, overlapping runs lose rules.
 * @returns key of each rule that holds → why
 * @throws what one rule threw; the others then have no result
 */
export async function runEngine(rules: readonly EngineRule[], facts: FactSet): Promise<ReadonlyMap<string, Why>> {
  const engine = new Engine([], { allowUndefinedFacts: true, pathResolver: () => undefined });
  for (const operator of operators) {
    engine.addOperator<Typed, Operand | Typed>(operator.name, (left, right) => compare(operator.name, left, right));
  }
  for (const path of new Set(rules.flatMap((rule) => factsOf(rule.condition)))) {
    engine.addFact(path, (): Typed => ({ value: facts.value(path), kind: facts.kind(path) }));
  }
  for (const { key, priority, condition } of rules) {
    // Event types are ours: a type of the metadata could be one that the engine emits for itself ("success").
    const conditions = engineCondition(rooted(condition)) as RuleProperties['conditions'];
    engine.addRule({ name: key, priority, conditions, event: { type: `rule:${key}` } });
  }
  const { results } = await engine.run();
  // The engine leaves the result of the root to the rule.
  return new Map(results.map((result) => [result.name, { ...whyOf(result.conditions), result: true }]));
}

/** The operator table's own test, on what the engine resolved. */
function compare(operator: string, left: Typed | undefined, right: Operand | Typed): boolean {
  const operand = isTyped(right) ? right : undefined;
  const value = operand === undefined ? (right as Operand) : { fact: 'right' };
  return testLeaf(
    { fact: 'left', operator, value },
    (path) => (path === 'left' ? left?.value : operand?.value),
    (path) => (path === 'left' ? left?.kind : operand?.kind),
  );
}

const isTyped = (value: unknown): value is Typed =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'kind' in value && 'value' in value;

/** The engine wants all, any or not at the root. */
const rooted = (condition: Condition): Condition => (isLeaf(condition) ? { all: [condition] } : condition);

/** A copy that the engine may write into (metadata is frozen), with a value in each leaf. */
function engineCondition(condition: Condition): object {
  if ('all' in condition) return { all: condition.all.map(engineCondition) };
  if ('any' in condition) return { any: condition.any.map(engineCondition) };
  if ('not' in condition) return { not: engineCondition(condition.not) };
  if (!isLeaf(condition)) throw new Error('The engine takes no condition on related records');
  const { fact, operator, value = null } = condition;
  return { fact, operator, value: isFactOperand(value) ? { fact: value.fact } : value };
}

/** The engine leaves parts that it did not need without a result. */
function whyOf(part: object): Why {
  const node = part as Record<string, unknown>;
  const result = node['result'] === true;
  if (Array.isArray(node['all'])) return { all: node['all'].map(whyOf), result };
  if (Array.isArray(node['any'])) return { any: node['any'].map(whyOf), result };
  if (typeof node['not'] === 'object' && node['not'] !== null) return { not: whyOf(node['not']), result };
  return { fact: String(node['fact']), operator: String(node['operator']), value: node['value'], result };
}
