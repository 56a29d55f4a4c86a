// An event of the outbox: one change of one record, as the workflows see it.
import type { WriteOperation } from '../repository/hooks.ts';
import type { RecordValues } from '../repository/records.ts';

export interface RecordEvent {
  /** int8 as text; ids of one record's events rise in the order of their commits. */
  readonly id: string;
  readonly entity: string;
  readonly recordId: string;
  readonly operation: WriteOperation;
  /** Who made the change; the nil uuid for the system. */
  readonly actorId: string | null;
  /** What a workflow acted with that ran as a role: the actor is no user then, and not the system either. */
  readonly roles?: readonly string[];
  /** `ui`, `api`, `import`, `workflow`, `system`, `demo` */
  readonly source: string;
  readonly correlationId: string | null;
  /** How many workflows stand between this change and a person's. */
  readonly depth: number;
  readonly before: RecordValues | null;
  readonly after: RecordValues | null;
  readonly changed: readonly string[];
  /** Version of the record that the change made. */
  readonly version: number;
  /** This one included. */
  readonly attempts: number;
}

/** The record that conditions ask about: as it became, or as it was when it is gone. */
export const recordOfEvent = (event: Pick<RecordEvent, 'before' | 'after'>): RecordValues => event.after ?? event.before ?? {};
