// What is asked of this floor and what it answers: requests for versions, plans, and versions as they are told.
import type { DataChange } from '../metadata/data-change.ts';
import type { Transition } from '../metadata/document.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Step } from '../tables/schema-types.ts';
import type { Blocker } from './blockers.ts';

/** Where a version came from: files at start or migrate, changes asked for at run time, going back, dropping for good. */
export type VersionKind = 'files' | 'change' | 'rollback' | 'purge';

export type VersionStatus = 'applying' | 'applied' | 'undoing' | 'undone';

export interface VersionRequest {
  /** The registry to lead to; its documents are stored with the version. */
  readonly wanted: Registry;
  readonly data?: readonly DataChange[];
  /** Names that the registry in force understands beside its own while the change is under way. */
  readonly names?: Pick<Transition, 'entityNames' | 'memberNames'>;
  /** The version the request was made for; absent: whichever is in force. */
  readonly baseVersion?: number;
  readonly kind: VersionKind;
  readonly author: string | null;
  readonly reason: string | null;
  /** The operations as they were asked for, for the record. */
  readonly changes?: unknown;
  /** A version that was made under this key already is answered instead of made again. */
  readonly requestKey?: string;
  /** Columns whose values may be lost where they do not convert. */
  readonly emptyUnconvertible?: ReadonlySet<string>;
  /** Only what disturbs nobody who still serves the version in force. */
  readonly additiveOnly?: boolean;
}

export interface RollbackRequest {
  /** The version whose metadata are to be in force again. */
  readonly to: number;
  readonly baseVersion?: number;
  readonly author: string | null;
  readonly reason: string | null;
  readonly requestKey?: string;
}

export interface PlannedStep extends Step {
  /** Rows of its table before the change; an estimate above 10,000. */
  readonly rows: number;
  /** Milliseconds, roughly. */
  readonly estimateMs: number;
}

export interface Plan {
  /** Version that the plan starts from; 0: nothing applied yet. */
  readonly baseVersion: number;
  readonly steps: readonly PlannedStep[];
  readonly blockers: readonly Blocker[];
}

export interface Applying {
  /** The version that was opened; the one in force when there was nothing to do. */
  readonly number: number;
  /**
   * Settles when the version is applied and every live node has acknowledged it; rejects when it was undone. Whoever does
   * not wait need not catch: the outcome stands in the journal.
   */
  readonly done: Promise<AppliedVersion>;
}

export interface AppliedVersion {
  /** Version now in force. */
  readonly number: number;
  readonly registryVersion: string;
}

export interface VersionSummary {
  readonly number: number;
  readonly status: VersionStatus;
  readonly kind: VersionKind;
  readonly registryVersion: string;
  readonly author: string | null;
  readonly reason: string | null;
  /** The version that this one takes back. */
  readonly reverts: number | null;
  /** RFC 3339; null while it is being applied. */
  readonly createdAt: string;
  readonly appliedAt: string | null;
  readonly undoneAt: string | null;
}

export interface StepProgress {
  readonly id: string;
  readonly kind: string;
  readonly phase: Step['phase'];
  readonly entity: string;
  readonly table: string;
  readonly description: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly lock: string;
  readonly cost: Step['cost'];
  readonly batched: boolean;
  readonly status: 'waiting' | 'started' | 'applied' | 'undone';
  readonly rowsDone: number;
  /** null where rows are not counted. */
  readonly rowsTotal: number | null;
}

export interface VersionDetail extends VersionSummary {
  /** The operations as they were asked for. */
  readonly changes: unknown;
  /** How far it has come: nothing of it is visible before `swapped`. */
  readonly stage: 'expand' | 'prepared' | 'swapped';
  readonly steps: readonly StepProgress[];
}
