// What every write has in common: findings that refuse it, its audit row, event and timeline entry, hooks around it.
import type { Issue } from '../problem.ts';
import { problem } from '../problem.ts';
import { appendRows } from './append.ts';
import { auditRow } from './audit.ts';
import type { Context } from './context.ts';
import type { Change } from './hooks.ts';
import { eventRow } from './outbox.ts';
import { noteForRollups } from './rollups.ts';
import type { RepositoryServices } from './services.ts';
import { timelineRow } from './timeline.ts';
import { recordChange, type TransactionContext } from './transaction.ts';

/** Throws all findings as one validation problem. */
export function refuseIssues(issues: readonly Issue[]): void {
  if (issues.length > 0) throw problem('validation_failed', { errors: issues });
}

/** Hooks that may wait for the network; run before the transaction opens. */
export async function runPrepare(services: RepositoryServices, context: Context, change: Change): Promise<readonly Issue[]> {
  const issues: Issue[] = [];
  for (const hook of services.hooks) issues.push(...((await hook.prepare?.(context, change)) ?? []));
  return issues;
}

/** Writes the traces of a change that has just been made to the row. */
export async function traceChange(
  services: RepositoryServices,
  context: TransactionContext,
  change: Change,
  version: number,
  secrets: readonly string[] = [],
): Promise<void> {
  await appendRows(context, [
    auditRow(context, change, version, secrets),
    eventRow(context, change, version),
    timelineRow(context, change),
  ]);
  recordChange(context, change);
  await noteForRollups(context, change);
  for (const hook of services.hooks) await hook.afterSave?.(context, change);
}
