// The journal of runs: one row a workflow and event, written in the transaction of the effects, so that these happen once.
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import type { AppMetadata } from '../metadata/types.ts';
import { quoted, run } from '../repository/statement.ts';
import type { RecordEvent } from './event.ts';

export interface RunRecord {
  readonly workflowId: string;
  readonly event: RecordEvent;
  readonly status: 'completed' | 'failed' | 'stopped';
  readonly matched?: readonly unknown[];
  readonly steps?: readonly unknown[];
  readonly error?: string;
}

const table = (app: AppMetadata): string => `${quoted(app.schema)}.${quoted(`${app.prefix}workflow_runs`)}`;

/**
 * Takes the run for this transaction; a second worker waits here until the first one's outcome is known.
 * @returns false when the workflow has already dealt with the event
 */
export async function claimRun(database: Knex, app: AppMetadata, workflowId: string, event: RecordEvent): Promise<boolean> {
  const rows = await run(database, {
    text: `INSERT INTO ${table(app)} AS r (id, workflow_id, event_id, entity, record_id, status)
      VALUES ($1, $2, $3, $4, $5, 'running')
      ON CONFLICT (event_id, workflow_id) DO UPDATE SET status = 'running', error = NULL, started_at = now(), finished_at = NULL
      WHERE r.status = 'failed' RETURNING id`,
    values: [uuidv7(), workflowId, event.id, event.entity, event.recordId],
  });
  return rows.length > 0;
}

/** Writes how the run ended; a run that is complete stays as it is. */
export async function finishRun(database: Knex, app: AppMetadata, record: RunRecord): Promise<void> {
  const { workflowId, event, status, matched = [], steps = [], error = null } = record;
  await run(database, {
    text: `INSERT INTO ${table(app)} AS r (id, workflow_id, event_id, entity, record_id, status, matched, steps, error, finished_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp())
      ON CONFLICT (event_id, workflow_id) DO UPDATE SET status = excluded.status, matched = excluded.matched,
        steps = excluded.steps, error = excluded.error, finished_at = excluded.finished_at
      WHERE r.status <> 'completed'`,
    values: [
      uuidv7(),
      workflowId,
      event.id,
      event.entity,
      event.recordId,
      status,
      JSON.stringify(matched),
      JSON.stringify(steps),
      error,
    ],
  });
}

/** Ids of the workflows that made this very version of the record: the event is their own echo. */
export async function authorsOf(database: Knex, app: AppMetadata, event: RecordEvent): Promise<ReadonlySet<string>> {
  const rows = await run<{ workflow_id: string }>(database, {
    text: `SELECT workflow_id FROM ${table(app)} WHERE entity = $1 AND record_id = $2 AND steps @> $3::jsonb`,
    values: [event.entity, event.recordId, JSON.stringify([{ version: event.version }])],
  });
  return new Set(rows.map((row) => row.workflow_id));
}
