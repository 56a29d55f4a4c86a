// The outbox: one event a changed record, written in its transaction, told to the workers after the commit.
import type { AppMetadata } from '../metadata/types.ts';
import { systemActorId } from './actor.ts';
import type { AppendedRow } from './append.ts';
import type { Change } from './hooks.ts';
import type { RepositoryServices } from './services.ts';
import { engineTable, isOpen, run } from './statement.ts';
import type { TransactionContext } from './transaction.ts';

/** Channel on which workers hear that events wait. */
export const outboxChannel = (app: AppMetadata): string => `${app.prefix}outbox`;

/** The event tells the record before and after, in API values by field name. */
export function eventRow(context: TransactionContext, change: Change, version: number): AppendedRow {
  return {
    table: engineTable(context.registry.app, 'outbox'),
    values: {
      entity: change.entity.name,
      record_id: change.id,
      operation: change.operation,
      actor_id: context.actor.id,
      source: context.source,
      correlation_id: context.correlationId,
      depth: context.depth,
      payload: JSON.stringify({
        before: change.before,
        after: change.after,
        changed: change.changed,
        version,
        roles: rolesOf(context),
      }),
    },
  };
}

/** Nobody in particular has an id, but may have acted with the rights of a role. Undefined for a user, and the system. */
const rolesOf = ({ actor }: TransactionContext): readonly string[] | undefined =>
  actor.id === systemActorId && actor.roles.length > 0 ? actor.roles : undefined;

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
    if (!isOpen(services.knex)) return;
    run(services.knex, { text: 'SELECT pg_notify($1, $2)', values: [outboxChannel(app), ''] }).catch((error: unknown) =>
      services.onError('events could not be announced', error),
    );
  }, 10).unref();
}
