// One event and all its workflows: each runs by itself, and what failed decides whether the event comes again.

import type { Registry } from '../metadata/registry.ts';
import type { AppMetadata } from '../metadata/types.ts';
import { Problem } from '../problem.ts';
import { finishEvents, postponeEvent } from './claim.ts';
import { currentEvent } from './current-event.ts';
import type { RecordEvent } from './event.ts';
import { type RunServices, runWorkflow } from './run.ts';
import { type CompiledWorkflow, workflowsFor } from './workflow-index.ts';
import { authorsOf } from './workflow-runs.ts';

export interface HandleServices extends RunServices {
  readonly onError: (message: string, error: unknown) => void;
  /** An event that fails this often is given up. */
  readonly maxAttempts: number;
  /** Seconds before the second attempt; doubled with each further one. */
  readonly backoffSeconds: number;
  /** The registry to do the work again with, when the failure came from an older one than is served now. */
  readonly newer: (used: Registry, error: unknown) => Promise<Registry | undefined>;
}

/** Runs what the event starts and marks the event. Never throws for what a workflow did. */
export async function handleEvent(services: HandleServices, registry: Registry, written: RecordEvent): Promise<void> {
  const { app } = registry;
  const event = currentEvent(registry, written);
  if (event.attempts > services.maxAttempts) {
    // Every attempt ended without a word: the worker died with it.
    await finishEvents(services.knex, app, [event.id], `Given up: ${services.maxAttempts} attempts ended with their worker.`);
    return;
  }
  const errors: unknown[] = [];
  for (const compiled of await startable(services, registry, event)) {
    try {
      await runWorkflow(services, registry, compiled, event);
    } catch (error) {
      const newer = await services.newer(registry, error);
      // From the start: what is done is not done again, its run says so.
      if (newer !== undefined) return handleEvent(services, newer, written);
      services.onError(`workflow ${compiled.workflow.id} failed on event ${event.id}`, error);
      errors.push(error);
    }
  }
  await mark(services, app, event, errors);
}

/** A workflow is not set off by its own change, unless that changed a field it watches. */
async function startable(services: HandleServices, registry: Registry, event: RecordEvent): Promise<readonly CompiledWorkflow[]> {
  const workflows = workflowsFor(registry, event);
  const echoes = event.source === 'workflow' && workflows.some(({ workflow }) => workflow.trigger.watchFields === undefined);
  if (!echoes) return workflows;
  const authors = await authorsOf(services.knex, registry.app, event);
  return workflows.filter(({ workflow }) => workflow.trigger.watchFields !== undefined || !authors.has(workflow.id));
}

async function mark(services: HandleServices, app: AppMetadata, event: RecordEvent, errors: readonly unknown[]): Promise<void> {
  const message = errors.map((error) => (error instanceof Error ? error.message : String(error))).join('; ');
  if (errors.length === 0) await finishEvents(services.knex, app, [event.id]);
  else if (!errors.some(mayPass)) await finishEvents(services.knex, app, [event.id], message);
  else if (event.attempts >= services.maxAttempts) {
    await finishEvents(services.knex, app, [event.id], `Given up after ${event.attempts} attempts: ${message}`);
  } else await postponeEvent(services.knex, app, event.id, services.backoffSeconds * 2 ** (event.attempts - 1), message);
}

/** A refusal will be one tomorrow too; a conflict or a fault may not be. */
const mayPass = (error: unknown): boolean => !(error instanceof Problem) || error.status >= 500 || error.status === 409;
