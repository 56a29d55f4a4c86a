// One transaction for one act: nested calls join it, what only the timing spoilt is tried again.
import type { Knex } from 'knex';
import { errorCode } from '../error-code.ts';
import { problem } from '../problem.ts';
import type { Context } from './context.ts';
import type { Change } from './hooks.ts';
import { announceEvents } from './outbox.ts';
import { settleRollups } from './rollups.ts';
import type { RepositoryServices } from './services.ts';

export type TransactionContext = Context & { readonly transaction: Knex.Transaction };

const attempts = 4;
/** serialization_failure, deadlock_detected (PostgreSQL, appendix A). */
const retryable = new Set(['40001', '40P01']);

/** Whether only the timing spoilt it: the same work may succeed when it is done again from its start. */
export const isRetryable = (error: unknown): boolean => retryable.has(sqlState(error) ?? '');

/** Changes made so far in each open transaction, for the hooks after its commit. */
const pending = new WeakMap<Knex.Transaction, Change[]>();

export function recordChange(context: TransactionContext, change: Change): void {
  pending.get(context.transaction)?.push(change);
}

/** Whether anything was written in the context's transaction. */
export const hasWritten = ({ transaction }: Context): boolean =>
  transaction !== undefined && (pending.get(transaction)?.length ?? 0) > 0;

/**
 * Lets go of the snapshot that a transaction keeps after its last statement, until the next one: CREATE INDEX CONCURRENTLY
 * waits for every older snapshot. A statement by the simple protocol leaves none behind.
 */
export async function releaseSnapshot({ transaction }: Context): Promise<void> {
  await transaction?.raw('SELECT 1');
}

/** Runs `work` in the context's transaction, or in a new one that commits when `work` resolves. */
export async function inTransaction<T>(
  services: RepositoryServices,
  context: Context,
  work: (inner: TransactionContext) => Promise<T>,
): Promise<T> {
  if (context.transaction !== undefined) return work({ ...context, transaction: context.transaction });
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(services, context, work);
    } catch (error) {
      if (!isRetryable(error)) throw error;
      if (attempt === attempts)
        throw problem('conflict', { detail: 'Other writes keep getting in the way. Try again.', cause: error });
      await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** attempt * Math.random()));
    }
  }
}

async function once<T>(
  services: RepositoryServices,
  context: Context,
  work: (inner: TransactionContext) => Promise<T>,
): Promise<T> {
  const changes: Change[] = [];
  const result = await services.knex.transaction(async (transaction) => {
    pending.set(transaction, changes);
    const done = await work({ ...context, transaction });
    await settleRollups({ ...context, transaction });
    return done;
  });
  if (changes.length > 0) {
    announceEvents(services, context.registry.app);
    await afterCommit(services, context, changes);
  }
  return result;
}

async function afterCommit(services: RepositoryServices, context: Context, changes: readonly Change[]): Promise<void> {
  for (const hook of services.hooks) {
    try {
      await hook.afterCommit?.(context, changes);
    } catch (error) {
      services.onError(`hook ${hook.name} failed after the commit`, error);
    }
  }
}

/** The SQLSTATE of a driver error, also where objection or a problem wraps it. */
export function sqlState(error: unknown): string | undefined {
  const code = errorCode(driverError(error));
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The driver's own error inside of what objection and problems make of it; any other error as it is. */
export function driverError(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const { nativeError, cause } = error as { nativeError?: unknown; cause?: unknown };
  const inner = nativeError ?? cause;
  return inner === undefined ? error : driverError(inner);
}
