// One workflow on one event: decide, then every step in one transaction with the row that says it was done.
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { flagOfWorkflow } from '../metadata/features.ts';
import type { Entity, Registry } from '../metadata/registry.ts';
import type { WorkflowMetadata } from '../metadata/types.ts';
import { problem } from '../problem.ts';
import { type Actor, systemActor } from '../repository/actor.ts';
import type { Context } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import type { AutomationCatalogue } from './catalogue.ts';
import { type Decision, decide } from './decide.ts';
import type { RecordEvent } from './event.ts';
import { eventFacts } from './facts.ts';
import type { CompiledWorkflow } from './workflow-index.ts';
import { claimRun, finishRun } from './workflow-runs.ts';

export interface RunServices {
  readonly repository: Repository;
  readonly knex: Knex;
  readonly catalogue: AutomationCatalogue;
  /** The user of an id with today's rights; undefined when there is none (any more). */
  readonly actorById: (registry: Registry, id: string) => Promise<Actor | undefined>;
  /** Nobody in particular, with the rights of a role; undefined when there is no such role. */
  readonly actorOfRole: (registry: Registry, role: string) => Actor | undefined;
  /** Whether a feature is on for the user of an id, or for nobody in particular; absent: always. */
  readonly isOn?: ((registry: Registry, feature: string, userId: string | null) => Promise<boolean>) | undefined;
}

export type RunResult = 'completed' | 'stopped' | 'not started' | 'done before';

const defaultChainDepth = 16;

/**
 * @throws what a step or the database threw; then nothing of this run has happened, and its row says why
 */
export async function runWorkflow(
  services: RunServices,
  registry: Registry,
  compiled: CompiledWorkflow,
  event: RecordEvent,
): Promise<RunResult> {
  const { app } = registry;
  const { workflow } = compiled;
  const entity = registry.entities.get(event.entity);
  if (entity === undefined) return 'not started';
  try {
    const context = await runContext(services, registry, workflow, event);
    const decision = await decisionFor(services, context, entity, compiled, event);
    if (decision === undefined) return 'not started';
    const stopped = async (error: string): Promise<RunResult> => {
      await finishRun(services.knex, app, {
        workflowId: workflow.id,
        event,
        status: 'stopped',
        matched: matchedOf(decision),
        error,
      });
      return 'stopped';
    };
    const flag = flagOfWorkflow(workflow);
    if ((await services.isOn?.(registry, flag, event.actorId)) === false) return await stopped(`The feature "${flag}" is off.`);
    const deepest = workflow.guards?.maxChainDepth ?? defaultChainDepth;
    if (event.depth >= deepest) {
      const chain = `${event.depth} workflows have set each other off; guards.maxChainDepth allows ${deepest}.`;
      return await stopped(`Stopped: ${chain}`);
    }
    return await services.repository.transaction(context, async (inner) => {
      if (!(await claimRun(inner.transaction, app, workflow.id, event))) return 'done before';
      const steps = await runSteps(services, inner, compiled, event, decision);
      await finishRun(inner.transaction, app, {
        workflowId: workflow.id,
        event,
        status: 'completed',
        matched: matchedOf(decision),
        steps,
        ...failureOf(decision),
      });
      return 'completed';
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await finishRun(services.knex, app, { workflowId: workflow.id, event, status: 'failed', error: message });
    throw error;
  }
}

async function decisionFor(
  services: RunServices,
  context: Context,
  entity: Entity,
  compiled: CompiledWorkflow,
  event: RecordEvent,
): Promise<Decision | undefined> {
  return decide(compiled, services.catalogue, await eventFacts(services, context, entity, event, compiled.asked));
}

async function runContext(
  services: RunServices,
  registry: Registry,
  workflow: WorkflowMetadata,
  event: RecordEvent,
): Promise<Context> {
  const actor = await actorOfRun(services, registry, workflow, event);
  return {
    registry,
    actor,
    requestId: `event-${event.id}`,
    correlationId: event.correlationId ?? randomUUID(),
    source: 'workflow',
    language: registry.app.languages[0] ?? 'en',
    depth: event.depth + 1,
  };
}

/** As the workflow says: the system, a role, or whoever made the change (a user, or a workflow's role), with the rights that they have now. */
async function actorOfRun(
  services: RunServices,
  registry: Registry,
  { runAs = 'actor' }: WorkflowMetadata,
  { actorId, roles = [] }: RecordEvent,
): Promise<Actor> {
  if (runAs === 'system') return systemActor;
  const [role] = runAs === 'actor' ? roles : [runAs];
  if (role !== undefined) {
    const actor = services.actorOfRole(registry, role);
    if (actor === undefined) throw problem('forbidden', { detail: `There is no role "${role}" to run with.` });
    return actor;
  }
  if (actorId === null || actorId === systemActor.id) return systemActor;
  const actor = await services.actorById(registry, actorId);
  if (actor === undefined) throw problem('forbidden', { detail: 'The user who made the change no longer has access.' });
  return actor;
}

async function runSteps(
  { repository, catalogue }: RunServices,
  context: TransactionContext,
  { workflow }: CompiledWorkflow,
  event: RecordEvent,
  decision: Decision,
): Promise<readonly object[]> {
  const done: object[] = [];
  for (const { step } of decision.steps) {
    const { id, type, when: _when, ...settings } = step;
    const known = catalogue.steps.get(type);
    if (known === undefined) throw problem('internal', { detail: `There is no step "${type}".` });
    const outcome = await known.run({ context, repository, event, workflow, scope: decision.scope }, settings);
    done.push({ id, type, ...outcome });
  }
  return done;
}

const matchedOf = (decision: Decision): readonly object[] =>
  decision.evaluation.matched.map(({ rule, why }) => ({ rule: rule.name, event: rule.event.type, why }));

/** A rule that threw does not hold the others up, but it does not go unseen either. */
function failureOf({ evaluation: { failed } }: Decision): { readonly error?: string } {
  return failed.length === 0 ? {} : { error: failed.map(({ rule, error }) => `Rule ${rule} failed: ${error}`).join('; ') };
}
