// The outbox: one event a changed record, written in its transaction, told to the workers after the commit.
import type { AppMetadata } from '../metadata/types.ts';
import type { Change } from './hooks.ts';
import type { RepositoryServices } from './services.ts';
import { quoted, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/** Channel on which workers hear that events wait. */
export const outboxChannel = (app: AppMetadata): string => `${app.prefix}outbox`;

export async function writeEvent(context: TransactionContext, change: Change, version: number): Promise<void> {
  const { app } = context.registry;
  await run(context.transaction, {
    text: `INSERT INTO ${quoted(app.schema)}.${quoted(`${app.prefix}outbox`)}
      (entity, record_id, operation, actor_id, source, correlation_id, depth, payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      change.entity.name,
      change.id,
      change.operation,
      context.actor.id,
      context.source,
      context.correlationId,
      context.depth,
      JSON.stringify({ before: change.before, after: change.after, changed: change.changed, version }),
    ],
  });
}

const announcing = new WeakSet<object>();

/**
 * NOTIFY outside of the writing transaction (inside, it takes a lock that serialises all commits) and at most once
 * per 10 ms; a lost one costs only the workers' poll interval.
 */
export function announceEvents(services: RepositoryServices, app: AppMetadata): void {
  if (announcing.has(services.knex)) return;
  announcing.add(services.knex);
  setTimeout(() => {
    announcing.delete(services.knex);
    run(services.knex, { text: 'SELECT pg_notify($1, $2)', values: [outboxChannel(app), ''] }).catch((error: unknown) =>
      services.onError('events could not be announced', error),
    );
  }, 10).unref();
}
