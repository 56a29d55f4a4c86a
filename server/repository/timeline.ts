// The timeline of a record: what happened to it, in words that the interface translates by kind.
import { authorOf } from './actor.ts';
import { type AppendedRow, appendRows, platformRow } from './append.ts';
import type { Change } from './hooks.ts';
import type { TransactionContext } from './transaction.ts';

export interface TimelineEntry {
  /** Plural name of the record's entity. */
  readonly entity: string;
  readonly id: string;
  /** `created`, `updated`, `deleted`, `restored`, or what a workflow or plugin calls its doing. */
  readonly kind: string;
  /** Free text; null where the kind says it all. */
  readonly summary: string | null;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Adds an entry of a workflow's or plugin's own. */
export const appendTimeline = (context: TransactionContext, entry: TimelineEntry): Promise<void> =>
  appendRows(context, [entryRow(context, entry)]);

const entryRow = (context: TransactionContext, entry: TimelineEntry): AppendedRow | undefined =>
  platformRow(context, 'timeline', {
    parent_type: entry.entity,
    parent_id: entry.id,
    kind: entry.kind,
    summary: entry.summary,
    data: JSON.stringify(entry.data ?? {}),
    actor_id: authorOf(context.actor),
    source: context.source,
    correlation_id: context.correlationId,
  });

const kinds = { create: 'created', update: 'updated', delete: 'deleted', restore: 'restored' } as const;

/** The engine's own entry for a change of an entity that keeps a timeline; names of fields only, values are the audit's. */
export function timelineRow(context: TransactionContext, change: Change): AppendedRow | undefined {
  if (change.entity.meta.features?.timeline !== true || change.operation === 'purge') return undefined;
  return entryRow(context, {
    entity: change.entity.name,
    id: change.id,
    kind: kinds[change.operation],
    summary: null,
    data: change.operation === 'update' ? { changed: change.changed } : {},
  });
}
