// The record of an import: what a client follows. Imports are no one's to write but the engine's.
import type { Registry, RegistryHolder } from '../metadata/registry.ts';
import type { ImportMappingMetadata } from '../metadata/types.ts';
import type { Actor } from '../repository/actor.ts';
import { type Context, systemContext } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';
import { type ImportTotals, noRows } from './import-totals.ts';
import type { Reject, Warning } from './rejects.ts';

/** An entity of the platform. */
export const importsEntity = 'imports';

export type ImportStatus =
  | 'queued'
  | 'running'
  | 'completed'
  | 'completed_with_rejects'
  | 'failed'
  | 'cancelled'
  | 'undoing'
  | 'undone';

/** With a record come the first of its rejects and warnings; the counts are complete, and so is the file of rejects. */
const shown = 100;

export interface ImportRecord {
  readonly id: string;
  /** Whoever writes it names the version that they have read: so two never work on one import. */
  readonly version: number;
  readonly status: ImportStatus;
  readonly entity: string;
  readonly mapping: ImportMappingMetadata;
  readonly totals: ImportTotals;
  readonly rejects: readonly Reject[];
  readonly warnings: readonly Warning[];
  readonly undone: UndoTotals;
}

export interface UndoTotals {
  readonly removed: number;
  readonly reverted: number;
  readonly kept: number;
  /** The first of them. */
  readonly reasons: readonly KeptRecord[];
}

/** A record that an undo leaves as it is. */
export interface KeptRecord {
  readonly row: number;
  readonly id: string;
  readonly code: string;
  readonly reason: string;
}

/** The same call with the engine's rights: imports are read by whoever started them, and written by nobody. */
export const asEngine = <C extends Context>(context: C): C => {
  const { actor, source } = systemContext(context.registry);
  return { ...context, actor, source };
};

type Row = Readonly<Record<string, unknown>>;

/** @param context of whoever asks: what is not open to them is missing */
export async function importRecord(repository: Repository, context: Context, id: string): Promise<ImportRecord> {
  const row = JSON.parse(await repository.read(context, importsEntity, id)) as Row;
  const count = (name: string): number => Number(row[name] ?? 0);
  const list = <T>(name: string): readonly T[] => (row[name] ?? []) as readonly T[];
  return {
    id: String(row['id']),
    version: count('version'),
    status: row['status'] as ImportStatus,
    entity: String(row['entity']),
    mapping: row['mapping'] as ImportMappingMetadata,
    totals: {
      ...noRows,
      read: count('rows_read'),
      accepted: count('rows_accepted'),
      skipped: count('rows_skipped'),
      rejected: count('rows_rejected'),
      created: count('rows_created'),
      updated: count('rows_updated'),
      unchanged: count('rows_unchanged'),
      fieldsRejected: count('fields_rejected'),
      duplicates: count('duplicates_found'),
    },
    rejects: list('rejects'),
    warnings: list('warnings'),
    undone: {
      removed: count('records_removed'),
      reverted: count('records_reverted'),
      kept: count('records_kept'),
      reasons: list('kept'),
    },
  };
}

/** What a chunk adds to the record. */
export function progressOf(
  record: Pick<ImportRecord, 'rejects' | 'warnings'>,
  totals: ImportTotals,
  found: { readonly rejects: readonly Reject[]; readonly warnings: readonly Warning[] },
): Row {
  return {
    rows_read: totals.read,
    rows_accepted: totals.accepted,
    rows_skipped: totals.skipped,
    rows_rejected: totals.rejected,
    rows_created: totals.created,
    rows_updated: totals.updated,
    rows_unchanged: totals.unchanged,
    fields_rejected: totals.fieldsRejected,
    duplicates_found: totals.duplicates,
    ...(found.rejects.length > 0 ? { rejects: first(record.rejects, found.rejects) } : {}),
    ...(found.warnings.length > 0 ? { warnings: first(record.warnings, found.warnings) } : {}),
  };
}

export const first = <T>(known: readonly T[], more: readonly T[]): readonly T[] => [...known, ...more].slice(0, shown);

export interface ActorServices {
  readonly registry: RegistryHolder;
  /** The user of an id with today's rights; undefined when there is none (any more). */
  readonly actorById: (registry: Registry, id: string) => Promise<Actor | undefined>;
}
