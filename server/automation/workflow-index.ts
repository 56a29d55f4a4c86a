// The active workflows of a registry, compiled once: by entity and operation, with what each watches and asks for.
import { factsOf } from '../conditions/facts.ts';
import type { Condition } from '../conditions/tree.ts';
import { perRegistry, type Registry } from '../metadata/registry.ts';
import type { RuleMetadata, StepMetadata, WorkflowMetadata } from '../metadata/types.ts';
import type { WriteOperation } from '../repository/hooks.ts';
import { type EqualityIndex, equalityIndex } from './equality-index.ts';
import type { CompiledRule, FactSet, FailedRule, RuleSet } from './evaluate.ts';
import { type RecordEvent, recordOfEvent } from './event.ts';
import { type Asked, factKinds } from './facts.ts';
import { plainCondition } from './quantifiers.ts';
import { pathsIn } from './values.ts';

export interface CompiledStep {
  readonly step: StepMetadata;
  readonly when: Condition | undefined;
}

export interface CompiledWorkflow {
  readonly workflow: WorkflowMetadata;
  readonly when: Condition | undefined;
  readonly rules: RuleSet;
  readonly steps: readonly CompiledStep[];
  /** What to load before the trigger and the rules are tested. */
  readonly asked: Asked;
}

const operations: Readonly<Record<WorkflowMetadata['trigger']['type'], readonly WriteOperation[]>> = {
  'record.saved': ['create', 'update'],
  'record.created': ['create'],
  'record.updated': ['update'],
  'record.deleted': ['delete'],
  'record.restored': ['restore'],
};

type Index = ReadonlyMap<string, EqualityIndex<CompiledWorkflow>>;

const indexOf = perRegistry((registry): Index => {
  const byTrigger = new Map<string, CompiledWorkflow[]>();
  for (const workflow of registry.workflows) {
    if (workflow.status !== 'active') continue;
    const compiled = compileWorkflow(registry, workflow);
    for (const operation of operations[workflow.trigger.type]) {
      const key = triggerKey(workflow.entity, operation);
      byTrigger.set(key, [...(byTrigger.get(key) ?? []), compiled]);
    }
  }
  return new Map(
    [...byTrigger].map(([key, workflows]) => [key, equalityIndex(workflows, ({ when }) => when, kindsOf(registry, key))]),
  );
});

const triggerKey = (entity: string, operation: string): string => `${entity} ${operation}`;

function kindsOf(registry: Registry, key: string): FactSet['kind'] {
  const entity = registry.entities.get(key.split(' ')[0] ?? '');
  const kinds = entity === undefined ? () => undefined : factKinds(registry, entity);
  // The look-up runs before anything is loaded, so only the record's own fields can be looked up.
  return (path) => (path.includes('.') || path.includes(':') ? undefined : kinds(path));
}

/** Workflows that this event may start; their `when` and rules are still to be tested. */
export function workflowsFor(registry: Registry, event: RecordEvent): readonly CompiledWorkflow[] {
  const index = indexOf(registry).get(triggerKey(event.entity, event.operation));
  if (index === undefined) return [];
  const record = recordOfEvent(event);
  return index
    .candidates({ value: (path) => record[path], kind: () => undefined })
    .filter(({ workflow }) => listensTo(workflow, event));
}

function listensTo({ trigger }: WorkflowMetadata, event: RecordEvent): boolean {
  if (trigger.sources !== undefined && !trigger.sources.includes(event.source)) return false;
  if (event.operation !== 'update' || trigger.watchFields === undefined) return true;
  return trigger.watchFields.some((field) => event.changed.includes(field));
}

/** Whether the workflow starts for events of this operation at all; for its own tests. */
export const startsOn = (workflow: WorkflowMetadata, event: RecordEvent): boolean =>
  operations[workflow.trigger.type].includes(event.operation) && listensTo(workflow, event);

export function compileWorkflow(registry: Registry, workflow: WorkflowMetadata): CompiledWorkflow {
  const entity = registry.entities.get(workflow.entity);
  const related = new Map<string, Condition>();
  const conditions: Condition[] = [];
  const compile = (condition: Condition): Condition => {
    const plain = plainCondition(condition);
    for (const [name, part] of plain.related) related.set(name, part);
    conditions.push(plain.condition);
    return plain.condition;
  };
  const when = workflow.trigger.when === undefined ? undefined : compile(workflow.trigger.when);
  const { rules, broken } = compileRules(workflow.rules, compile);
  const steps = workflow.steps.map((step) => ({ step, when: step.when === undefined ? undefined : compile(step.when) }));
  const paths = new Set(
    [...conditions.flatMap(factsOf), ...workflow.steps.flatMap(recordPaths)].filter((path) => !related.has(path)),
  );
  const kinds = entity === undefined ? () => undefined : factKinds(registry, entity);
  const index = equalityIndex(rules, ({ condition }) => condition, kinds);
  return { workflow, when, rules: { index, broken }, steps, asked: { paths: [...paths], related } };
}

/** A rule that cannot be compiled must not take the others of its registry with it. */
function compileRules(rules: readonly RuleMetadata[], compile: (condition: Condition) => Condition) {
  const compiled: CompiledRule[] = [];
  const broken: FailedRule[] = [];
  for (const [at, rule] of rules.entries()) {
    try {
      compiled.push({ rule, key: `${at}`, priority: rule.priority ?? 1, condition: compile(rule.conditions) });
    } catch (error) {
      broken.push({ rule: rule.name, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return { rules: compiled, broken };
}

const record = 'record.';

/** Facts that the settings of a step use: `{{record.account.name}}` asks for `account.name`. */
const recordPaths = (step: StepMetadata): readonly string[] =>
  pathsIn(step)
    .filter((path) => path.startsWith(record))
    .map((path) => path.slice(record.length));
