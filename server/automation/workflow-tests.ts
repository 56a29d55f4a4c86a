// Runs the tests that a workflow file carries: given a record and an operation, what does it score and do? No database.
import type { Entity, Registry } from '../metadata/registry.ts';
import type { WorkflowMetadata } from '../metadata/types.ts';
import type { WriteOperation } from '../repository/hooks.ts';
import { canonical } from '../repository/records.ts';
import type { AutomationCatalogue } from './catalogue.ts';
import { type Decision, decide } from './decide.ts';
import type { FactSet } from './evaluate.ts';
import type { RecordEvent } from './event.ts';
import { factKinds } from './facts.ts';
import { compileWorkflow, startsOn } from './workflow-index.ts';

type WorkflowTest = NonNullable<WorkflowMetadata['tests']>[number];

export interface WorkflowTestResult {
  readonly workflow: string;
  readonly name: string;
  /** One sentence for each expectation that was not met; empty: passed. */
  readonly failures: readonly string[];
}

/**
 * `expect` names variables (`score.total`), `stepsRun` (ids in order), `rules` (names of those that hold, highest priority
 * first) and `started`. Related records stand in the given record as objects: `{ "account": { "industry": "bank" } }`.
 */
export async function runWorkflowTests(
  registry: Registry,
  catalogue: AutomationCatalogue,
): Promise<readonly WorkflowTestResult[]> {
  const results: WorkflowTestResult[] = [];
  for (const workflow of registry.workflows) {
    for (const test of workflow.tests ?? []) {
      results.push({ workflow: workflow.id, name: test.name, failures: await failuresOf(registry, catalogue, workflow, test) });
    }
  }
  return results;
}

async function failuresOf(
  registry: Registry,
  catalogue: AutomationCatalogue,
  workflow: WorkflowMetadata,
  test: WorkflowTest,
): Promise<readonly string[]> {
  const entity = registry.entities.get(workflow.entity);
  if (entity === undefined) return [`There is no entity "${workflow.entity}".`];
  const record = test.given.record ?? {};
  const facts = givenFacts(registry, entity, record);
  const decision = startsOn(workflow, eventOf(workflow, test))
    ? await decide(compileWorkflow(registry, workflow), catalogue, facts)
    : undefined;
  const actual = outcome(decision);
  return Object.entries(test.expect).flatMap(([name, expected]) => {
    const got = Object.hasOwn(actual, name) ? actual[name] : undefined;
    const shown = got === undefined ? 'nothing' : JSON.stringify(got);
    return canonical(got ?? null) === canonical(expected) ? [] : [`${name} is ${shown}, not ${JSON.stringify(expected)}.`];
  });
}

function outcome(decision: Decision | undefined): Readonly<Record<string, unknown>> {
  if (decision === undefined) return { started: false, stepsRun: [], rules: [] };
  return {
    ...decision.variables,
    started: true,
    stepsRun: decision.steps.map(({ step }) => step.id),
    rules: decision.evaluation.matched.map(({ rule }) => rule.name),
  };
}

function eventOf(workflow: WorkflowMetadata, { given }: WorkflowTest): RecordEvent {
  const record = given.record ?? {};
  return {
    id: '0',
    entity: workflow.entity,
    recordId: '',
    operation: given.operation as WriteOperation,
    actorId: null,
    source: workflow.trigger.sources?.[0] ?? 'api',
    correlationId: null,
    depth: 0,
    before: given.operation === 'create' ? null : record,
    after: given.operation === 'delete' ? null : record,
    changed: given.changed ?? [],
    version: 1,
    attempts: 1,
  };
}

function givenFacts(registry: Registry, entity: Entity, record: Readonly<Record<string, unknown>>): FactSet {
  return {
    kind: factKinds(registry, entity),
    value: (path) => {
      let value: unknown = record;
      for (const part of path.split('.')) {
        if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return null;
        value = (value as Record<string, unknown>)[part];
      }
      return value;
    },
  };
}
