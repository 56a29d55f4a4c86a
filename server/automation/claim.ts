// Takes waiting events from the outbox for one worker at a time, and says what became of them.
import type { Knex } from 'knex';
import type { AppMetadata } from '../metadata/types.ts';
import type { WriteOperation } from '../repository/hooks.ts';
import { quoted, run } from '../repository/statement.ts';
import type { RecordEvent } from './event.ts';

export interface ClaimOptions {
  readonly limit: number;
  /** Seconds until an event whose worker fell silent is given to another. */
  readonly leaseSeconds: number;
  /**
   * `fresh`: never tried, many at once. `again`: tried before, one at a time, so that an event which kills its worker
   * does not use up the attempts of those that were claimed with it.
   */
  readonly which: 'fresh' | 'again';
}

const table = (app: AppMetadata): string => `${quoted(app.schema)}.${quoted(`${app.prefix}outbox`)}`;

type Row = {
  id: string;
  entity: string;
  record_id: string;
  operation: WriteOperation;
  actor_id: string | null;
  source: string;
  correlation_id: string | null;
  depth: number;
  payload: Pick<RecordEvent, 'before' | 'after' | 'changed' | 'version' | 'roles'>;
  attempts: number;
};

/**
 * The attempt is counted, and committed, before anything runs. An event waits for the earlier ones of its record: they
 * were written under the same row lock, so the order of their ids is the order of their commits, and no snapshot horizon
 * is needed as between events of different records.
 */
export async function claimEvents(database: Knex, app: AppMetadata, options: ClaimOptions): Promise<readonly RecordEvent[]> {
  const tried = options.which === 'fresh' ? 'c.attempts = 0' : 'c.attempts > 0';
  const rows = await run<Row>(database, {
    name: `claim-${options.which}`,
    text: `WITH due AS MATERIALIZED (
        SELECT c.id, c.created_at FROM ${table(app)} c
        WHERE c.processed_at IS NULL AND c.available_at <= now() AND ${tried}
          AND NOT EXISTS (SELECT FROM ${table(app)} e
            WHERE e.entity = c.entity AND e.record_id = c.record_id AND e.id < c.id AND e.processed_at IS NULL)
        ORDER BY c.id LIMIT $1 FOR UPDATE OF c SKIP LOCKED)
      UPDATE ${table(app)} o SET attempts = o.attempts + 1, available_at = now() + make_interval(secs => $2)
      FROM due WHERE o.id = due.id AND o.created_at = due.created_at
      RETURNING o.id, o.entity, o.record_id, o.operation, o.actor_id, o.source, o.correlation_id, o.depth, o.payload, o.attempts`,
    values: [options.limit, options.leaseSeconds],
  });
  return rows.map(eventOf).sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}

const eventOf = (row: Row): RecordEvent => ({
  id: row.id,
  entity: row.entity,
  recordId: row.record_id,
  operation: row.operation,
  actorId: row.actor_id,
  source: row.source,
  correlationId: row.correlation_id,
  depth: row.depth,
  before: row.payload.before,
  after: row.payload.after,
  changed: row.payload.changed,
  version: row.payload.version,
  ...(row.payload.roles === undefined ? {} : { roles: row.payload.roles }),
  attempts: row.attempts,
});

/** Done with: nothing was to be done, all was done, or `error` says why it is given up. */
export async function finishEvents(database: Knex, app: AppMetadata, ids: readonly string[], error?: string): Promise<void> {
  if (ids.length === 0) return;
  await run(database, {
    name: 'finish-events',
    text: `UPDATE ${table(app)} SET processed_at = now(), error = $2 WHERE id = ANY($1::bigint[]) AND processed_at IS NULL`,
    values: [ids, error ?? null],
  });
}

/** To be tried again, `delaySeconds` from now by the database's clock. */
export async function postponeEvent(
  database: Knex,
  app: AppMetadata,
  id: string,
  delaySeconds: number,
  error: string,
): Promise<void> {
  await run(database, {
    text: `UPDATE ${table(app)} SET available_at = now() + make_interval(secs => $2), error = $3 WHERE id = $1 AND processed_at IS NULL`,
    values: [id, delaySeconds, error],
  });
}

/** Claimed but not begun: given back with the attempt uncounted. */
export async function releaseEvents(database: Knex, app: AppMetadata, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await run(database, {
    text: `UPDATE ${table(app)} SET attempts = attempts - 1, available_at = now() WHERE id = ANY($1::bigint[]) AND processed_at IS NULL`,
    values: [ids],
  });
}
