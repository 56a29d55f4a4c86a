// The catalogue of steps: what a workflow can do once its rules are known.
import type { JsonSchema } from '../fields/field-type.ts';
import type { WorkflowMetadata } from '../metadata/types.ts';
import type { Repository } from '../repository/repository.ts';
import type { TransactionContext } from '../repository/transaction.ts';
import type { RecordEvent } from './event.ts';
import { recordUpdate } from './steps/record-update.ts';
import { timelineAdd } from './steps/timeline-add.ts';
import type { Scope } from './values.ts';

export interface StepContext {
  /** Source `workflow`, the workflow's actor, the run's transaction. */
  readonly context: TransactionContext;
  readonly repository: Repository;
  readonly event: RecordEvent;
  readonly workflow: WorkflowMetadata;
  /** Variables and facts, for `{ "var": … }` and `{{…}}`. */
  readonly scope: Scope;
}

export interface StepOutcome {
  readonly status: 'done' | 'skipped';
  readonly reason?: string;
  /** Whether a record is other than before. */
  readonly changed?: boolean;
  /** The version of the event's record that the step made; tells its own echo from other changes. */
  readonly version?: number;
}

/** Fields of records; `anything` for a step that cannot tell before it runs: only who may write all metadata may use it. */
export type Writes = readonly { readonly entity: string; readonly field: string }[] | 'anything';

export interface Step {
  readonly name: string;
  /** JSON Schema of the settings beside `id`, `type` and `when`. */
  readonly settings: JsonSchema;
  /** What it writes: whoever makes the workflow must be allowed to write that. @param entity plural name of the event's */
  readonly writes: (settings: Readonly<Record<string, unknown>>, entity: string) => Writes;
  /** Throws problems; the run's whole transaction is then undone. */
  readonly run: (step: StepContext, settings: Readonly<Record<string, unknown>>) => Promise<StepOutcome>;
}

export const steps: readonly Step[] = [recordUpdate, timelineAdd];
