// What a workflow does with an event, before it does anything: whether it starts, its variables, its steps. Touches no data.
import { testCondition } from '../conditions/test.ts';
import type { AutomationCatalogue } from './catalogue.ts';
import { type Evaluation, evaluate, type FactSet, type MatchedRule } from './evaluate.ts';
import type { Variables } from './event-types.ts';
import type { Scope } from './values.ts';
import type { CompiledStep, CompiledWorkflow } from './workflow-index.ts';

export interface Decision {
  readonly evaluation: Evaluation;
  readonly variables: Variables;
  /** The steps whose own condition holds, in order. */
  readonly steps: readonly CompiledStep[];
  readonly scope: Scope;
}

const record = 'record.';

/** Undefined when the trigger's condition does not hold. Conditions of steps may ask for the variables of the rules. */
export async function decide(
  compiled: CompiledWorkflow,
  catalogue: AutomationCatalogue,
  facts: FactSet,
): Promise<Decision | undefined> {
  if (compiled.when !== undefined && !testCondition(compiled.when, facts.value, facts.kind)) return undefined;
  const evaluation = await evaluate(compiled.rules, facts);
  const variables = variablesOf(compiled, catalogue, evaluation.matched);
  const kinds = variableKinds(compiled, catalogue);
  const known = (path: string): boolean => Object.hasOwn(variables, path);
  const value = (path: string): unknown => (known(path) ? variables[path] : facts.value(path));
  const kind: FactSet['kind'] = (path) => (known(path) ? kinds.get(path) : facts.kind(path));
  return {
    evaluation,
    variables,
    steps: compiled.steps.filter(({ when }) => when === undefined || testCondition(when, value, kind)),
    scope: (path) => {
      if (known(path)) return variables[path];
      return path.startsWith(record) ? facts.value(path.slice(record.length)) : null;
    },
  };
}

const typesOf = ({ workflow }: CompiledWorkflow, catalogue: AutomationCatalogue) =>
  [...new Set(workflow.rules.map((rule) => rule.event.type))].flatMap((name) => catalogue.eventTypes.get(name) ?? []);

/** Variables of all event types the workflow may say, so that a score nobody added to is 0 and not missing. */
function variablesOf(compiled: CompiledWorkflow, catalogue: AutomationCatalogue, matched: readonly MatchedRule[]): Variables {
  const entries = typesOf(compiled, catalogue).flatMap((type) => Object.entries(type.variables));
  const initial: Variables = Object.fromEntries(entries.map(([name, variable]) => [name, variable.initial]));
  return matched.reduce(
    (variables, { rule }) => catalogue.eventTypes.get(rule.event.type)?.apply(variables, rule.event.params ?? {}) ?? variables,
    initial,
  );
}

const variableKinds = (compiled: CompiledWorkflow, catalogue: AutomationCatalogue) =>
  new Map(
    typesOf(compiled, catalogue).flatMap((type) =>
      Object.entries(type.variables).map(([name, variable]) => [name, variable.kind] as const),
    ),
  );
