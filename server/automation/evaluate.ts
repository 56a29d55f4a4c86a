// Which rules of a workflow hold for an event: a compiled prefilter finds the few, json-rules-engine has the last word on each.
import { testCondition } from '../conditions/test.ts';
import type { ValueKind } from '../conditions/value-kind.ts';
import type { RuleMetadata } from '../metadata/types.ts';
import type { EqualityIndex } from './equality-index.ts';
import { type EngineRule, runEngine, type Why } from './rule-engine.ts';

/** What conditions may ask; facts that are not known are undefined. */
export interface FactSet {
  readonly value: (path: string) => unknown;
  readonly kind: (path: string) => ValueKind | undefined;
}

export interface CompiledRule extends EngineRule {
  readonly rule: RuleMetadata;
}

export interface RuleSet {
  readonly index: EqualityIndex<CompiledRule>;
  /** Rules that could not be compiled; they never hold, and every run says so. */
  readonly broken: readonly FailedRule[];
}

export interface MatchedRule {
  readonly rule: RuleMetadata;
  readonly why: Why;
}

export interface FailedRule {
  readonly rule: string;
  readonly error: string;
}

export interface Evaluation {
  /** Highest priority first, then in the order of the file. */
  readonly matched: readonly MatchedRule[];
  /** Rules that threw; the others were not held up by them. */
  readonly failed: readonly FailedRule[];
}

export async function evaluate(rules: RuleSet, facts: FactSet): Promise<Evaluation> {
  const failed = [...rules.broken];
  const likely = rules.index.candidates(facts).filter((rule) => mayHold(rule, facts));
  const why = likely.length === 0 ? new Map<string, Why>() : await confirm(likely, facts, failed);
  const matched = likely.flatMap((rule) => {
    const reason = why.get(rule.key);
    return reason === undefined ? [] : [{ rule: rule.rule, why: reason }];
  });
  return { matched: matched.sort((a, b) => (b.rule.priority ?? 1) - (a.rule.priority ?? 1)), failed };
}

/** A test that throws decides nothing: the engine meets the same error, and it is reported there. */
function mayHold(rule: EngineRule, facts: FactSet): boolean {
  try {
    return testCondition(rule.condition, facts.value, facts.kind);
  } catch {
    return true;
  }
}

/** One run for all; when one of them throws, each by itself. */
async function confirm(rules: readonly CompiledRule[], facts: FactSet, failed: FailedRule[]): Promise<ReadonlyMap<string, Why>> {
  try {
    return await runEngine(rules, facts);
  } catch {
    const found = new Map<string, Why>();
    for (const rule of rules) {
      try {
        for (const [key, why] of await runEngine([rule], facts)) found.set(key, why);
      } catch (error) {
        failed.push({ rule: rule.rule.name, error: error instanceof Error ? error.message : String(error) });
      }
    }
    return found;
  }
}
