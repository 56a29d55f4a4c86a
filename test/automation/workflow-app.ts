// A running worker over workflows of a test's own, on a database of its own.
import { type Automation, type AutomationOptions, startAutomation } from '../../server/automation/worker.ts';
import { type Registry, registryHolder } from '../../server/metadata/registry.ts';
import type { WorkflowMetadata } from '../../server/metadata/types.ts';
import { createLog } from '../../server/telemetry/log.ts';
import type { TestApp } from '../support/app.ts';

export const withWorkflows = (registry: Registry, ...workflows: readonly WorkflowMetadata[]): Registry => ({
  ...registry,
  workflows,
});

/** A workflow on leads that does nothing; `over` says what it does. */
export const workflow = (over: Partial<WorkflowMetadata>): WorkflowMetadata => ({
  id: 'wf_test',
  name: 'test',
  label: { en: 'Test' },
  entity: 'leads',
  status: 'active',
  runAs: 'system',
  trigger: { type: 'record.saved' },
  rules: [],
  steps: [],
  ...over,
});

export const worker = (app: TestApp, registry: Registry, over: Partial<AutomationOptions> = {}): Promise<Automation> =>
  startAutomation({
    registry: registryHolder(registry),
    repository: app.repository,
    knex: app.knex,
    url: app.parts.database.url,
    log: createLog({ level: 'fatal' }),
    actorById: async () => undefined,
    actorOfRole: () => undefined,
    ...over,
  });

export interface Run {
  readonly workflow_id: string;
  readonly status: string;
  readonly error: string | null;
  readonly steps: readonly Readonly<Record<string, unknown>>[];
  readonly matched: readonly Readonly<Record<string, unknown>>[];
}

export const runsOf = async (app: TestApp, recordId: string): Promise<readonly Run[]> =>
  app.knex.withSchema('crm_core').from('crm_workflow_runs').where({ record_id: recordId }).orderBy('event_id');

export interface OutboxRow {
  readonly id: string;
  readonly operation: string;
  readonly attempts: number;
  readonly processed_at: string | null;
  readonly error: string | null;
  readonly depth: number;
}

export const eventsOf = async (app: TestApp, recordId: string): Promise<readonly OutboxRow[]> =>
  app.knex.withSchema('crm_core').from('crm_outbox').where({ record_id: recordId }).orderBy('id');

export const record = async (app: TestApp, entity: string, id: string): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse(await app.repository.read(app.context(), entity, id)) as Readonly<Record<string, unknown>>;

/** The texts of a record's timeline, oldest first. */
export async function timelineOf(app: TestApp, id: string): Promise<readonly string[]> {
  const rows: { kind: string; summary: string | null }[] = await app.knex
    .withSchema('crm_core')
    .from('crm_timeline')
    .where({ parent_id: id })
    .orderBy('created_at');
  return rows.map(({ kind, summary }) => summary ?? kind);
}
